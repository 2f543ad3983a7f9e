; The rules of regions. `rule/answer` is what the action answers; `rule/f` is the function f after
; an accepted action; a function that a rule does not name stays as it was. `rule/given` is what a
; script promises (fresh names) or what defines an aux word.

; What a cancel does, in words.
(define-fun reached ((d Region) (target Region)) Bool (and (r.below d target) (r.live d)))
(define-fun reached_below ((d Region) (target Region)) Bool
  (and (reached d target) (distinct d target)))
(define-fun begun ((r Region)) RegionPhase       ; rule.region.begin_close
  (ite (= (r.phase r) r.Open) (ite (aux.has_child r) r.Draining r.Closing) (r.phase r)))
(define-fun askable ((t Task)) Bool              ; a live body task that its region lists
  (and (r.task (t.owner t) t) (not (t.finalizer t)) (t.live t)))
(define-fun asked ((t Task)) TaskPhase           ; rule.task.request_cancel, with `tightened`
  (ite (or (= (t.phase t) t.Created) (= (t.phase t) t.Running)) t.CancelRequested (t.phase t)))

; rule.region.open: a new child region enters an open region
(define-fun rule.region.open/given () Bool (= (r.phase in.new_region) r.Absent))
(define-fun rule.region.open/answer () Answer
  (ite (not (r.exists in.region)) |Refused{RegionExists}|
  (ite (distinct (r.phase in.region) r.Open) |Refused{RegionOpen}|
  (ite (not (below_count (n.children in.region) (most_regions (r.limits in.region))))
    |Refused{WithinLimit}| |Done|))))
(define-fun rule.region.open/r.phase ((r Region)) RegionPhase
  (ite (= r in.new_region) r.Open (r.phase r)))
(define-fun rule.region.open/r.parent ((c Region) (p Region)) Bool
  (or (r.parent c p) (and (= c in.new_region) (= p in.region))))
(define-fun rule.region.open/r.below ((d Region) (a Region)) Bool
  (or (r.below d a)
      (and (= d in.new_region) (or (= a in.new_region) (r.below in.region a)))))
(define-fun rule.region.open/r.fail_fast ((r Region)) Bool
  (ite (= r in.new_region) in.fail_fast (r.fail_fast r)))
(define-fun rule.region.open/r.reason ((r Region)) Reason
  (ite (= r in.new_region) no_reason (r.reason r)))
(define-fun rule.region.open/r.outcome ((r Region)) Outcome
  (ite (= r in.new_region) ended_ok (r.outcome r)))
(define-fun rule.region.open/r.budget ((r Region)) Budget
  (ite (= r in.new_region) (meet in.budget (r.budget in.region)) (r.budget r)))
(define-fun rule.region.open/r.limits ((r Region)) Limits
  (ite (= r in.new_region) in.limits (r.limits r)))
(define-fun rule.region.open/r.pending ((r Region)) Count
  (ite (= r in.new_region) none (r.pending r)))
(define-fun rule.region.open/r.child ((p Region) (c Region)) Bool
  (or (r.child p c) (and (= p in.region) (= c in.new_region))))

; rule.region.close: the region admits nothing more; with Cancel, what is in it is cancelled
(define-fun rule.region.close/given () Bool (= in.stamp now))
(define-fun rule.region.close/answer () Answer
  (ite (not (r.exists in.region)) |Refused{RegionExists}|
  (ite (distinct (r.phase in.region) r.Open) |Refused{RegionOpen}| |Done|)))
(define-fun rule.region.close/r.phase ((r Region)) RegionPhase
  (ite (or (= r in.region) (and in.cancel (reached r in.region))) (begun r) (r.phase r)))
(define-fun rule.region.close/r.reason ((r Region)) Reason
  (ite (and in.cancel (reached_below r in.region))
    (strengthen (r.reason r) (aux.from_parent r)) (r.reason r)))
(define-fun rule.region.close/t.phase ((t Task)) TaskPhase
  (ite (and in.cancel (reached (t.owner t) in.region) (askable t)) (asked t) (t.phase t)))
(define-fun close_gives ((t Task)) Reason
  (ite (= (t.owner t) in.region) (in.parent_cancelled in.region) (aux.from_parent (t.owner t))))
(define-fun rule.region.close/t.reason ((t Task)) Reason
  (ite (and in.cancel (reached (t.owner t) in.region) (askable t))
    (strengthen (t.reason t) (close_gives t)) (t.reason t)))
(define-fun rule.region.close/t.budget ((t Task)) Budget
  (ite (and in.cancel (reached (t.owner t) in.region) (askable t))
    (tightened (t.budget t) (t.reason t) (close_gives t)) (t.budget t)))

; rule.region.cancel (rule.region.cancel_subtree): the region and all below it stop
(define-fun rule.region.cancel/given () Bool
  (and (= in.stamp now) (gives in.reason in.kind in.region)))
(define-fun rule.region.cancel/answer () Answer
  (ite (not (r.exists in.region)) |Refused{RegionExists}|
  (ite (not (r.live in.region)) |Refused{RegionNotClosed}|
  (ite (stronger in.reason (r.reason in.region)) |Done{changed}| |Done{unchanged}|))))
