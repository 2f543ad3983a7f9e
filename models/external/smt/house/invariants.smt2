; The invariants, under the ids of spec/invariants.cpp. `inv.*` are that catalogue's sentences;
; `lemma.*` (lemmas.smt2) strengthen them. Together they are inductive over every single rule, the
; internal ones included, so they hold between the internal steps too.

(define-fun init () Bool
  (and (forall ((r Region)) (= (r.phase r) (ite (= r root) r.Open r.Absent)))
       (forall ((r Region)) (= (r.reason r) no_reason))
       (forall ((r Region)) (= (r.outcome r) ended_ok))
       (forall ((r Region)) (= (r.budget r) no_budget))
       (forall ((r Region)) (= (r.limits r) no_limits))
       (forall ((r Region)) (= (r.pending r) none))
       (forall ((r Region)) (not (r.fail_fast r)))
       (forall ((c Region) (p Region)) (not (r.parent c p)))
       (forall ((p Region) (c Region)) (not (r.child p c)))
       (forall ((d Region) (a Region)) (= (r.below d a) (and (= d root) (= a root))))
       (forall ((r Region) (t Task)) (not (r.task r t)))
       (forall ((r Region) (t Task)) (not (r.stack r t)))
       (forall ((r Region) (t Task)) (not (r.finalizing r t)))
       (forall ((t Task) (u Task)) (not (r.above t u)))
       (forall ((t Task)) (= (t.phase t) t.Absent))
       (forall ((t Task)) (= (t.mask t) unmasked))
       (forall ((t Task)) (= (t.reason t) no_reason))
       (forall ((t Task)) (= (t.outcome t) ended_ok))
       (forall ((t Task)) (= (t.budget t) no_budget))
       (forall ((t Task)) (= (t.ready t) none))
       (forall ((t Task)) (not (t.finalizer t)))
       (forall ((t Task) (u Task)) (not (t.waiter t u)))
       (forall ((o Obligation)) (= (o.phase o) o.Absent))
       (forall ((o Obligation)) (= (o.abort o) Cancel))
       (= leaks.count none)))

; parent and child links agree, and every region stands below the root
(define-fun inv.region.tree () Bool
  (and (forall ((p Region) (c Region)) (= (r.child p c) (and (r.parent c p) (r.live c))))
       (forall ((r Region)) (=> (r.exists r) (r.below r root)))
       (forall ((c Region) (p Region) (q Region)) (=> (and (r.parent c p) (r.parent c q)) (= p q)))
       (r.exists root)))
; a live task is listed in one region, its owner; a completed one in none
(define-fun inv.ownership.single_owner () Bool
  (forall ((r Region) (t Task)) (= (r.task r t) (and (= (t.owner t) r) (t.live t)))))
; a live task is owned by a region that is not Closed
(define-fun inv.ownership.task_owned () Bool
  (forall ((t Task)) (=> (t.live t) (r.live (t.owner t)))))
; a Closed region has no live task, no live child region, nothing Reserved, no finalizer left
(define-fun inv.region.quiescence () Bool
  (and (forall ((r Region) (t Task))
         (=> (= (r.phase r) r.Closed) (not (and (= (t.owner t) r) (t.live t)))))
       (forall ((r Region) (c Region))
         (=> (= (r.phase r) r.Closed) (not (and (r.parent c r) (r.live c)))))
       (forall ((r Region) (o Obligation))
         (=> (= (r.phase r) r.Closed) (not (and (= (o.region o) r) (o.reserved o)))))
       (forall ((r Region) (t Task))
         (=> (= (r.phase r) r.Closed) (not (or (r.stack r t) (r.finalizing r t)))))))
; a Closed region counts no pending obligation
(define-fun inv.region.ledger_empty () Bool
  (and (forall ((o Obligation)) (not (and (o.reserved o) (= (r.phase (o.region o)) r.Closed))))
       (forall ((r Region)) (=> (= (r.phase r) r.Closed) (= (r.pending r) none)))))
