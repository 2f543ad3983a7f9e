; Phases in ladder order; Absent is the phase of a name that has no row yet.
(declare-datatypes ((RegionPhase 0)) (((r.Absent) (r.Open) (r.Closing) (r.Draining) (r.Finalizing)
  (r.Closed))))
(declare-datatypes ((TaskPhase 0)) (((t.Absent) (t.Created) (t.Running) (t.CancelRequested)
  (t.Cancelling) (t.Finalizing) (t.Completed))))
(declare-datatypes ((ObligationPhase 0)) (((o.Absent) (o.Reserved) (o.Committed) (o.Aborted)
  (o.Leaked))))
(declare-datatypes ((OutcomeKind 0)) (((Ok) (Err) (Cancelled) (Panicked))))
(declare-datatypes ((AbortReason 0)) (((Cancel) (Error) (Explicit))))

; What an action answers: the classes of answer_class() in spec/vocabulary/answer.hpp. Disabled is
; for an internal rule that cannot be taken.
(declare-datatypes ((Answer 0)) ((
  (|Done|) (|Done{changed}|) (|Done{unchanged}|) (|Done{Continue}|) (|Done{Cancelled}|)
  (|Done{CancelPending}|) (|Done{PollGranted}|) (|Done{PollExhausted}|) (|Done{Registered}|)
  (|Done{Ready}|) (|Done{Completed(Ok)}|) (|Done{Completed(Err)}|) (|Done{Completed(Cancelled)}|)
  (|Done{Completed(Panicked)}|)
  (|Refused{RegionExists}|) (|Refused{RegionOpen}|) (|Refused{RegionNotClosed}|)
  (|Refused{WithinLimit}|) (|Refused{TaskExists}|) (|Refused{TaskCreated}|)
  (|Refused{TaskStarted}|) (|Refused{TaskLive}|) (|Refused{TaskIsBody}|) (|Refused{TaskRunning}|)
  (|Refused{TaskCancelling}|) (|Refused{TaskMasked}|) (|Refused{NotMasked}|)
  (|Refused{WithinMaskBound}|) (|Refused{JoinerLive}|) (|Refused{NotSelf}|)
  (|Disabled|) (|Refused{TaskOwnedByRegion}|) (|Refused{ObligationExists}|)
  (|Refused{ActorIsHolder}|)
  (|Refused{ObligationReserved}|) (|Refused{TimeNotBackwards}|))))
(define-fun accepted ((a Answer)) Bool
  (or (= a |Done|) (= a |Done{changed}|) (= a |Done{unchanged}|) (= a |Done{Continue}|)
      (= a |Done{Cancelled}|) (= a |Done{CancelPending}|) (= a |Done{PollGranted}|)
      (= a |Done{PollExhausted}|) (= a |Done{Registered}|) (= a |Done{Ready}|)
      (= a |Done{Completed(Ok)}|) (= a |Done{Completed(Err)}|)
      (= a |Done{Completed(Cancelled)}|) (= a |Done{Completed(Panicked)}|)))

; The two lattices.
(define-fun strengthen ((recorded Reason) (incoming Reason)) Reason
  (ite (stronger incoming recorded) incoming recorded))
(define-fun join ((a OutcomeKind) (b OutcomeKind)) OutcomeKind
  (ite (or (= a Panicked) (= b Panicked)) Panicked
  (ite (or (= a Cancelled) (= b Cancelled)) Cancelled
  (ite (or (= a Err) (= b Err)) Err Ok))))
(define-fun at_least_as_bad ((a OutcomeKind) (b OutcomeKind)) Bool (= (join a b) a))
