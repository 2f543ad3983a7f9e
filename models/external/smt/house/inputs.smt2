; What an action carries, and the reasons that it gives.
(declare-fun in.region () Region)
(declare-fun in.new_region () Region)
(declare-fun in.task () Task)                    ; the task that acts, or the joiner
(declare-fun in.target () Task)                  ; of a join
(declare-fun in.new_task () Task)
(declare-fun in.obligation () Obligation)
(declare-fun in.new_obligation () Obligation)
(declare-fun in.fail_fast () Bool)               ; the policy of a new region
(declare-fun in.cancel () Bool)                  ; the mode of a close
(declare-fun in.returned () OutcomeKind)
(declare-fun in.abort () AbortReason)
(declare-fun in.units () Mask)
(declare-fun in.budget () Budget)                ; of a new region or task, as asked
(declare-fun in.limits () Limits)                ; of a new region
(declare-fun in.promise () ObligationKind)
(declare-fun in.to () Time)                      ; of advance_time
(declare-fun in.kind () CancelKind)              ; of a cancel, or of a Cancelled return
(declare-fun in.stamp () Time)                   ; the time of the reasons that the action gives
(declare-fun in.reason () Reason)                ; the reason that the action itself gives
(declare-fun in.returned_reason () Reason)       ; the reason that a Cancelled return gives
(declare-fun in.deadline (Region) Reason)        ; Deadline, from that region
(declare-fun in.parent_cancelled (Region) Reason)  ; ParentCancelled, from that region

; Words that are defined by what is `given` below; naming them keeps alternating quantifiers out.
(declare-fun aux.has_child (Region) Bool)        ; the region lists a child region
(declare-fun aux.from_parent (Region) Reason)    ; ParentCancelled from the region's own parent
(declare-fun aux.from_above (Region) Bool)       ; a live region strictly above has expired

(define-fun gives ((reason Reason) (kind CancelKind) (from Region)) Bool
  (and (distinct reason no_reason) (= (reason.kind reason) kind) (= (reason.at reason) in.stamp)
       (forall ((x Region)) (= (reason.from reason x) (= x from)))))
(define-fun inputs.sound () Bool
  (and (forall ((r Region)) (gives (in.deadline r) Deadline r))
       (forall ((r Region)) (gives (in.parent_cancelled r) ParentCancelled r))
       (forall ((r Region)) (and (distinct (aux.from_parent r) no_reason)
         (= (reason.kind (aux.from_parent r)) ParentCancelled)
         (= (reason.at (aux.from_parent r)) in.stamp)))
       (forall ((r Region) (p Region))
         (=> (r.parent r p) (= (aux.from_parent r) (in.parent_cancelled p))))
       (forall ((r Region) (x Region))
         (=> (and (r.exists r) (distinct r root) (reason.from (aux.from_parent r) x))
             (r.parent r x)))
       (forall ((r Region) (c Region)) (=> (r.child r c) (aux.has_child r)))
       (not (below_count (most_regions in.limits) none))
       (not (below_count (most_tasks in.limits) none))
       (not (below_count (most_obligations in.limits) none))))
; The other half of aux.has_child. It alternates region and region, so proofs do without it (they
; then speak of more transitions, which is safe), but for inv.region.close_begins; samples check it.
(define-fun inputs.exact () Bool
  (forall ((r Region)) (=> (aux.has_child r) (exists ((c Region)) (r.child r c)))))

; Never used before: creating actions carry such names, a property of the script (decision 1,
; Names).
(define-fun fresh.task ((t Task)) Bool
  (and (= (t.phase t) t.Absent) (forall ((r Region)) (not (r.stack r t)))))
