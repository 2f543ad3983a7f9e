; The sorts for any number of entities, and numbers without a size. sorts_finite.smt2 says the same
; words over a few names and short numbers, for samples. Constants of the C++ text (a cleanup's
; polls, a mask's bound, …) have no value here: what is proven holds for any.
(declare-sort Region 0)
(declare-sort Task 0)
(declare-sort Obligation 0)
(declare-const root Region)

; Time, poll and cost quotas, priorities, counts.
(define-sort Time () Int)
(declare-const never Time)
(define-fun sooner ((a Time) (b Time)) Bool (< a b))
(define-sort Quota () Int)
(declare-const unlimited Quota)
(define-fun used_up () Quota 0)
(define-fun one_poll_less ((q Quota)) Quota (- q 1))
(define-fun smaller ((a Quota) (b Quota)) Bool (< a b))
(define-sort Priority () Int)
(declare-const least_priority Priority)
(define-fun lower ((a Priority) (b Priority)) Bool (< a b))
(define-sort Count () Int)
(declare-const no_limit Count)
(declare-const most_leaks Count)                 ; where the count of leaks stays
(assert (and (<= 0 no_limit) (<= 0 most_leaks)))
(define-fun none () Count 0)
(define-fun one () Count 1)
(define-fun plus ((a Count) (b Count)) Count (+ a b))
(define-fun minus ((a Count) (b Count)) Count (- a b))
(define-fun below_count ((a Count) (b Count)) Bool (< a b))
(define-fun add_leaks ((a Count) (b Count)) Count (ite (< (+ a b) most_leaks) (+ a b) most_leaks))

(declare-datatypes ((Budget 0))
  (((budget (deadline Time) (polls Quota) (cost Quota) (priority Priority)))))
(declare-datatypes ((Limits 0))
  (((limits (most_regions Count) (most_tasks Count) (most_obligations Count)))))
(declare-fun cleanup_polls (CancelKind) Quota)   ; by the kind of a reason
(declare-fun cleanup_priority (CancelKind) Priority)
(declare-const finalizer_polls Quota)
(declare-const finalizer_priority Priority)
(declare-fun finalizer_deadline (Time) Time)     ; by the time when the finalizer starts
(declare-datatypes ((LeakPolicy 0))
  (((policy (response LeakResponse) (escalate_after Count) (escalate_to LeakResponse)))))

; Reasons: a total order with a least element, `no_reason`, by ranks. In the C++ text kind, time and
; origin make the rank; here it is any. sorts_finite.smt2 has the C++ ranks, and z3 proves the two
; laws below of them.
(declare-sort Reason 0)
(declare-const no_reason Reason)
(declare-fun reason.kind (Reason) CancelKind)
(declare-fun reason.at (Reason) Time)
(declare-fun reason.from (Reason Region) Bool)   ; one region at most; a relation, so that no
                                                 ; function leads back to regions
(declare-fun rank (Reason) Int)
(define-fun stronger ((a Reason) (b Reason)) Bool (> (rank a) (rank b)))
(assert (forall ((a Reason) (b Reason)) (or (= a b) (distinct (rank a) (rank b)))))
(assert (forall ((a Reason)) (or (= a no_reason) (stronger a no_reason))))
(assert (forall ((a Reason) (x Region) (y Region))
  (=> (and (reason.from a x) (reason.from a y)) (= x y))))

; Outcomes: a kind, and a reason for Cancelled.
(declare-datatypes ((Outcome 0)) (((outcome (ended OutcomeKind) (why Reason)))))

; Mask units: numbers up to a bound that has no value here.
(define-sort Mask () Int)
(declare-const max_mask Mask)
(assert (<= 1 max_mask))
(define-fun unmasked () Mask 0)
(define-fun one_less ((m Mask)) Mask (- m 1))
(define-fun fewer ((a Mask) (b Mask)) Bool (< a b))
(define-fun mask_in_bound ((m Mask)) Bool (and (<= 0 m) (<= m max_mask)))
