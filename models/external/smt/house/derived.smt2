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
; a finalizer that panicked makes its region's outcome Panicked
(define-fun inv.finalizer.panic_joins () Bool
  (forall ((t Task))
    (=> (and (t.finalizer t) (= (t.phase t) t.Completed) (= (ended (t.outcome t)) Panicked))
        (= (ended (r.outcome (t.owner t))) Panicked))))
; a resolution by the holder is accepted while Reserved, refused as resolved while the region lives,
; and by the fence once it is Closed
(define-fun inv.obligation.late_answer () Bool
  (=> (and (o.exists in.obligation) (= (o.holder in.obligation) in.task))
      (and (= rule.obligation.commit/answer rule.obligation.abort/answer)
           (= rule.obligation.commit/answer
              (ite (= (r.phase (o.region in.obligation)) r.Closed) |Refused{RegionNotClosed}|
              (ite (o.reserved in.obligation) |Done| |Refused{ObligationReserved}|))))))
; nothing live anywhere below a Closed region: no region, no task, no promise
(define-fun derived.subtree_quiescence () Bool
  (and (forall ((d Region) (a Region))
         (=> (and (r.below d a) (= (r.phase a) r.Closed)) (= (r.phase d) r.Closed)))
       (forall ((t Task) (a Region))
         (=> (and (t.live t) (r.below (t.owner t) a)) (distinct (r.phase a) r.Closed)))
       (forall ((o Obligation) (a Region))
         (=> (and (o.reserved o) (r.below (o.region o) a)) (distinct (r.phase a) r.Closed)))))
; what rule.time.advance is given besides follows from the definition of aux.from_above
(define-fun derived.expiry_is_closed () Bool
  (=> (and expiry_reaches_below rule.time.advance/exact)
      (and expiry_is_closed nothing_is_above_the_root)))

; what a cancel reaches (below and live) is what chains of listed children lead to: whatever a reached
; region lists is reached, and whatever is reached below the target is listed by a reached region
(define-fun derived.reached_is_closed () Bool
  (forall ((d Region) (c Region) (target Region))
    (=> (and (reached d target) (r.child d c)) (reached c target))))
(define-fun derived.reached_is_listed () Bool
  (forall ((d Region) (target Region)) (=> (reached_below d target)
    (exists ((p Region)) (and (r.child p d) (reached p target))))))

; settle ends when it finds no enabled rule at a region on its way down; no other region has one
(define-fun derived.settle_looks_everywhere () Bool
  (=> (or rule.region.finalize/enabled rule.region.start_finalizer/enabled
          rule.region.complete_close/enabled)
      (and (r.live in.region) (distinct (r.phase in.region) r.Open))))
