; What is true of every step, under the ids of spec/step_properties.cpp. `f+` is the function f
; after the step, `step.rule` the rule and `step.answer` what it answered.

; Where an entity stands on its way down: Closing and Draining side by side.
(define-fun r.rank ((r Region)) Int
  (ite (= (r.phase r) r.Absent) 0 (ite (= (r.phase r) r.Open) 1
  (ite (or (= (r.phase r) r.Closing) (= (r.phase r) r.Draining)) 2
  (ite (= (r.phase r) r.Finalizing) 3 4)))))
(define-fun t.rank ((t Task)) Int
  (ite (= (t.phase t) t.Absent) 0 (ite (= (t.phase t) t.Created) 1
  (ite (= (t.phase t) t.Running) 2 (ite (= (t.phase t) t.CancelRequested) 3
  (ite (= (t.phase t) t.Cancelling) 4 (ite (= (t.phase t) t.Finalizing) 5 6)))))))
(define-fun o.rank ((o Obligation)) Int
  (ite (= (o.phase o) o.Absent) 0 (ite (= (o.phase o) o.Reserved) 1 2)))

; a task's phase only moves along the edges of its diagram
(define-fun inv.task.phase_monotone () Bool
  (forall ((t Task)) (or (= (t.phase+ t) (t.phase t))
    (and (= (t.phase t) t.Absent) (= (t.phase+ t) t.Created))
    (and (= (t.phase t) t.Created)
         (or (= (t.phase+ t) t.Running) (= (t.phase+ t) t.CancelRequested)))
    (and (= (t.phase t) t.Running)
         (or (= (t.phase+ t) t.CancelRequested) (= (t.phase+ t) t.Completed)))
    (and (= (t.phase t) t.CancelRequested)
         (or (= (t.phase+ t) t.Cancelling) (= (t.phase+ t) t.Completed)))
    (and (= (t.phase t) t.Cancelling)
         (or (= (t.phase+ t) t.Finalizing) (= (t.phase+ t) t.Completed)))
    (and (= (t.phase t) t.Finalizing) (= (t.phase+ t) t.Completed)))))
; a region's phase only moves forward
(define-fun inv.region.phase_monotone () Bool
  (forall ((r Region)) (and (<= (r.rank r) (r.rank+ r))
    (=> (= (r.rank r) (r.rank+ r)) (= (r.phase r) (r.phase+ r))))))
; what is Completed or Closed never changes again
(define-fun inv.terminal.absorbing () Bool
  (and (forall ((t Task)) (=> (= (t.phase t) t.Completed)
         (and (= (t.phase+ t) (t.phase t)) (= (t.owner+ t) (t.owner t)) (= (t.mask+ t) (t.mask t))
              (= (t.reason+ t) (t.reason t)) (= (t.outcome+ t) (t.outcome t))
              (= (t.finalizer+ t) (t.finalizer t)) (= (t.budget+ t) (t.budget t))
              (= (t.ready+ t) (t.ready t)))))
       (forall ((r Region)) (=> (= (r.phase r) r.Closed)
         (and (= (r.phase+ r) (r.phase r)) (= (r.reason+ r) (r.reason r))
              (= (r.outcome+ r) (r.outcome r)) (= (r.fail_fast+ r) (r.fail_fast r))
              (= (r.budget+ r) (r.budget r)) (= (r.limits+ r) (r.limits r))
              (= (r.pending+ r) (r.pending r)))))
       (forall ((r Region) (t Task)) (=> (= (r.phase r) r.Closed)
         (and (= (r.task+ r t) (r.task r t)) (= (r.stack+ r t) (r.stack r t))
              (= (r.finalizing+ r t) (r.finalizing r t)))))
       (forall ((p Region) (c Region))
         (=> (= (r.phase p) r.Closed) (= (r.child+ p c) (r.child p c))))
       (forall ((t Task) (u Task))
         (=> (= (t.phase t) t.Completed) (= (t.waiter+ t u) (t.waiter t u))))))
; an obligation is resolved at most once
(define-fun inv.obligation.linear () Bool
  (forall ((o Obligation)) (and
    (or (= (o.phase+ o) (o.phase o)) (< (o.rank o) (o.rank+ o)))
    (=> (= (o.rank o) 2) (= (o.abort+ o) (o.abort o)))
    (=> (o.exists o) (and (= (o.holder+ o) (o.holder o)) (= (o.region+ o) (o.region o)))))))