(define-fun rule.region.cancel/r.phase ((r Region)) RegionPhase
  (ite (reached r in.region) (begun r) (r.phase r)))
(define-fun rule.region.cancel/r.reason ((r Region)) Reason
  (ite (reached r in.region)
    (strengthen (r.reason r) (ite (= r in.region) in.reason (aux.from_parent r))) (r.reason r)))
(define-fun rule.region.cancel/t.phase ((t Task)) TaskPhase
  (ite (and (reached (t.owner t) in.region) (askable t)) (asked t) (t.phase t)))
(define-fun cancel_gives ((t Task)) Reason
  (ite (= (t.owner t) in.region) in.reason (aux.from_parent (t.owner t))))
(define-fun rule.region.cancel/t.reason ((t Task)) Reason
  (ite (and (reached (t.owner t) in.region) (askable t))
    (strengthen (t.reason t) (cancel_gives t)) (t.reason t)))
(define-fun rule.region.cancel/t.budget ((t Task)) Budget
  (ite (and (reached (t.owner t) in.region) (askable t))
    (tightened (t.budget t) (t.reason t) (cancel_gives t)) (t.budget t)))

; rule.region.defer_finalizer: a finalizer goes on top of the region's stack
(define-fun rule.region.defer_finalizer/given () Bool (fresh.task in.new_task))
(define-fun rule.region.defer_finalizer/answer () Answer
  (ite (not (r.exists in.region)) |Refused{RegionExists}|
  (ite (distinct (r.phase in.region) r.Open) |Refused{RegionOpen}| |Done|)))
(define-fun rule.region.defer_finalizer/r.stack ((r Region) (t Task)) Bool
  (or (r.stack r t) (and (= r in.region) (= t in.new_task))))
(define-fun rule.region.defer_finalizer/r.above ((t Task) (u Task)) Bool
  (or (r.above t u) (and (= t in.new_task) (r.stack in.region u))))

; rule.time.advance: the clock moves; expired regions and all below them are cancelled, parents
; first: what comes from above comes before a region's own Deadline
(define-fun expired ((r Region)) Bool
  (and (distinct (deadline (r.budget r)) never) (not (sooner in.to (deadline (r.budget r))))))
(define-fun expiry_reaches ((r Region)) Bool
  (and (r.live r) (or (expired r) (aux.from_above r))))
(define-fun handed_down ((recorded Reason) (r Region)) Reason
  (ite (aux.from_above r) (strengthen recorded (aux.from_parent r)) recorded))
(define-fun expiry_strengthens ((recorded Reason) (r Region)) Reason
  (ite (expired r) (strengthen (handed_down recorded r) (in.deadline r)) (handed_down recorded r)))
(define-fun handed_down_budget ((b Budget) (recorded Reason) (r Region)) Budget
  (ite (aux.from_above r) (tightened b recorded (aux.from_parent r)) b))
(define-fun expiry_tightens ((b Budget) (recorded Reason) (r Region)) Budget
  (ite (expired r)
    (tightened (handed_down_budget b recorded r) (handed_down recorded r) (in.deadline r))
    (handed_down_budget b recorded r)))
(define-fun expiry_reaches_below () Bool
  (forall ((d Region) (a Region))
    (=> (and (expired a) (r.live a) (r.below d a) (distinct d a) (r.live d))
        (aux.from_above d))))
; these follow from both halves of the definition: derived.expiry_is_closed
(define-fun expiry_is_closed () Bool
  (forall ((d Region) (a Region))
    (=> (and (expiry_reaches a) (r.below d a) (r.live d)) (expiry_reaches d))))
(define-fun nothing_is_above_the_root () Bool (not (aux.from_above root)))
(define-fun rule.time.advance/given () Bool
  (and (= in.stamp in.to) expiry_reaches_below expiry_is_closed nothing_is_above_the_root))
(define-fun rule.time.advance/exact () Bool
  (forall ((d Region)) (=> (aux.from_above d) (and (r.live d)
    (exists ((a Region)) (and (expired a) (r.live a) (r.below d a) (distinct d a)))))))
(define-fun rule.time.advance/answer () Answer
  (ite (sooner in.to now) |Refused{TimeNotBackwards}| |Done|))
(define-fun rule.time.advance/now () Time in.to)
(define-fun rule.time.advance/r.phase ((r Region)) RegionPhase
  (ite (expiry_reaches r) (begun r) (r.phase r)))
(define-fun rule.time.advance/r.reason ((r Region)) Reason
  (ite (expiry_reaches r) (expiry_strengthens (r.reason r) r) (r.reason r)))
(define-fun rule.time.advance/t.phase ((t Task)) TaskPhase
  (ite (and (expiry_reaches (t.owner t)) (askable t)) (asked t) (t.phase t)))
(define-fun rule.time.advance/t.reason ((t Task)) Reason
  (ite (and (expiry_reaches (t.owner t)) (askable t))
    (expiry_strengthens (t.reason t) (t.owner t)) (t.reason t)))
(define-fun rule.time.advance/t.budget ((t Task)) Budget
  (ite (and (expiry_reaches (t.owner t)) (askable t))
    (expiry_tightens (t.budget t) (t.reason t) (t.owner t)) (t.budget t)))
