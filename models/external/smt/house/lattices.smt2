; The lattices: reasons, outcomes, budgets.

; rule.cancel.strengthen: of two reasons the stronger one stays
(define-fun strengthen ((recorded Reason) (incoming Reason)) Reason
  (ite (stronger incoming recorded) incoming recorded))

; rule.cancel.cause reads chains of reasons and changes nothing: a ParentCancelled reason derives
; from that of the region it is from, which is the one above (inv.cancel.origin)

; rule.outcome.join: of two outcomes the worse one stays
(define-fun worse_kind ((a OutcomeKind) (b OutcomeKind)) Bool
  (or (and (= a Panicked) (distinct b Panicked))
      (and (= a Cancelled) (or (= b Ok) (= b Err)))
      (and (= a Err) (= b Ok))))
(define-fun worse ((a Outcome) (b Outcome)) Bool
  (or (worse_kind (ended a) (ended b))
      (and (= (ended a) Cancelled) (= (ended b) Cancelled) (stronger (why a) (why b)))))
(define-fun join ((a Outcome) (b Outcome)) Outcome (ite (worse b a) b a))
(define-fun at_least_as_bad ((a Outcome) (b Outcome)) Bool (not (worse b a)))
(define-fun ended_ok () Outcome (outcome Ok no_reason))
(define-fun cancelled_for ((r Reason)) Outcome (outcome Cancelled r))

; rule.budget.meet: of two budgets the tighter parts stay
(define-fun meet ((a Budget) (b Budget)) Budget
  (budget (ite (sooner (deadline b) (deadline a)) (deadline b) (deadline a))
          (ite (smaller (polls b) (polls a)) (polls b) (polls a))
          (ite (smaller (cost b) (cost a)) (cost b) (cost a))
          (ite (lower (priority a) (priority b)) (priority b) (priority a))))
(define-fun as_tight ((a Budget) (b Budget)) Bool (= (meet a b) a))
(define-fun no_budget () Budget (budget never unlimited unlimited least_priority))
(define-fun no_limits () Limits (limits no_limit no_limit no_limit))
(define-fun cleanup_budget ((k CancelKind)) Budget
  (budget never (cleanup_polls k) unlimited (cleanup_priority k)))
(define-fun finalizer_budget ((time Time)) Budget
  (budget (finalizer_deadline time) finalizer_polls unlimited finalizer_priority))
; What a request that brings `incoming` leaves of a budget; `recorded` is the reason before it.
(define-fun tightened ((b Budget) (recorded Reason) (incoming Reason)) Budget
  (ite (stronger incoming recorded) (meet b (cleanup_budget (reason.kind incoming))) b))
