; The rules of tasks.

; rule.ownership.spawn: a new task enters an open region
(define-fun rule.ownership.spawn/given () Bool (fresh.task in.new_task))
(define-fun rule.ownership.spawn/answer () Answer
  (ite (not (r.exists in.region)) |Refused{RegionExists}|
  (ite (distinct (r.phase in.region) r.Open) |Refused{RegionOpen}|
  (ite (not (below_count (n.bodies in.region) (most_tasks (r.limits in.region))))
    |Refused{WithinLimit}| |Done|))))
(define-fun rule.ownership.spawn/t.phase ((t Task)) TaskPhase
  (ite (= t in.new_task) t.Created (t.phase t)))
(define-fun rule.ownership.spawn/t.owner ((t Task)) Region
  (ite (= t in.new_task) in.region (t.owner t)))
(define-fun rule.ownership.spawn/t.finalizer ((t Task)) Bool
  (and (t.finalizer t) (distinct t in.new_task)))
(define-fun rule.ownership.spawn/t.mask ((t Task)) Mask
  (ite (= t in.new_task) unmasked (t.mask t)))
(define-fun rule.ownership.spawn/t.reason ((t Task)) Reason
  (ite (= t in.new_task) no_reason (t.reason t)))
(define-fun rule.ownership.spawn/t.outcome ((t Task)) Outcome
  (ite (= t in.new_task) ended_ok (t.outcome t)))
(define-fun rule.ownership.spawn/t.budget ((t Task)) Budget
  (ite (= t in.new_task) (meet in.budget (r.budget in.region)) (t.budget t)))
(define-fun rule.ownership.spawn/t.ready ((t Task)) Count
  (ite (= t in.new_task) none (t.ready t)))
(define-fun rule.ownership.spawn/r.task ((r Region) (t Task)) Bool
  (or (r.task r t) (and (= r in.region) (= t in.new_task))))

; rule.task.start: Created becomes Running
(define-fun rule.task.start/answer () Answer
  (ite (not (t.exists in.task)) |Refused{TaskExists}|
  (ite (distinct (t.phase in.task) t.Created) |Refused{TaskCreated}| |Done|)))
(define-fun rule.task.start/t.phase ((t Task)) TaskPhase
  (ite (= t in.task) t.Running (t.phase t)))

; rule.task.poll: the quota pays; a body task whose quota is used up is asked to stop
(define-fun rule.task.poll/given () Bool
  (and (= in.stamp now) (gives in.reason PollQuota (t.owner in.task))))
(define-fun quota () Quota (polls (t.budget in.task)))
(define-fun rule.task.poll/answer () Answer
  (ite (not (t.exists in.task)) |Refused{TaskExists}|
  (ite (= (t.phase in.task) t.Created) |Refused{TaskStarted}|
  (ite (not (t.live in.task)) |Refused{TaskLive}|
  (ite (= quota used_up) |Done{PollExhausted}| |Done{PollGranted}|)))))
(define-fun quota_asks ((t Task)) Bool
  (and (= t in.task) (= quota used_up) (not (t.finalizer t))))
(define-fun rule.task.poll/t.phase ((t Task)) TaskPhase
  (ite (quota_asks t) (asked t) (t.phase t)))
(define-fun rule.task.poll/t.reason ((t Task)) Reason
  (ite (quota_asks t) (strengthen (t.reason t) in.reason) (t.reason t)))
(define-fun rule.task.poll/t.budget ((t Task)) Budget
  (ite (quota_asks t) (tightened (t.budget t) (t.reason t) in.reason)
  (ite (and (= t in.task) (distinct quota used_up) (distinct quota unlimited))
    (budget (deadline (t.budget t)) (one_poll_less quota) (cost (t.budget t))
            (priority (t.budget t)))
    (t.budget t))))

; rule.task.checkpoint: a pending cancel is deferred by the mask, then acknowledged
(define-fun rule.task.checkpoint/answer () Answer
  (ite (not (t.exists in.task)) |Refused{TaskExists}|
  (ite (= (t.phase in.task) t.Created) |Refused{TaskStarted}|
  (ite (not (t.live in.task)) |Refused{TaskLive}|
  (ite (or (= (t.phase in.task) t.Cancelling) (= (t.phase in.task) t.Finalizing))
    |Done{CancelPending}|
  (ite (= (t.phase in.task) t.Running) |Done{Continue}|
  (ite (fewer unmasked (t.mask in.task)) |Done{Continue}| |Done{Cancelled}|)))))))
(define-fun pending ((t Task)) Bool (and (= t in.task) (= (t.phase t) t.CancelRequested)))
(define-fun rule.task.checkpoint/t.phase ((t Task)) TaskPhase
  (ite (and (pending t) (not (fewer unmasked (t.mask t)))) t.Cancelling (t.phase t)))
