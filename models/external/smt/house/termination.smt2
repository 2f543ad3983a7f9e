; Termination where it holds: every rule below moves an entity forward, and
; inv.task.phase_monotone, inv.region.phase_monotone and inv.obligation.linear say that no rule
; moves one back. A task's place is its phase, then the mask units that it has left while
; CancelRequested (inv.mask.monotone).
(define-fun r.forward ((r Region)) Bool (< (r.rank r) (r.rank+ r)))
(define-fun t.forward ((t Task)) Bool (< (t.rank t) (t.rank+ t)))
(define-fun o.forward ((o Obligation)) Bool (< (o.rank o) (o.rank+ o)))

; The internal rules: so settle ends.
(define-fun rule.region.finalize/forward () Bool (r.forward in.region))
(define-fun rule.region.start_finalizer/forward () Bool (t.forward in.new_task))
(define-fun rule.region.complete_close/forward () Bool (r.forward in.region))
; What creates uses up a name.
(define-fun rule.region.open/forward () Bool (r.forward in.new_region))
(define-fun rule.ownership.spawn/forward () Bool (t.forward in.new_task))
(define-fun rule.obligation.reserve/forward () Bool (o.forward in.new_obligation))
(define-fun rule.region.defer_finalizer/forward () Bool
  (and (fresh.task in.new_task) (r.stack+ in.region in.new_task)))
; What goes on.
(define-fun rule.region.close/forward () Bool (r.forward in.region))
(define-fun rule.task.start/forward () Bool (t.forward in.task))
(define-fun rule.task.cleanup_done/forward () Bool (t.forward in.task))
(define-fun rule.task.return/forward () Bool (t.forward in.task))
(define-fun rule.obligation.commit/forward () Bool (o.forward in.obligation))
(define-fun rule.obligation.abort/forward () Bool (o.forward in.obligation))
(define-fun rule.task.leave_mask/forward () Bool (fewer (t.mask+ in.task) (t.mask in.task)))
; A checkpoint of a task whose cancel is pending spends a unit or acknowledges.
(define-fun rule.task.checkpoint/forward () Bool
  (=> (= (t.phase in.task) t.CancelRequested)
      (or (t.forward in.task)
          (and (= (t.phase+ in.task) t.CancelRequested)
               (fewer (t.mask+ in.task) (t.mask in.task))))))
; A request that answers that it changed something recorded a stronger reason.
(define-fun rule.region.cancel/forward () Bool
  (=> (= rule.region.cancel/answer |Done{changed}|)
      (stronger (r.reason+ in.region) (r.reason in.region))))
(define-fun rule.task.cancel/forward () Bool
  (=> (= rule.task.cancel/answer |Done{changed}|)
      (stronger (t.reason+ in.task) (t.reason in.task))))