; no obligation is resolved after its region is Closed
(define-fun inv.obligation.fence () Bool
  (forall ((o Obligation)) (=> (and (o.exists o) (distinct (o.phase+ o) (o.phase o)))
    (r.live (o.region o)))))
; what was reserved does not change
(define-fun inv.obligation.record_kept () Bool
  (forall ((o Obligation)) (=> (o.exists o)
    (and (o.exists+ o) (= (o.kind+ o) (o.kind o)) (= (o.holder+ o) (o.holder o))
         (= (o.region+ o) (o.region o)) (= (o.at+ o) (o.at o))))))
; completion aborts what a cancelled holder holds and leaks or recovers what another holds
(define-fun inv.obligation.settled_by_completion () Bool
  (forall ((o Obligation))
    (=> (and (o.reserved o) (t.live (o.holder o)) (not (t.live+ (o.holder o))))
        (ite (= (ended (t.outcome+ (o.holder o))) Cancelled)
          (and (= (o.phase+ o) o.Aborted) (= (o.abort+ o) Cancel))
          (or (= (o.phase+ o) o.Leaked)
              (and (= (o.phase+ o) o.Aborted) (= (o.abort+ o) Error)))))))
; a completion counts the leaks that it finds, and their number decides the response
(define-fun step.leaks () Bool
  (and (= step.rule rule.task.return) (distinct (ended (t.outcome+ in.task)) Cancelled)
       (distinct n.held none)))
(define-fun step.response () LeakResponse
  (ite (or (= (escalate_after leaks.policy) none)
           (below_count leaks.count+ (escalate_after leaks.policy)))
    (response leaks.policy) (escalate_to leaks.policy)))
(define-fun inv.obligation.leak_response () Bool
  (and (= leaks.policy+ leaks.policy)
       (= leaks.count+ (ite step.leaks (add_leaks leaks.count n.held) leaks.count))
       (= (= step.answer |Done{LeakPanic}|) (and step.leaks (= step.response Panic)))
       (forall ((o Obligation)) (=> (and step.leaks (o.reserved o) (= (o.holder o) in.task))
         (= (o.phase+ o) (ite (= step.response Recover) o.Aborted o.Leaked))))))
; a recorded reason only grows stronger
(define-fun inv.cancel.strengthens () Bool
  (and (forall ((t Task)) (=> (t.exists t) (not (stronger (t.reason t) (t.reason+ t)))))
       (forall ((r Region)) (=> (r.exists r) (not (stronger (r.reason r) (r.reason+ r)))))))
; a budget only tightens
(define-fun inv.budget.tightens () Bool
  (and (forall ((t Task)) (=> (and (t.exists t) (t.live+ t))
         (or (= (t.budget+ t) (t.budget t)) (as_tight (t.budget+ t) (t.budget t)))))
       (forall ((r Region)) (=> (and (r.exists r) (r.live+ r))
         (or (= (r.budget+ r) (r.budget r)) (as_tight (r.budget+ r) (r.budget r)))))))
; a task or a region enters with what it asked for, met with the budget of the region above
(define-fun inv.budget.met_at_admission () Bool
  (and (=> (= step.rule rule.ownership.spawn)
           (= (t.budget+ in.new_task) (meet in.budget (r.budget in.region))))
       (=> (= step.rule rule.region.open)
           (= (r.budget+ in.new_region) (meet in.budget (r.budget in.region))))))
; a mask never grows once a cancel is recorded
(define-fun inv.mask.monotone () Bool
  (forall ((t Task)) (=> (and (t.exists t) (t.has_reason t)) (not (fewer (t.mask t) (t.mask+ t))))))
; a checkpoint with a cancel pending spends one mask unit, or at mask 0 acknowledges
(define-fun inv.mask.spent () Bool
  (=> (and (= step.rule rule.task.checkpoint) (= (t.phase in.task) t.CancelRequested))
      (ite (fewer unmasked (t.mask in.task))
        (and (= (t.phase+ in.task) t.CancelRequested)
             (= (t.mask+ in.task) (one_less (t.mask in.task))))
        (= (t.phase+ in.task) t.Cancelling))))
; nothing enters a region after its close began
(define-fun inv.region.no_late_admission () Bool
  (and (forall ((t Task)) (=> (and (not (t.exists t)) (t.exists+ t) (not (t.finalizer+ t)))
         (= (r.phase (t.owner+ t)) r.Open)))
       (forall ((c Region) (p Region))
         (=> (and (not (r.exists c)) (r.exists+ c) (r.parent+ c p)) (= (r.phase p) r.Open)))
       (forall ((o Obligation)) (=> (and (not (o.exists o)) (o.exists+ o))
         (= (r.phase (o.region+ o)) r.Open)))))
