; Counts. `count` is a word of this text only: the number of those of which the formula is true.
; Over a few names it is written out as a sum; for any number, z3 is given the laws of counting:
; nothing counts none, the same counts the same, one more counts one more, one less one less, and a
; counted set more or less counts so many more or less (laws_of_counting() in ../counting.cpp).
(define-fun n.children ((r Region)) Count (count ((c Region)) (r.child r c)))
(define-fun n.bodies ((r Region)) Count
  (count ((t Task)) (and (r.task r t) (not (t.finalizer t)))))
(define-fun n.reserved ((r Region)) Count
  (count ((o Obligation)) (and (o.reserved o) (= (o.region o) r))))
(define-fun n.leaked () Count (count ((o Obligation)) (= (o.phase o) o.Leaked)))
(define-fun n.failed () Count           ; recovered, or aborted so by their holder
  (count ((o Obligation)) (and (= (o.phase o) o.Aborted) (= (o.abort o) Error))))
(define-fun n.held () Count             ; what the acting task has Reserved
  (count ((o Obligation)) (and (o.reserved o) (= (o.holder o) in.task))))
