; The sorts for samples: names and numbers are bit patterns, and so are the records that are made of
; them. The largest number of a sort stands for `never`, `unlimited`, …; the samples stay below.
(define-sort Region () (_ BitVec 2))
(define-sort Task () (_ BitVec 3))
(define-sort Obligation () (_ BitVec 2))
(define-fun root () Region #b00)

(define-sort Time () (_ BitVec 13))
(define-fun never () Time #b1111111111111)
(define-fun sooner ((a Time) (b Time)) Bool (bvult a b))
(define-sort Quota () (_ BitVec 11))
(define-fun unlimited () Quota #b11111111111)
(define-fun used_up () Quota #b00000000000)
(define-fun one_poll_less ((q Quota)) Quota (bvsub q #b00000000001))
(define-fun smaller ((a Quota) (b Quota)) Bool (bvult a b))
(define-sort Priority () (_ BitVec 8))
(define-fun least_priority () Priority #x00)
(define-fun lower ((a Priority) (b Priority)) Bool (bvult a b))
(define-sort Count () (_ BitVec 4))
(define-fun no_limit () Count #xf)
(define-fun most_leaks () Count #xf)
(define-fun none () Count #x0)
(define-fun one () Count #x1)
(define-fun plus ((a Count) (b Count)) Count (bvadd a b))
(define-fun minus ((a Count) (b Count)) Count (bvsub a b))
(define-fun below_count ((a Count) (b Count)) Bool (bvult a b))
(define-fun add_leaks ((a Count) (b Count)) Count
  (ite (bvult b (bvsub most_leaks a)) (bvadd a b) most_leaks))

(define-sort Budget () (_ BitVec 43))
(define-fun deadline ((b Budget)) Time ((_ extract 42 30) b))
(define-fun polls ((b Budget)) Quota ((_ extract 29 19) b))
(define-fun cost ((b Budget)) Quota ((_ extract 18 8) b))
(define-fun priority ((b Budget)) Priority ((_ extract 7 0) b))
(define-fun budget ((d Time) (p Quota) (c Quota) (r Priority)) Budget
  (concat d (concat p (concat c r))))
(define-sort Limits () (_ BitVec 12))
(define-fun most_regions ((l Limits)) Count ((_ extract 11 8) l))
(define-fun most_tasks ((l Limits)) Count ((_ extract 7 4) l))
(define-fun most_obligations ((l Limits)) Count ((_ extract 3 0) l))
(define-fun limits ((r Count) (t Count) (o Count)) Limits (concat r (concat t o)))

; The table of kinds: severity, and what a cleanup may spend.
(define-fun severity ((k CancelKind)) (_ BitVec 3)
  (ite (= k User) #b000 (ite (or (= k Timeout) (= k Deadline)) #b001
  (ite (or (= k PollQuota) (= k CostBudget)) #b010
  (ite (or (= k FailFast) (= k RaceLost) (= k LinkedExit)) #b011
  (ite (or (= k ParentCancelled) (= k ResourceUnavailable)) #b100 #b101))))))
(define-fun cleanup_polls ((k CancelKind)) Quota
  (ite (= (severity k) #b000) (_ bv1000 11) (ite (= (severity k) #b001) (_ bv500 11)
  (ite (= (severity k) #b010) (_ bv300 11) (ite (= (severity k) #b101) (_ bv50 11)
    (_ bv200 11))))))
(define-fun cleanup_priority ((k CancelKind)) Priority
  (ite (= (severity k) #b000) (_ bv200 8) (ite (= (severity k) #b001) (_ bv210 8)
  (ite (= (severity k) #b010) (_ bv215 8) (ite (= (severity k) #b101) (_ bv255 8)
    (_ bv220 8))))))
(define-fun finalizer_polls () Quota (_ bv100 11))
(define-fun finalizer_priority () Priority (_ bv128 8))
(define-fun finalizer_deadline ((time Time)) Time
  (ite (bvult (bvsub never (_ bv5000 13)) time) never (bvadd time (_ bv5000 13))))
(define-sort LeakPolicy () (_ BitVec 8))
(define-fun response ((p LeakPolicy)) LeakResponse ((_ extract 7 6) p))
(define-fun escalate_after ((p LeakPolicy)) Count ((_ extract 5 2) p))
(define-fun escalate_to ((p LeakPolicy)) LeakResponse ((_ extract 1 0) p))

; Reasons: is there one, kind, time, origin. The order: severity up, time down, kind up, origin
; down.
(define-sort Reason () (_ BitVec 20))
(define-fun no_reason () Reason #x00000)
(define-fun reason.kind ((r Reason)) CancelKind ((_ extract 18 15) r))
(define-fun reason.at ((r Reason)) Time ((_ extract 14 2) r))
(define-fun reason.from ((r Reason) (x Region)) Bool (= ((_ extract 1 0) r) x))
(define-fun rank ((r Reason)) (_ BitVec 23)
  (concat ((_ extract 19 19) r) (concat (severity (reason.kind r))
    (concat (bvnot (reason.at r)) (concat (reason.kind r) (bvnot ((_ extract 1 0) r)))))))
(define-fun stronger ((a Reason) (b Reason)) Bool (bvugt (rank a) (rank b)))
(define-fun is_a_reason ((r Reason)) Bool        ; those of the C++ text
  (or (= r no_reason) (= ((_ extract 19 19) r) #b1)))
(define-fun order.total ((a Reason) (b Reason)) Bool
  (=> (and (is_a_reason a) (is_a_reason b)) (or (= a b) (distinct (rank a) (rank b)))))
(define-fun order.least ((a Reason)) Bool
  (=> (is_a_reason a) (or (= a no_reason) (stronger a no_reason))))

(define-sort Outcome () (_ BitVec 22))
(define-fun ended ((o Outcome)) OutcomeKind ((_ extract 21 20) o))
(define-fun why ((o Outcome)) Reason ((_ extract 19 0) o))
(define-fun outcome ((k OutcomeKind) (r Reason)) Outcome (concat k r))

(define-sort Mask () (_ BitVec 3))
(define-fun max_mask () Mask #b100)
(define-fun unmasked () Mask #b000)
(define-fun one_less ((m Mask)) Mask (bvsub m #b001))
(define-fun fewer ((a Mask) (b Mask)) Bool (bvult a b))
(define-fun mask_in_bound ((m Mask)) Bool (bvule m max_mask))