; finalizers start in the reverse of their registration
(define-fun inv.finalizer.last_in_first_out () Bool
  (and (forall ((r Region) (t Task) (u Task))
         (=> (and (r.stack r t) (r.stack r u) (r.above u t)) (r.stack+ r t)))
       (forall ((r Region) (t Task)) (=> (and (r.stack r t) (not (r.stack+ r t))) (t.exists+ t)))))
; a finalizer starts with its own budget, met with nothing
(define-fun inv.finalizer.budget () Bool
  (forall ((t Task)) (=> (and (not (t.exists t)) (t.exists+ t) (t.finalizer+ t))
    (= (t.budget+ t) (finalizer_budget now+)))))
; time moves forwards only, when it is told to and to where it is told
(define-fun inv.time.forwards () Bool
  (and (not (sooner now+ now)) (= now+ (ite (= step.rule rule.time.advance) in.to now))))
; when a body task fails in a FailFast region, its live siblings and the child regions are
; cancelled
(define-fun inv.policy.fail_fast () Bool
  (=> (and (= step.rule rule.task.return) (not (t.finalizer in.task))
           (r.fail_fast (t.owner in.task))
           (or (= (ended (t.outcome+ in.task)) Err) (= (ended (t.outcome+ in.task)) Panicked)))
      (and (forall ((t Task))
             (=> (and (distinct t in.task) (t.live t) (not (t.finalizer t))
                      (= (t.owner t) (t.owner in.task)))
                 (not (stronger in.reason (t.reason+ t)))))
           (forall ((c Region)) (=> (and (r.live c) (r.parent c (t.owner in.task)))
             (not (stronger (in.parent_cancelled (t.owner in.task)) (r.reason+ c))))))))
; a close that cancels reaches the region's live tasks and child regions, and leaves its own reason
(define-fun inv.region.close_hands_down () Bool
  (=> (= step.rule rule.region.close)
      (and (= (r.reason+ in.region) (r.reason in.region))
           (forall ((t Task))
             (=> (and in.cancel (t.live t) (not (t.finalizer t)) (= (t.owner t) in.region))
                 (not (stronger (in.parent_cancelled in.region) (t.reason+ t)))))
           (forall ((c Region)) (=> (and in.cancel (r.live c) (r.parent c in.region))
             (not (stronger (in.parent_cancelled in.region) (r.reason+ c))))))))
; when time reaches a live region's deadline, the region is cancelled for it
(define-fun inv.time.expires () Bool
  (=> (= step.rule rule.time.advance)
      (and (= now+ in.to)
           (forall ((r Region))
             (=> (and (r.live r) (distinct (deadline (r.budget r)) never)
                      (not (sooner now+ (deadline (r.budget r)))))
                 (not (stronger (in.deadline r) (r.reason+ r))))))))
; a poll takes one from the quota, and a used-up quota cancels a body task
(define-fun inv.budget.poll_pays () Bool
  (=> (= step.rule rule.task.poll)
      (and (= (= step.answer |Done{PollExhausted}|) (= (polls (t.budget in.task)) used_up))
           (ite (= (polls (t.budget in.task)) used_up)
             (or (t.finalizer in.task) (not (stronger in.reason (t.reason+ in.task))))
             (= (polls (t.budget+ in.task))
                (ite (= (polls (t.budget in.task)) unlimited) unlimited
                  (one_poll_less (polls (t.budget in.task)))))))))
; who joins a live task waits for it and is handed one result when it ends; a completed one's
; outcome is the answer
(define-fun inv.join.handed_over () Bool
  (and (=> (= step.rule rule.task.join)
         (and (= (= step.answer |Done{Ready}|) (not (t.live in.target)))
              (=> (t.live in.target) (t.waiter+ in.target in.task))))
       (forall ((t Task))
         (=> (and (= step.rule rule.task.return) (t.waiter in.task t) (distinct t in.task))
             (= (t.ready+ t) (plus (t.ready t) one))))))
; a mask is what its task asked for, and no other task's step changes it
(define-fun inv.mask.as_asked () Bool
  (and (=> (= step.rule rule.task.enter_mask) (= (t.mask+ in.task) in.units))
       (=> (= step.rule rule.task.leave_mask) (= (t.mask+ in.task) unmasked))
       (forall ((t Task)) (=> (and (t.exists t) (distinct (t.mask+ t) (t.mask t)))
         (and (= t in.task)
              (or (= step.rule rule.task.enter_mask) (= step.rule rule.task.leave_mask)
                  (= step.rule rule.task.checkpoint) (= step.rule rule.task.return)))))))
