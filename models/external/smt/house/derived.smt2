; Sentences that follow from the invariants and lemmas at once, without induction.

; a region without a live task has nothing Reserved: a Reserved obligation names its live task
(define-fun inv.obligation.no_task_no_promise () Bool
  (forall ((o Obligation)) (=> (o.reserved o)
    (exists ((t Task)) (and (= (t.owner t) (o.region o)) (t.live t))))))
; a Completed task is listed nowhere and holds nothing Reserved
(define-fun inv.ownership.atomic_completion () Bool
  (and (forall ((r Region) (t Task)) (=> (= (t.phase t) t.Completed)
         (not (or (r.task r t) (r.finalizing r t)))))
       (forall ((o Obligation)) (=> (o.reserved o) (distinct (t.phase (o.holder o)) t.Completed)))))
; nothing live anywhere below a Closed region: no region, no task, no promise
(define-fun derived.subtree_quiescence () Bool
  (and (forall ((d Region) (a Region))
         (=> (and (r.below d a) (= (r.phase a) r.Closed)) (= (r.phase d) r.Closed)))
       (forall ((t Task) (a Region))
         (=> (and (t.live t) (r.below (t.owner t) a)) (distinct (r.phase a) r.Closed)))
       (forall ((o Obligation) (a Region))
         (=> (and (o.reserved o) (r.below (o.region o) a)) (distinct (r.phase a) r.Closed)))))
; the second half of what rule.time.advance is given follows from the definition of aux.from_above
(define-fun derived.expiry_is_closed () Bool
  (=> (and expiry_reaches_below rule.time.advance/exact) expiry_is_closed))

; what a cancel reaches (below and live) is what chains of listed children lead to: whatever a reached
; region lists is reached, and whatever is reached below the target is listed by a reached region
(define-fun derived.reached_is_closed () Bool
  (forall ((d Region) (c Region) (target Region))
    (=> (and (reached d target) (r.child d c)) (reached c target))))
(define-fun derived.reached_is_listed () Bool
  (forall ((d Region) (target Region)) (=> (reached_below d target)
    (exists ((p Region)) (and (r.child p d) (reached p target))))))
