; The state: the rows of spec/state.hpp as functions of a name. Every field has its function.
(declare-fun r.phase (Region) RegionPhase)
(declare-fun r.parent (Region Region) Bool)      ; the first is a child row of the second
(declare-fun r.below (Region Region) Bool)       ; history: the first is the second or below it
(declare-fun r.fail_fast (Region) Bool)          ; the policy
(declare-fun r.reason (Region) Reason)
(declare-fun r.outcome (Region) Outcome)         ; the join so far
(declare-fun r.budget (Region) Budget)
(declare-fun r.limits (Region) Limits)
(declare-fun r.pending (Region) Count)           ; pending_obligations
(declare-fun r.child (Region Region) Bool)       ; the first lists the second as a child region
(declare-fun r.task (Region Task) Bool)          ; the region lists the task
(declare-fun r.stack (Region Task) Bool)         ; the finalizer is registered and has not started
(declare-fun r.above (Task Task) Bool)           ; both on one stack, the first nearer to its top
(declare-fun r.finalizing (Region Task) Bool)    ; the finalizer task that runs

(declare-fun t.phase (Task) TaskPhase)
(declare-fun t.owner (Task) Region)
(declare-fun t.finalizer (Task) Bool)
(declare-fun t.mask (Task) Mask)
(declare-fun t.reason (Task) Reason)
(declare-fun t.outcome (Task) Outcome)           ; once Completed
(declare-fun t.budget (Task) Budget)
(declare-fun t.waiter (Task Task) Bool)          ; the first is joined by the second
(declare-fun t.ready (Task) Count)               ; joins_ready

(declare-fun o.phase (Obligation) ObligationPhase)
(declare-fun o.holder (Obligation) Task)
(declare-fun o.region (Obligation) Region)
(declare-fun o.abort (Obligation) AbortReason)
(declare-fun o.kind (Obligation) ObligationKind)
(declare-fun o.at (Obligation) Time)             ; reserved_at_ticks

(declare-fun now () Time)
(declare-fun leaks.count () Count)
(declare-fun leaks.policy () LeakPolicy)

; Words.
(define-fun r.exists ((r Region)) Bool (distinct (r.phase r) r.Absent))
(define-fun r.live ((r Region)) Bool
  (and (distinct (r.phase r) r.Absent) (distinct (r.phase r) r.Closed)))
(define-fun r.cancelled ((r Region)) Bool (distinct (r.reason r) no_reason))
(define-fun t.exists ((t Task)) Bool (distinct (t.phase t) t.Absent))
(define-fun t.live ((t Task)) Bool
  (and (distinct (t.phase t) t.Absent) (distinct (t.phase t) t.Completed)))
(define-fun t.has_reason ((t Task)) Bool (distinct (t.reason t) no_reason))
(define-fun t.asked_to_stop ((t Task)) Bool
  (or (= (t.phase t) t.CancelRequested) (= (t.phase t) t.Cancelling) (= (t.phase t) t.Finalizing)))
(define-fun o.exists ((o Obligation)) Bool (distinct (o.phase o) o.Absent))
(define-fun o.reserved ((o Obligation)) Bool (= (o.phase o) o.Reserved))