; a task ends as it returned, or Cancelled for the stronger of its own reason and the returned one,
; which is given now
(define-fun inv.outcome.recorded () Bool
  (=> (= step.rule rule.task.return)
      (and (= (t.phase+ in.task) t.Completed)
        (ite (= in.returned Panicked) (= (t.outcome+ in.task) (outcome Panicked no_reason))
        (ite (= in.returned Cancelled)
          (= (t.outcome+ in.task) (outcome Cancelled
            (ite (stronger in.returned_reason (t.reason in.task)) in.returned_reason
              (t.reason in.task))))
        (ite (t.has_reason in.task)
          (= (t.outcome+ in.task) (outcome Cancelled (t.reason in.task)))
          (= (t.outcome+ in.task) (outcome in.returned no_reason))))))))
; a promise is stamped with the time of its step, and so is a reason, which has the kind and the
; origin that the step gives
(define-fun step.stamps ((reason Reason) (kind CancelKind) (from Region)) Bool
  (and (= (reason.at reason) now+) (= (reason.kind reason) kind) (reason.from reason from)))
(define-fun step.hands_down ((reason Reason) (r Region)) Bool
  (or (and (= step.rule rule.time.advance) (step.stamps reason Deadline r))
      (and (= (reason.at reason) now+) (= (reason.kind reason) ParentCancelled)
           (forall ((x Region)) (=> (reason.from reason x) (r.parent r x))))))
(define-fun step.gives_task ((reason Reason) (t Task)) Bool
  (ite (or (= step.rule rule.task.cancel) (= step.rule rule.task.poll))
    (and (= t in.task) (step.stamps reason
      (ite (= step.rule rule.task.cancel) in.kind PollQuota) (t.owner t)))
  (ite (and (= step.rule rule.region.cancel) (= (t.owner t) in.region))
    (step.stamps reason in.kind in.region)
  (ite (and (= step.rule rule.region.close) (= (t.owner t) in.region))
    (and in.cancel (step.stamps reason ParentCancelled in.region))
  (ite (and (= step.rule rule.task.return) (= (t.owner t) (t.owner in.task))
            (r.fail_fast (t.owner t)) (or (= (ended (t.outcome+ in.task)) Err)
                                          (= (ended (t.outcome+ in.task)) Panicked)))
    (step.stamps reason FailFast (t.owner t))
    (step.hands_down reason (t.owner t)))))))
(define-fun step.gives_region ((reason Reason) (r Region)) Bool
  (ite (and (= step.rule rule.region.cancel) (= r in.region))
    (step.stamps reason in.kind r)
    (step.hands_down reason r)))
(define-fun inv.time.stamped_now () Bool
  (and (forall ((o Obligation)) (=> (and (o.exists+ o) (not (o.exists o))) (= (o.at+ o) now+)))
       (forall ((t Task)) (=> (and (t.has_reason+ t) (distinct (t.reason+ t) (t.reason t)))
         (step.gives_task (t.reason+ t) t)))
       (forall ((r Region)) (=> (and (r.cancelled+ r) (distinct (r.reason+ r) (r.reason r)))
         (step.gives_region (r.reason+ r) r)))))
; a region has the limits and the policy that it was opened with, until its close clears them
(define-fun inv.region.limits_as_asked () Bool
  (and (=> (= step.rule rule.region.open)
           (and (= (r.limits+ in.new_region) in.limits)
                (= (r.fail_fast+ in.new_region) in.fail_fast)))
       (forall ((r Region)) (=> (r.exists r)
         (or (and (= (r.limits+ r) (r.limits r)) (= (r.fail_fast+ r) (r.fail_fast r)))
             (and (not (r.live+ r)) (= (r.limits+ r) no_limits) (not (r.fail_fast+ r))))))))
; a promise is kept by its commit, taken back by its abort for the reason that this gives, settled
; when its holder ends, and resolved by nothing else
(define-fun inv.obligation.resolved_as_told () Bool
  (and (=> (= step.rule rule.obligation.commit)
           (and (= (o.phase+ in.obligation) o.Committed)
                (= (o.abort+ in.obligation) (o.abort in.obligation))))
       (=> (= step.rule rule.obligation.abort)
           (and (= (o.phase+ in.obligation) o.Aborted) (= (o.abort+ in.obligation) in.abort)))
       (forall ((o Obligation))
         (=> (and (o.exists o)
                  (or (distinct (o.phase+ o) (o.phase o)) (distinct (o.abort+ o) (o.abort o))))
             (or (and (= o in.obligation) (or (= step.rule rule.obligation.commit)
                                              (= step.rule rule.obligation.abort)))
                 (and (t.live (o.holder o)) (not (t.live+ (o.holder o)))))))))
