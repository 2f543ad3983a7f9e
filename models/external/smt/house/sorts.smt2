; The sorts for any number of entities. sorts_finite.smt2 says the same words over a few names,
; for samples.
(declare-sort Region 0)
(declare-sort Task 0)
(declare-sort Obligation 0)
(declare-const root Region)

; Reasons: a total order with a least element, `no_reason`. Kind, time and origin are what orders
; them in the C++ text; here only the order matters.
(declare-sort Reason 0)
(declare-const no_reason Reason)
(declare-fun stronger (Reason Reason) Bool)
(assert (forall ((a Reason)) (not (stronger a a))))
(assert (forall ((a Reason) (b Reason)) (or (= a b) (stronger a b) (stronger b a))))
(assert (forall ((a Reason) (b Reason)) (not (and (stronger a b) (stronger b a)))))
(assert (forall ((a Reason) (b Reason) (c Reason))
  (=> (and (stronger a b) (stronger b c)) (stronger a c))))
(assert (forall ((a Reason)) (or (= a no_reason) (stronger a no_reason))))

; Mask units: numbers up to a bound that has no value here.
(define-sort Mask () Int)
(declare-const max_mask Mask)
(assert (<= 1 max_mask))
(define-fun unmasked () Mask 0)
(define-fun one_less ((m Mask)) Mask (- m 1))
(define-fun fewer ((a Mask) (b Mask)) Bool (< a b))
(define-fun mask_in_bound ((m Mask)) Bool (and (<= 0 m) (<= m max_mask)))
