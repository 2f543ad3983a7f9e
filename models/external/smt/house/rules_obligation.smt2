; The rules of obligations.

; rule.obligation.reserve: a task promises something to its region
(define-fun rule.obligation.reserve/given () Bool (= (o.phase in.new_obligation) o.Absent))
(define-fun rule.obligation.reserve/answer () Answer
  (ite (not (r.exists in.region)) |Refused{RegionExists}|
  (ite (not (t.exists in.task)) |Refused{TaskExists}|
  (ite (distinct (t.owner in.task) in.region) |Refused{TaskOwnedByRegion}|
  (ite (not (t.live in.task)) |Refused{TaskLive}|
  (ite (distinct (r.phase in.region) r.Open) |Refused{RegionOpen}|
  (ite (not (below_count (r.pending in.region) (most_obligations (r.limits in.region))))
    |Refused{WithinLimit}| |Done|)))))))
(define-fun rule.obligation.reserve/o.phase ((o Obligation)) ObligationPhase
  (ite (= o in.new_obligation) o.Reserved (o.phase o)))
(define-fun rule.obligation.reserve/o.holder ((o Obligation)) Task
  (ite (= o in.new_obligation) in.task (o.holder o)))
(define-fun rule.obligation.reserve/o.region ((o Obligation)) Region
  (ite (= o in.new_obligation) in.region (o.region o)))
(define-fun rule.obligation.reserve/o.abort ((o Obligation)) AbortReason
  (ite (= o in.new_obligation) Cancel (o.abort o)))
(define-fun rule.obligation.reserve/o.kind ((o Obligation)) ObligationKind
  (ite (= o in.new_obligation) in.promise (o.kind o)))
(define-fun rule.obligation.reserve/o.at ((o Obligation)) Time
  (ite (= o in.new_obligation) now (o.at o)))
(define-fun rule.obligation.reserve/r.pending ((r Region)) Count
  (ite (= r in.region) (plus (r.pending r) one) (r.pending r)))

; What commit and abort share.
(define-fun resolution_answer () Answer
  (ite (not (o.exists in.obligation)) |Refused{ObligationExists}|
  (ite (distinct (o.holder in.obligation) in.task) |Refused{ActorIsHolder}|
  (ite (not (r.live (o.region in.obligation))) |Refused{RegionNotClosed}|
  (ite (not (o.reserved in.obligation)) |Refused{ObligationReserved}| |Done|)))))

(define-fun one_pending_less ((r Region)) Count
  (ite (= r (o.region in.obligation)) (minus (r.pending r) one) (r.pending r)))

; rule.obligation.commit: the holder kept its promise
(define-fun rule.obligation.commit/answer () Answer resolution_answer)
(define-fun rule.obligation.commit/o.phase ((o Obligation)) ObligationPhase
  (ite (= o in.obligation) o.Committed (o.phase o)))
(define-fun rule.obligation.commit/r.pending ((r Region)) Count (one_pending_less r))

; rule.obligation.abort: the holder takes its promise back
(define-fun rule.obligation.abort/answer () Answer resolution_answer)
(define-fun rule.obligation.abort/o.phase ((o Obligation)) ObligationPhase
  (ite (= o in.obligation) o.Aborted (o.phase o)))
(define-fun rule.obligation.abort/o.abort ((o Obligation)) AbortReason
  (ite (= o in.obligation) in.abort (o.abort o)))
(define-fun rule.obligation.abort/r.pending ((r Region)) Count (one_pending_less r))
