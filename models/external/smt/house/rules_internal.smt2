; The internal rules, one region at a time. `rule/enabled` takes the place of the answer.
; rule.region.settle takes one after the other until none is enabled.

; rule.region.finalize: a region without live tasks and child regions is Finalizing
(define-fun rule.region.finalize/enabled () Bool
  (and (or (= (r.phase in.region) r.Closing) (= (r.phase in.region) r.Draining))
       (forall ((t Task)) (not (and (= (t.owner t) in.region) (t.live t))))
       (forall ((c Region)) (not (and (r.parent c in.region) (r.live c))))))
(define-fun rule.region.finalize/r.phase ((r Region)) RegionPhase
  (ite (= r in.region) r.Finalizing (r.phase r)))

; rule.region.start_finalizer: the top of the stack, in.new_task, becomes a task of the region
(define-fun rule.region.start_finalizer/enabled () Bool
  (and (= (r.phase in.region) r.Finalizing)
       (r.stack in.region in.new_task)
       (forall ((t Task)) (not (r.above t in.new_task)))
       (forall ((t Task)) (not (r.finalizing in.region t)))))
(define-fun rule.region.start_finalizer/r.stack ((r Region) (t Task)) Bool
  (and (r.stack r t) (not (and (= r in.region) (= t in.new_task)))))
(define-fun rule.region.start_finalizer/r.above ((t Task) (u Task)) Bool
  (and (r.above t u) (distinct t in.new_task)))
(define-fun rule.region.start_finalizer/r.finalizing ((r Region) (t Task)) Bool
  (or (r.finalizing r t) (and (= r in.region) (= t in.new_task))))
(define-fun rule.region.start_finalizer/r.task ((r Region) (t Task)) Bool
  (or (r.task r t) (and (= r in.region) (= t in.new_task))))
(define-fun rule.region.start_finalizer/t.phase ((t Task)) TaskPhase
  (ite (= t in.new_task) t.Created (t.phase t)))
(define-fun rule.region.start_finalizer/t.owner ((t Task)) Region
  (ite (= t in.new_task) in.region (t.owner t)))
(define-fun rule.region.start_finalizer/t.finalizer ((t Task)) Bool
  (or (t.finalizer t) (= t in.new_task)))
(define-fun rule.region.start_finalizer/t.mask ((t Task)) Mask
  (ite (= t in.new_task) unmasked (t.mask t)))
(define-fun rule.region.start_finalizer/t.reason ((t Task)) Reason
  (ite (= t in.new_task) no_reason (t.reason t)))
(define-fun rule.region.start_finalizer/t.outcome ((t Task)) Outcome
  (ite (= t in.new_task) ended_ok (t.outcome t)))
(define-fun rule.region.start_finalizer/t.budget ((t Task)) Budget
  (ite (= t in.new_task) (finalizer_budget now) (t.budget t)))
(define-fun rule.region.start_finalizer/t.ready ((t Task)) Count
  (ite (= t in.new_task) none (t.ready t)))

; rule.region.complete_close: a Finalizing region with nothing left is Closed
(define-fun rule.region.complete_close/enabled () Bool
  (and (= (r.phase in.region) r.Finalizing)
       (forall ((t Task)) (not (r.stack in.region t)))
       (forall ((t Task)) (not (r.finalizing in.region t)))))
(define-fun rule.region.complete_close/r.phase ((r Region)) RegionPhase
  (ite (= r in.region) r.Closed (r.phase r)))
(define-fun rule.region.complete_close/r.outcome ((r Region)) Outcome
  (ite (and (= r in.region) (r.cancelled r)) (join (r.outcome r) (cancelled_for (r.reason r)))
    (r.outcome r)))
(define-fun rule.region.complete_close/r.fail_fast ((r Region)) Bool
  (and (r.fail_fast r) (distinct r in.region)))
; The row of a Closed region is a summary: no budget, no limits, nothing pending, empty lists.
(define-fun rule.region.complete_close/r.budget ((r Region)) Budget
  (ite (= r in.region) no_budget (r.budget r)))
(define-fun rule.region.complete_close/r.limits ((r Region)) Limits
  (ite (= r in.region) no_limits (r.limits r)))
(define-fun rule.region.complete_close/r.pending ((r Region)) Count
  (ite (= r in.region) none (r.pending r)))
(define-fun rule.region.complete_close/r.child ((p Region) (c Region)) Bool
  (and (r.child p c) (distinct p in.region) (not (and (r.parent in.region p) (= c in.region)))))
(define-fun rule.region.complete_close/r.task ((r Region) (t Task)) Bool
  (and (r.task r t) (distinct r in.region)))