; a cancel leaves its task or region with a reason no weaker than the one that it gives
(define-fun inv.cancel.recorded () Bool
  (and (=> (= step.rule rule.task.cancel) (not (stronger in.reason (t.reason+ in.task))))
       (=> (= step.rule rule.region.cancel) (not (stronger in.reason (r.reason+ in.region))))))
; a task starts, acknowledges, cleans up and ends by its own action, and by no other
(define-fun inv.task.moves_as_told () Bool
  (and (=> (= step.rule rule.task.start) (= (t.phase+ in.task) t.Running))
       (=> (= step.rule rule.task.cleanup_done) (= (t.phase+ in.task) t.Finalizing))
       (forall ((t Task)) (=> (and (t.exists t) (distinct (t.phase+ t) (t.phase t)))
         (ite (= (t.phase+ t) t.CancelRequested) (t.has_reason+ t)
           (and (= t in.task)
             (or (and (= step.rule rule.task.start) (= (t.phase+ t) t.Running))
                 (and (= step.rule rule.task.checkpoint) (= (t.phase+ t) t.Cancelling))
                 (and (= step.rule rule.task.cleanup_done) (= (t.phase+ t) t.Finalizing))
                 (and (= step.rule rule.task.return) (= (t.phase+ t) t.Completed)))))))))
; a close begins when the region is closed or cancelled and not else: as Draining if a child region
; is live, as Closing if none is
(define-fun inv.region.close_begins () Bool
  (and (=> (= step.rule rule.region.close) (distinct (r.phase+ in.region) r.Open))
       (forall ((r Region)) (=> (and (= (r.phase r) r.Open) (distinct (r.phase+ r) r.Open))
         (and (or (r.cancelled+ r) (and (= step.rule rule.region.close) (= r in.region)))
              (ite (= (r.phase+ r) r.Draining)
                (exists ((c Region)) (and (r.parent c r) (r.live c)))
                (and (= (r.phase+ r) r.Closing)
                     (forall ((c Region)) (not (and (r.parent c r) (r.live c)))))))))))
; what enters is new, and what the action asked for under that Name; nothing else enters but
; finalizers from their stack
(define-fun inv.ownership.enters_as_asked () Bool
  (and (=> (= step.rule rule.ownership.spawn)
         (and (= (t.phase+ in.new_task) t.Created) (= (t.owner+ in.new_task) in.region)
              (not (t.finalizer+ in.new_task))))
       (=> (= step.rule rule.region.open)
         (and (= (r.phase+ in.new_region) r.Open) (r.parent+ in.new_region in.region)
              (= (r.outcome+ in.new_region) ended_ok) (= (r.pending+ in.new_region) none)
              (= (r.reason+ in.new_region) no_reason)))
       (=> (= step.rule rule.obligation.reserve)
         (and (= (o.phase+ in.new_obligation) o.Reserved)
              (= (o.kind+ in.new_obligation) in.promise) (= (o.holder+ in.new_obligation) in.task)
              (= (o.region+ in.new_obligation) in.region)
              (= (o.abort+ in.new_obligation) Cancel)))
       (=> (= step.rule rule.region.defer_finalizer) (r.stack+ in.region in.new_task))
       (forall ((t Task)) (=> (and (not (t.exists t)) (t.exists+ t))
         (and (= (t.phase+ t) t.Created) (= (t.mask+ t) unmasked) (= (t.reason+ t) no_reason)
              (= (t.ready+ t) none)
              (ite (t.finalizer+ t) (r.stack (t.owner+ t) t)
                (and (= step.rule rule.ownership.spawn) (= t in.new_task))))))
       (forall ((r Region)) (=> (and (not (r.exists r)) (r.exists+ r))
         (and (= step.rule rule.region.open) (= r in.new_region))))
       (forall ((o Obligation)) (=> (and (not (o.exists o)) (o.exists+ o))
         (and (= step.rule rule.obligation.reserve) (= o in.new_obligation))))
       (forall ((r Region) (t Task)) (=> (and (r.stack+ r t) (not (r.stack r t)))
         (and (= step.rule rule.region.defer_finalizer) (= r in.region) (= t in.new_task))))))
