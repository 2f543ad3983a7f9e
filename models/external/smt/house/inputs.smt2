; What an action carries, and what it reads of fields that this text leaves out.
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
(declare-fun in.within_limit () Bool)            ; for counts against limits
(declare-fun in.exhausted () Bool)               ; for a poll quota of zero
(declare-fun in.backwards () Bool)               ; for a time before now
(declare-fun in.expired (Region) Bool)           ; for a deadline at or before the new time
(declare-fun in.reason () Reason)                ; the reason that the action itself gives
(declare-fun in.deadline (Region) Reason)        ; Deadline, from that region
(declare-fun in.parent_cancelled (Region) Reason)  ; ParentCancelled, from that region

; Words that are defined by what is `given` below; naming them keeps alternating quantifiers out.
(declare-fun aux.has_child (Region) Bool)        ; the region lists a child region
(declare-fun aux.from_parent (Region) Reason)    ; ParentCancelled from the region's own parent
(declare-fun aux.from_above (Region) Bool)       ; a live region strictly above has expired

(define-fun inputs.sound () Bool
  (and (distinct in.reason no_reason)
       (forall ((r Region)) (distinct (in.deadline r) no_reason))
       (forall ((r Region)) (distinct (in.parent_cancelled r) no_reason))
       (forall ((r Region)) (distinct (aux.from_parent r) no_reason))
       (forall ((r Region) (p Region))
         (=> (r.parent r p) (= (aux.from_parent r) (in.parent_cancelled p))))
       (forall ((r Region) (c Region)) (=> (r.child r c) (aux.has_child r)))))
; The other half of aux.has_child. It alternates region and region, so proofs do without it (they
; then speak of more transitions, which is safe) and samples check it.
(define-fun inputs.exact () Bool
  (forall ((r Region)) (=> (aux.has_child r) (exists ((c Region)) (r.child r c)))))

; Never used before: creating actions carry such names, a property of the script (decision 1,
; Names).
(define-fun fresh.task ((t Task)) Bool
  (and (= (t.phase t) t.Absent) (forall ((r Region)) (not (r.stack r t)))))