; a child region's deadline is not later than its parent's
(define-fun inv.region.deadline_monotone () Bool
  (forall ((c Region) (p Region)) (=> (and (r.parent c p) (r.live c) (r.live p))
    (not (sooner (deadline (r.budget p)) (deadline (r.budget c)))))))
; the budget of a live body task or region is as tight as that of the region above
(define-fun inv.budget.along_the_tree () Bool
  (and (forall ((c Region) (p Region))
         (=> (and (r.parent c p) (r.live c) (distinct (r.budget p) no_budget))
             (as_tight (r.budget c) (r.budget p))))
       (forall ((t Task))
         (=> (and (t.live t) (not (t.finalizer t)) (distinct (r.budget (t.owner t)) no_budget))
             (as_tight (t.budget t) (r.budget (t.owner t)))))))
; a region holds no more than its limits admit
(define-fun inv.region.within_limits () Bool
  (forall ((r Region)) (=> (r.exists r)
    (and (not (below_count (most_regions (r.limits r)) (n.children r)))
         (not (below_count (most_tasks (r.limits r)) (n.bodies r)))
         (not (below_count (most_obligations (r.limits r)) (r.pending r)))))))
; a region's outcome joins those of its tasks and, once Closed, its reason; no child's
(define-fun inv.region.outcome_joined () Bool
  (and (forall ((t Task)) (=> (= (t.phase t) t.Completed)
         (at_least_as_bad (r.outcome (t.owner t)) (t.outcome t))))
       (forall ((r Region)) (=> (and (= (r.phase r) r.Closed) (r.cancelled r))
         (at_least_as_bad (r.outcome r) (cancelled_for (r.reason r)))))
       (forall ((r Region)) (=> (r.exists r)
         (or (= (r.outcome r) ended_ok)
             (and (= (r.phase r) r.Closed) (r.cancelled r)
                  (= (r.outcome r) (cancelled_for (r.reason r))))
             (exists ((t Task)) (and (= (t.phase t) t.Completed) (= (t.owner t) r)
               (= (t.outcome t) (r.outcome r)))))))))
; every live region below a cancelled one is cancelled
(define-fun inv.cancel.propagates () Bool
  (forall ((d Region) (a Region))
    (=> (and (r.below d a) (r.cancelled a) (r.live d)) (r.cancelled d))))
; every live body task below a cancelled region is at least CancelRequested
(define-fun inv.cancel.reaches_tasks () Bool
  (forall ((t Task) (a Region))
    (=> (and (t.live t) (not (t.finalizer t)) (r.below (t.owner t) a) (r.cancelled a))
        (t.asked_to_stop t))))
; a reason came from the region itself, or is ParentCancelled from the region above
(define-fun well_founded ((reason Reason) (holder Region) (origin Region)) Bool
  (or (= origin holder)
      (and (r.parent holder origin) (= (reason.kind reason) ParentCancelled))))
(define-fun inv.cancel.origin () Bool
  (and (forall ((r Region) (x Region)) (=> (and (r.cancelled r) (reason.from (r.reason r) x))
         (well_founded (r.reason r) r x)))
       (forall ((t Task) (x Region)) (=> (and (t.has_reason t) (reason.from (t.reason t) x))
         (well_founded (t.reason t) (t.owner t) x)))
       (forall ((r Region)) (=> (r.cancelled r) (r.exists r)))
       (forall ((t Task)) (=> (t.has_reason t) (t.exists t)))))
; nothing is stamped later than now
(define-fun inv.time.stamps () Bool
  (and (forall ((r Region)) (=> (r.cancelled r) (not (sooner now (reason.at (r.reason r))))))
       (forall ((t Task)) (=> (t.has_reason t) (not (sooner now (reason.at (t.reason t))))))
       (forall ((o Obligation)) (=> (o.exists o) (not (sooner now (o.at o)))))))