(define-fun rule.task.checkpoint/t.mask ((t Task)) Mask
  (ite (and (pending t) (fewer unmasked (t.mask t))) (one_less (t.mask t)) (t.mask t)))

; rule.task.enter_mask: a running task may defer a cancel for some checkpoints
(define-fun rule.task.enter_mask/answer () Answer
  (ite (not (t.exists in.task)) |Refused{TaskExists}|
  (ite (t.finalizer in.task) |Refused{TaskIsBody}|
  (ite (distinct (t.phase in.task) t.Running) |Refused{TaskRunning}|
  (ite (distinct (t.mask in.task) unmasked) |Refused{NotMasked}|
  (ite (or (= in.units unmasked) (not (mask_in_bound in.units))) |Refused{WithinMaskBound}|
    |Done|))))))
(define-fun rule.task.enter_mask/t.mask ((t Task)) Mask
  (ite (= t in.task) in.units (t.mask t)))

; rule.task.leave_mask: the deferral ends
(define-fun rule.task.leave_mask/answer () Answer
  (ite (not (t.exists in.task)) |Refused{TaskExists}|
  (ite (not (t.live in.task)) |Refused{TaskLive}|
  (ite (= (t.mask in.task) unmasked) |Refused{TaskMasked}| |Done|))))
(define-fun rule.task.leave_mask/t.mask ((t Task)) Mask
  (ite (= t in.task) unmasked (t.mask t)))

; rule.task.cleanup_done: Cancelling becomes Finalizing
(define-fun rule.task.cleanup_done/answer () Answer
  (ite (not (t.exists in.task)) |Refused{TaskExists}|
  (ite (distinct (t.phase in.task) t.Cancelling) |Refused{TaskCancelling}| |Done|)))
(define-fun rule.task.cleanup_done/t.phase ((t Task)) TaskPhase
  (ite (= t in.task) t.Finalizing (t.phase t)))

; rule.task.return (rule.task.complete, rule.obligation.settle_held, rule.region.fail_fast):
; completion is one atomic action
(define-fun rule.task.return/given () Bool
  (and (= in.stamp now) (gives in.reason FailFast (t.owner in.task))
       (gives in.returned_reason in.kind (t.owner in.task))))
(define-fun recorded () Outcome
  (ite (= in.returned Panicked) (outcome Panicked no_reason)
  (ite (= in.returned Cancelled) (cancelled_for (strengthen (t.reason in.task) in.returned_reason))
  (ite (t.has_reason in.task) (cancelled_for (t.reason in.task))
    (outcome in.returned no_reason)))))
; rule.obligation.leak_response: what a holder leaves Reserved without being Cancelled is a leak;
; their number decides the response
(define-fun leaks_are_found () Bool
  (and (distinct (ended recorded) Cancelled) (distinct n.held none)))
(define-fun leaks_by_now () Count (add_leaks leaks.count n.held))
(define-fun leaks_escalate () Bool
  (and (distinct (escalate_after leaks.policy) none)
       (not (below_count leaks_by_now (escalate_after leaks.policy)))))
(define-fun leak_response () LeakResponse
  (ite leaks_escalate (escalate_to leaks.policy) (response leaks.policy)))
(define-fun rule.task.return/answer () Answer
  (ite (not (t.exists in.task)) |Refused{TaskExists}|
  (ite (= (t.phase in.task) t.Created) |Refused{TaskStarted}|
  (ite (not (t.live in.task)) |Refused{TaskLive}|
  (ite (and leaks_are_found (= leak_response Panic)) |Done{LeakPanic}|
  (ite (= (ended recorded) Ok) |Done{Completed(Ok)}|
  (ite (= (ended recorded) Err) |Done{Completed(Err)}|
  (ite (= (ended recorded) Cancelled) |Done{Completed(Cancelled)}|
    |Done{Completed(Panicked)}|))))))))
(define-fun policy_acts () Bool
  (and (or (= (ended recorded) Err) (= (ended recorded) Panicked)) (not (t.finalizer in.task))
       (r.fail_fast (t.owner in.task))))
(define-fun policy_asks ((t Task)) Bool
  (and policy_acts (distinct t in.task) (askable t) (reached (t.owner t) (t.owner in.task))))
(define-fun policy_gives ((t Task)) Reason
  (ite (= (t.owner t) (t.owner in.task)) in.reason (aux.from_parent (t.owner t))))
(define-fun rule.task.return/t.phase ((t Task)) TaskPhase
  (ite (= t in.task) t.Completed (ite (policy_asks t) (asked t) (t.phase t))))