; a cancelled region is not Open
(define-fun inv.cancel.begins_close () Bool
  (forall ((r Region)) (=> (r.cancelled r) (distinct (r.phase r) r.Open))))
; a cancelled task ends Cancelled or Panicked
(define-fun inv.cancel.dominates () Bool
  (forall ((t Task)) (=> (and (= (t.phase t) t.Completed) (t.has_reason t))
    (or (= (ended (t.outcome t)) Cancelled) (= (ended (t.outcome t)) Panicked)))))
; a live task has a reason exactly from CancelRequested on, and its budget is as tight as that
; reason's
(define-fun inv.cancel.phase_has_reason () Bool
  (and (forall ((t Task)) (=> (t.live t) (= (t.has_reason t) (t.asked_to_stop t))))
       (forall ((t Task)) (=> (and (t.live t) (t.has_reason t))
         (as_tight (t.budget t) (cleanup_budget (reason.kind (t.reason t))))))))
; a mask is within its bound, and only a live body task has one
(define-fun inv.mask.bounded () Bool
  (forall ((t Task)) (and (mask_in_bound (t.mask t))
    (=> (distinct (t.mask t) unmasked) (and (t.live t) (not (t.finalizer t)))))))
; the holder of a Reserved obligation is live
(define-fun inv.obligation.holder_live () Bool
  (and (forall ((o Obligation)) (=> (o.reserved o) (t.live (o.holder o))))
       (forall ((o Obligation)) (=> (o.exists o)
         (and (t.exists (o.holder o)) (= (t.owner (o.holder o)) (o.region o)))))))
; a region's count of pending obligations is exact
(define-fun inv.obligation.counted () Bool
  (forall ((r Region)) (=> (r.exists r) (= (r.pending r) (n.reserved r)))))
; the leak count is the number of Leaked and recovered obligations, as long as it can grow
(define-fun can_recover () Bool
  (or (= (response leaks.policy) Recover)
      (and (distinct (escalate_after leaks.policy) none)
           (= (escalate_to leaks.policy) Recover))))
(define-fun inv.obligation.leaks_counted () Bool
  (and (or (not (below_count leaks.count n.leaked)) (= leaks.count most_leaks))
       (not (below_count (ite can_recover (plus n.leaked n.failed) n.leaked) leaks.count))))
; while leaks are recovered nothing is Leaked
(define-fun recovers () Bool
  (and (= (response leaks.policy) Recover)
       (or (= (escalate_after leaks.policy) none)
           (below_count leaks.count (escalate_after leaks.policy)))))
(define-fun inv.obligation.recovered () Bool
  (=> recovers (forall ((o Obligation)) (distinct (o.phase o) o.Leaked))))
; a region runs at most one finalizer at a time
(define-fun inv.finalizer.one_at_a_time () Bool
  (and (forall ((r Region) (t Task))
         (= (r.finalizing r t) (and (t.live t) (t.finalizer t) (= (t.owner t) r))))
       (forall ((r Region) (t Task) (u Task))
         (=> (and (r.finalizing r t) (r.finalizing r u)) (= t u)))))
; a finalizer task is live only in Finalizing
(define-fun inv.finalizer.only_in_finalizing () Bool
  (forall ((t Task)) (=> (and (t.finalizer t) (t.live t))
    (= (r.phase (t.owner t)) r.Finalizing))))
; a Closed region has run all its finalizers
(define-fun inv.finalizer.all_ran () Bool
  (forall ((r Region) (t Task)) (=> (r.stack r t) (distinct (r.phase r) r.Closed))))
; no cancel reaches a finalizer task
(define-fun inv.finalizer.shielded () Bool
  (forall ((t Task)) (=> (and (t.finalizer t) (t.live t)) (not (t.has_reason t)))))
; whoever waits is live, and waits for a live task
(define-fun inv.join.waiters_live () Bool
  (forall ((t Task) (joiner Task)) (=> (t.waiter t joiner) (and (t.live t) (t.live joiner)))))