(define-fun rule.task.return/t.reason ((t Task)) Reason
  (ite (policy_asks t) (strengthen (t.reason t) (policy_gives t)) (t.reason t)))
(define-fun rule.task.return/t.budget ((t Task)) Budget
  (ite (= t in.task) no_budget
  (ite (policy_asks t) (tightened (t.budget t) (t.reason t) (policy_gives t)) (t.budget t))))
(define-fun rule.task.return/t.mask ((t Task)) Mask
  (ite (= t in.task) unmasked (t.mask t)))
(define-fun rule.task.return/t.outcome ((t Task)) Outcome
  (ite (= t in.task) recorded (t.outcome t)))
(define-fun rule.task.return/t.waiter ((t Task) (joiner Task)) Bool
  (and (t.waiter t joiner) (distinct t in.task) (distinct joiner in.task)))
(define-fun rule.task.return/t.ready ((t Task)) Count
  (ite (= t in.task) none (ite (t.waiter in.task t) (plus (t.ready t) one) (t.ready t))))
(define-fun rule.task.return/r.task ((r Region) (t Task)) Bool
  (and (r.task r t) (not (and (= r (t.owner in.task)) (= t in.task)))))
(define-fun rule.task.return/r.finalizing ((r Region) (t Task)) Bool
  (and (r.finalizing r t) (not (and (= r (t.owner in.task)) (= t in.task)))))
(define-fun rule.task.return/r.outcome ((r Region)) Outcome
  (ite (= r (t.owner in.task)) (join (r.outcome r) recorded) (r.outcome r)))
(define-fun rule.task.return/r.pending ((r Region)) Count
  (ite (= r (t.owner in.task)) (minus (r.pending r) n.held) (r.pending r)))
(define-fun rule.task.return/r.phase ((r Region)) RegionPhase
  (ite (and policy_acts (reached_below r (t.owner in.task))) (begun r) (r.phase r)))
(define-fun rule.task.return/r.reason ((r Region)) Reason
  (ite (and policy_acts (reached_below r (t.owner in.task)))
    (strengthen (r.reason r) (aux.from_parent r)) (r.reason r)))
(define-fun is_settled ((o Obligation)) Bool (and (o.reserved o) (= (o.holder o) in.task)))
(define-fun is_recovered ((o Obligation)) Bool
  (and (is_settled o) (distinct (ended recorded) Cancelled) (= leak_response Recover)))
(define-fun rule.task.return/o.phase ((o Obligation)) ObligationPhase
  (ite (is_settled o)
    (ite (or (= (ended recorded) Cancelled) (is_recovered o)) o.Aborted o.Leaked) (o.phase o)))
(define-fun rule.task.return/o.abort ((o Obligation)) AbortReason
  (ite (is_settled o) (ite (is_recovered o) Error Cancel) (o.abort o)))
(define-fun rule.task.return/leaks.count () Count
  (ite leaks_are_found leaks_by_now leaks.count))

; rule.task.cancel: one task stops as soon as it can
(define-fun rule.task.cancel/given () Bool
  (and (= in.stamp now) (gives in.reason in.kind (t.owner in.task))))
(define-fun rule.task.cancel/answer () Answer
  (ite (not (t.exists in.task)) |Refused{TaskExists}|
  (ite (not (t.live in.task)) |Refused{TaskLive}|
  (ite (t.finalizer in.task) |Refused{TaskIsBody}|
  (ite (stronger in.reason (t.reason in.task)) |Done{changed}| |Done{unchanged}|)))))
(define-fun rule.task.cancel/t.phase ((t Task)) TaskPhase
  (ite (= t in.task) (asked t) (t.phase t)))
(define-fun rule.task.cancel/t.reason ((t Task)) Reason
  (ite (= t in.task) (strengthen (t.reason t) in.reason) (t.reason t)))
(define-fun rule.task.cancel/t.budget ((t Task)) Budget
  (ite (= t in.task) (tightened (t.budget t) (t.reason t) in.reason) (t.budget t)))

; rule.task.join: a task waits for another task's outcome
(define-fun rule.task.join/answer () Answer
  (ite (not (and (t.exists in.task) (t.exists in.target))) |Refused{TaskExists}|
  (ite (not (t.live in.task)) |Refused{JoinerLive}|
  (ite (= in.task in.target) |Refused{NotSelf}|
  (ite (not (t.live in.target)) |Done{Ready}| |Done{Registered}|)))))
(define-fun rule.task.join/t.waiter ((t Task) (joiner Task)) Bool
  (or (t.waiter t joiner) (and (= t in.target) (= joiner in.task) (t.live t))))
