-- The project's own machine, bounded, in Murphi: every action, and the internal rules to their
-- fixpoint, in one rule, so that only settled states exist. Rule and invariant ids are those of
-- spec/. Written from the semantics and from docs/decisions/0001, not from spec/'s sources.
--
-- Nothing is stored twice: which tasks, child regions, finalizers and promises a region has is read
-- off the rows (the Promela text beside it keeps lists and counters and checks them). Time stays 0,
-- so that a reason is its kind and its origin; budgets follow from reasons. Names are handed out in
-- order: an unused row is Absent and clear.
const
  REGIONS: 2;     -- the root included
  TASKS: 1;       -- body tasks
  OBLIGATIONS: 1; -- 0 is allowed
  FINALIZERS: 1;  -- 0 is allowed
  MASK: 1;        -- units that EnterMask may ask for, 1 .. 4
  KINDS: 1;       -- 1: User; 2: User and Shutdown
  POLICIES: 1;    -- 1: CollectAll; 2: and FailFast
  ARRIVALS: 0;    -- 1: a state is also told by the action that led to it

type
  region_name: 0 .. REGIONS - 1;
  task_name: 0 .. TASKS + FINALIZERS - 1; -- the finalizer f_k is the task TASKS + k
  obligation_name: 0 .. OBLIGATIONS;      -- the row 0 is never used
  mask_units: 0 .. 4;
  severity_rank: 0 .. 6;                  -- 0 for no reason, else 1 + the severity

  region_phase: enum { NoRegion, Open, Closing, Draining, RegionFinalizing, Closed };
  task_phase: enum { NoTask, Deferred, Created, Running, CancelRequested, Cancelling, Finalizing,
                     Completed };
  obligation_phase: enum { NoObligation, Reserved, Committed, AbortedCancel, AbortedExplicit,
                           Leaked };
  policy: enum { CollectAll, FailFastPolicy };
  close_mode: enum { Await, Cancel };

  cancel_kind: enum { NoReason, User, FailFast, ParentCancelled, Shutdown };
  reason: record
    kind: cancel_kind;
    origin: region_name; -- 0 if there is no reason
  end;

  outcome_kind: enum { Ok, Err, Cancelled, Panicked };
  outcome: record
    kind: outcome_kind;
    why: reason; -- no reason but for Cancelled
  end;

  region_row: record
    phase: region_phase;
    parent: region_name; -- 0 for the root, which is told by its own Name
    policy: policy;
    why: reason;
    result: outcome;
  end;
  task_row: record
    phase: task_phase;
    owner: region_name; -- of a Deferred finalizer: the region that registered it
    mask: mask_units;
    why: reason;
    result: outcome; -- once Completed
  end;
  obligation_row: record
    phase: obligation_phase;
    holder: task_name; -- its owner is the obligation's region
  end;

  verb: enum { Nothing, OpenRegion, CloseRegion, CancelRegion, DeferFinalizer, Spawn, Start,
               Checkpoint, EnterMask, LeaveMask, CleanupDone, ReturnWith, CancelTask, Reserve,
               Commit, Abort };
  argument: 0 .. 15; -- the row that an action names, or what else it says

var
  regions: array [region_name] of region_row;
  tasks: array [task_name] of task_row;
  obligations: array [obligation_name] of obligation_row;
  last: record -- clear unless ARRIVALS
    done: verb;
    who: argument;
    how: argument;
  end;

---------------------------------------------------------------------------------------------------
-- Words.

function region_is_live(r: region_name): boolean;
begin
  return regions[r].phase != NoRegion & regions[r].phase != Closed;
end;

function is_body(t: task_name): boolean;
begin
  return t < TASKS;
end;

function task_is_live(t: task_name): boolean;
begin
  return tasks[t].phase != NoTask & tasks[t].phase != Deferred & tasks[t].phase != Completed;
end;

function task_is_started(t: task_name): boolean;
begin
  return task_is_live(t) & tasks[t].phase != Created;
end;

function is_child(c: region_name; r: region_name): boolean; -- live child c of r
begin
  return c != 0 & region_is_live(c) & regions[c].parent = r;
end;

function has_live_child(r: region_name): boolean;
begin
  return exists c: region_name do is_child(c, r) end;
end;

function has_live_task(r: region_name): boolean;
begin
  return exists t: task_name do task_is_live(t) & tasks[t].owner = r end;
end;

function has_live_body(r: region_name): boolean;
begin
  return exists t: task_name do task_is_live(t) & is_body(t) & tasks[t].owner = r end;
end;

function has_deferred(r: region_name): boolean;
begin
  return exists t: task_name do tasks[t].phase = Deferred & tasks[t].owner = r end;
end;

function region_of(o: obligation_name): region_name;
begin
  return tasks[obligations[o].holder].owner;
end;

function is_reserved_in(o: obligation_name; r: region_name): boolean;
begin
  return obligations[o].phase = Reserved & region_of(o) = r;
end;

---------------------------------------------------------------------------------------------------
-- Lattices.

function severity(k: cancel_kind): severity_rank;
begin
  switch k
    case NoReason: return 0;
    case User: return 1;
    case FailFast: return 4;
    case ParentCancelled: return 5;
    case Shutdown: return 6;
  end;
end;

-- The order of reasons: severity, then (times being equal) kind ordinal, then the lower origin.
function is_stronger(ak: cancel_kind; ao: region_name; bk: cancel_kind; bo: region_name): boolean;
begin
  if severity(ak) != severity(bk) then
    return severity(ak) > severity(bk);
  end;
  return ak != NoReason & ao < bo; -- one kind a severity here
end;

-- rule.cancel.strengthen
procedure strengthen(var held: reason; kind: cancel_kind; origin: region_name);
begin
  if is_stronger(kind, origin, held.kind, held.origin) then
    held.kind := kind;
    held.origin := origin;
  end;
end;

function outcome_rank(k: outcome_kind): severity_rank; -- Ok < Err < Cancelled < Panicked
begin
  switch k
    case Ok: return 0;
    case Err: return 1;
    case Cancelled: return 2;
    case Panicked: return 3;
  end;
end;

-- The worse of two outcomes; the incoming one by parts. rule.outcome.join
procedure join(var held: outcome; kind: outcome_kind; why: cancel_kind; origin: region_name);
begin
  if outcome_rank(kind) > outcome_rank(held.kind) then
    held.kind := kind;
    held.why.kind := why;
    held.why.origin := origin;
  elsif kind = Cancelled & held.kind = Cancelled then
    strengthen(held.why, why, origin);
  end;
end;

-- The outcome of r is the join of its tasks' outcomes, and of its reason once it is Closed.
function is_joined(r: region_name): boolean;
var all: outcome;
begin
  clear all;
  for t: task_name do
    if tasks[t].phase = Completed & tasks[t].owner = r then
      join(all, tasks[t].result.kind, tasks[t].result.why.kind, tasks[t].result.why.origin);
    end;
  end;
  if regions[r].phase = Closed & regions[r].why.kind != NoReason then
    join(all, Cancelled, regions[r].why.kind, regions[r].why.origin);
  end;
  return all.kind = regions[r].result.kind & all.why.kind = regions[r].result.why.kind
         & all.why.origin = regions[r].result.why.origin;
end;

---------------------------------------------------------------------------------------------------
-- Effects.

-- rule.task.request_cancel
procedure request_cancel(t: task_name; kind: cancel_kind; origin: region_name);
begin
  assert "inv.finalizer.shielded" is_body(t);
  assert "inv.terminal.absorbing" task_is_live(t);
  strengthen(tasks[t].why, kind, origin);
  if tasks[t].phase = Created | tasks[t].phase = Running then
    tasks[t].phase := CancelRequested;
  end;
end;

procedure request_bodies(r: region_name; kind: cancel_kind; origin: region_name);
begin
  for t: task_name do
    if task_is_live(t) & is_body(t) & tasks[t].owner = r then
      request_cancel(t, kind, origin);
    end;
  end;
end;

procedure begin_close(r: region_name); -- rule.region.begin_close
begin
  if regions[r].phase = Open then
    if has_live_child(r) then
      regions[r].phase := Draining;
    else
      regions[r].phase := Closing;
    end;
  end;
end;

-- The live region r, its body tasks, and everyone below, parents first. rule.region.cancel_subtree
procedure cancel_subtree(r: region_name; kind: cancel_kind; origin: region_name);
begin
  strengthen(regions[r].why, kind, origin);
  begin_close(r);
  request_bodies(r, kind, origin);
  for c: region_name do
    if is_child(c, r) then
      cancel_subtree(c, ParentCancelled, r);
    end;
  end;
end;

procedure cancel_children(r: region_name);
begin
  for c: region_name do
    if is_child(c, r) then
      cancel_subtree(c, ParentCancelled, r);
    end;
  end;
end;

procedure complete_close(r: region_name); -- rule.region.complete_close
begin
  if regions[r].why.kind != NoReason then
    join(regions[r].result, Cancelled, regions[r].why.kind, regions[r].why.origin);
  end;
  regions[r].phase := Closed;
  regions[r].policy := CollectAll; -- a Closed region keeps name, parent, reason, outcome
end;

-- The top of the stack: registered last. rule.region.start_finalizer
procedure start_finalizer(r: region_name);
var top: task_name;
begin
  for t: task_name do
    if tasks[t].phase = Deferred & tasks[t].owner = r then
      top := t;
    end;
  end;
  tasks[top].phase := Created;
end;

-- The internal rules until none is enabled. rule.region.settle
procedure settle();
var changed: boolean;
begin
  changed := true;
  while changed do
    changed := false;
    for r: region_name do
      if (regions[r].phase = Closing | regions[r].phase = Draining)
         & !has_live_task(r) & !has_live_child(r) then
        regions[r].phase := RegionFinalizing; -- rule.region.finalize
        changed := true;
      elsif regions[r].phase = RegionFinalizing & !has_live_task(r) then
        if has_deferred(r) then
          start_finalizer(r);
        else
          complete_close(r);
        end;
        changed := true;
      end;
    end;
  end;
end;

-- rule.obligation.settle_held
procedure settle_held(t: task_name; kind: outcome_kind);
begin
  for o: obligation_name do
    if obligations[o].phase = Reserved & obligations[o].holder = t then
      if kind = Cancelled then
        obligations[o].phase := AbortedCancel;
      else
        obligations[o].phase := Leaked;
      end;
    end;
  end;
end;

-- The body task t of r ended badly. rule.region.fail_fast
procedure fail_fast(r: region_name);
begin
  request_bodies(r, FailFast, r);
  cancel_children(r);
end;

-- rule.task.complete
procedure complete(t: task_name; kind: outcome_kind; why: cancel_kind; origin: region_name);
begin
  settle_held(t, kind);
  join(regions[tasks[t].owner].result, kind, why, origin);
  tasks[t].phase := Completed;
  tasks[t].mask := 0;
  tasks[t].result.kind := kind;
  tasks[t].result.why.kind := why;
  tasks[t].result.why.origin := origin;
  if is_body(t) & (kind = Err | kind = Panicked)
     & regions[tasks[t].owner].policy = FailFastPolicy then
    fail_fast(tasks[t].owner);
  end;
end;

-- What the body returned, under the coercion that a recorded cancel asks for. rule.task.return
procedure return_with(t: task_name; kind: outcome_kind);
var why: reason;
begin
  clear why;
  why := tasks[t].why; -- no reason while Running
  if kind = Panicked then
    complete(t, Panicked, NoReason, 0);
  elsif tasks[t].phase = Running & kind != Cancelled then
    complete(t, kind, NoReason, 0);
  else
    if kind = Cancelled then
      strengthen(why, User, tasks[t].owner);
    end;
    complete(t, Cancelled, why.kind, why.origin);
  end;
end;

-- The end of every action.
procedure settled(done: verb; who: argument; how: argument);
begin
  settle();
  if ARRIVALS > 0 then
    last.done := done;
    last.who := who;
    last.how := how;
  end;
end;

---------------------------------------------------------------------------------------------------
-- Actions.

startstate "one Open root"
begin
  clear regions;
  clear tasks;
  clear obligations;
  clear last;
  regions[0].phase := Open;
end;

-- The next Name of each kind: the lowest Absent row, whose predecessor is in use.
ruleset r: region_name; c: region_name; p: policy do
  rule "rule.region.open"
    regions[r].phase = Open & regions[c].phase = NoRegion
    & (forall b: region_name do b < c -> regions[b].phase != NoRegion end)
    & (p = CollectAll | POLICIES > 1)
  ==>
  begin
    regions[c].phase := Open;
    regions[c].parent := r;
    regions[c].policy := p;
    settled(OpenRegion, r, p = CollectAll ? 0 : 1);
  end;
end;

ruleset r: region_name; mode: close_mode do
  rule "rule.region.close"
    regions[r].phase = Open
  ==>
  begin
    begin_close(r);
    if mode = Cancel then
      request_bodies(r, ParentCancelled, r);
      cancel_children(r);
    end;
    settled(CloseRegion, r, mode = Await ? 0 : 1);
  end;
end;

ruleset r: region_name; k: cancel_kind do
  rule "rule.region.cancel"
    region_is_live(r) & (k = User | k = Shutdown & KINDS > 1)
  ==>
  begin
    cancel_subtree(r, k, r);
    settled(CancelRegion, r, k = User ? 0 : 1);
  end;
end;

ruleset r: region_name; f: task_name do
  rule "rule.region.defer_finalizer"
    regions[r].phase = Open & !is_body(f) & tasks[f].phase = NoTask
    & (forall e: task_name do !is_body(e) & e < f -> tasks[e].phase != NoTask end)
  ==>
  begin
    tasks[f].phase := Deferred;
    tasks[f].owner := r;
    settled(DeferFinalizer, r, 0);
  end;
end;

ruleset r: region_name; t: task_name do
  rule "rule.ownership.spawn"
    regions[r].phase = Open & is_body(t) & tasks[t].phase = NoTask
    & (forall s: task_name do s < t -> tasks[s].phase != NoTask end)
  ==>
  begin
    tasks[t].phase := Created;
    tasks[t].owner := r;
    settled(Spawn, r, 0);
  end;
end;

ruleset t: task_name do
  rule "rule.task.start"
    tasks[t].phase = Created
  ==>
  begin
    tasks[t].phase := Running;
    settled(Start, t, 0);
  end;

  rule "rule.task.checkpoint"
    task_is_started(t)
  ==>
  begin
    if tasks[t].phase = CancelRequested then
      if tasks[t].mask = 0 then
        tasks[t].phase := Cancelling;
      else
        tasks[t].mask := tasks[t].mask - 1;
      end;
    end;
    settled(Checkpoint, t, 0);
  end;

  rule "rule.task.leave_mask"
    task_is_live(t) & tasks[t].mask > 0
  ==>
  begin
    tasks[t].mask := 0;
    settled(LeaveMask, t, 0);
  end;

  rule "rule.task.cleanup_done"
    tasks[t].phase = Cancelling
  ==>
  begin
    tasks[t].phase := Finalizing;
    settled(CleanupDone, t, 0);
  end;
end;

ruleset t: task_name; units: mask_units do
  rule "rule.task.enter_mask"
    is_body(t) & tasks[t].phase = Running & tasks[t].mask = 0 & units >= 1 & units <= MASK
  ==>
  begin
    tasks[t].mask := units;
    settled(EnterMask, t, units);
  end;
end;

ruleset t: task_name; returned: outcome_kind do
  rule "rule.task.return"
    task_is_started(t)
  ==>
  begin
    return_with(t, returned);
    settled(ReturnWith, t, outcome_rank(returned));
  end;
end;

ruleset t: task_name; k: cancel_kind do
  rule "rule.task.cancel"
    task_is_live(t) & is_body(t) & (k = User | k = Shutdown & KINDS > 1)
  ==>
  begin
    request_cancel(t, k, tasks[t].owner);
    settled(CancelTask, t, k = User ? 0 : 1);
  end;
end;

ruleset o: obligation_name; t: task_name do
  rule "rule.obligation.reserve"
    task_is_live(t) & regions[tasks[t].owner].phase = Open
    & o > 0 & obligations[o].phase = NoObligation
    & (forall p: obligation_name do p > 0 & p < o -> obligations[p].phase != NoObligation end)
  ==>
  begin
    obligations[o].phase := Reserved;
    obligations[o].holder := t;
    settled(Reserve, t, 0);
  end;
end;

ruleset o: obligation_name do
  rule "rule.obligation.commit"
    obligations[o].phase = Reserved & regions[region_of(o)].phase != Closed
  ==>
  begin
    obligations[o].phase := Committed;
    settled(Commit, o, 0);
  end;

  rule "rule.obligation.abort"
    obligations[o].phase = Reserved & regions[region_of(o)].phase != Closed
  ==>
  begin
    obligations[o].phase := AbortedExplicit;
    settled(Abort, o, 0);
  end;
end;

---------------------------------------------------------------------------------------------------
-- What is true of every settled state.

invariant "inv.region.tree"
  forall c: region_name do
    c != 0 & regions[c].phase != NoRegion ->
      regions[c].parent < c & regions[regions[c].parent].phase != NoRegion
  end;

invariant "inv.region.quiescence"
  forall r: region_name do
    regions[r].phase = Closed -> !has_live_task(r) & !has_live_child(r) & !has_deferred(r)
  end;

invariant "inv.region.ledger_empty"
  forall r: region_name do
    regions[r].phase = Closed -> !exists o: obligation_name do is_reserved_in(o, r) end
  end;

invariant "inv.region.settled"
  forall r: region_name do
    ((regions[r].phase = Closing | regions[r].phase = Draining) ->
       has_live_task(r) | has_live_child(r))
    & (regions[r].phase = RegionFinalizing ->
         has_live_task(r) & !has_live_body(r) & !has_live_child(r))
  end;

invariant "inv.ownership.task_owned"
  forall t: task_name do task_is_live(t) -> region_is_live(tasks[t].owner) end;

invariant "inv.cancel.propagates"
  forall r: region_name do
    forall c: region_name do
      is_child(c, r) & regions[r].why.kind != NoReason -> regions[c].why.kind != NoReason
    end
  end;

invariant "inv.cancel.reaches_tasks"
  forall t: task_name do
    task_is_live(t) & is_body(t) & regions[tasks[t].owner].why.kind != NoReason ->
      tasks[t].why.kind != NoReason
      & !is_stronger(regions[tasks[t].owner].why.kind, regions[tasks[t].owner].why.origin,
                     tasks[t].why.kind, tasks[t].why.origin)
  end;

invariant "inv.cancel.begins_close"
  forall r: region_name do regions[r].why.kind != NoReason -> regions[r].phase != Open end;

invariant "inv.cancel.phase_has_reason"
  forall t: task_name do
    task_is_live(t) ->
      (tasks[t].why.kind = NoReason) = (tasks[t].phase = Created | tasks[t].phase = Running)
  end;

invariant "inv.cancel.dominates"
  forall t: task_name do
    tasks[t].phase = Completed & tasks[t].why.kind != NoReason ->
      tasks[t].result.kind = Cancelled | tasks[t].result.kind = Panicked
  end;

invariant "inv.mask.bounded"
  forall t: task_name do
    tasks[t].mask <= MASK
    & (tasks[t].mask > 0 -> tasks[t].phase = Running | tasks[t].phase = CancelRequested)
  end;

invariant "inv.finalizer.one_at_a_time"
  forall t: task_name do
    forall u: task_name do
      t != u & !is_body(t) & !is_body(u) & task_is_live(t) & task_is_live(u) ->
        tasks[t].owner != tasks[u].owner
    end
  end;

invariant "inv.finalizer.only_in_finalizing"
  forall t: task_name do
    !is_body(t) & task_is_live(t) -> regions[tasks[t].owner].phase = RegionFinalizing
  end;

-- A finalizer has started only if every one registered later in its region has Completed.
invariant "inv.finalizer.last_in_first_out"
  forall t: task_name do
    forall u: task_name do
      !is_body(t) & t < u & tasks[t].phase != NoTask & tasks[t].phase != Deferred
      & tasks[u].phase != NoTask & tasks[t].owner = tasks[u].owner -> tasks[u].phase = Completed
    end
  end;

invariant "inv.finalizer.shielded"
  forall t: task_name do !is_body(t) -> tasks[t].why.kind = NoReason & tasks[t].mask = 0 end;

invariant "inv.obligation.holder_live"
  forall o: obligation_name do
    obligations[o].phase = Reserved -> task_is_live(obligations[o].holder)
  end;

invariant "inv.obligation.settled_by_completion"
  forall o: obligation_name do
    (obligations[o].phase = AbortedCancel ->
       tasks[obligations[o].holder].phase = Completed
       & tasks[obligations[o].holder].result.kind = Cancelled)
    & (obligations[o].phase = Leaked ->
       tasks[obligations[o].holder].phase = Completed
       & tasks[obligations[o].holder].result.kind != Cancelled)
  end;

invariant "inv.outcome.joined"
  forall r: region_name do is_joined(r) end;

-- Terminal rows keep their terminal summary; unused rows are clear (decision 1).
invariant "terminal rows are canonical"
  (forall r: region_name do
     regions[r].phase = Closed | regions[r].phase = NoRegion -> regions[r].policy = CollectAll end)
  & (forall t: task_name do
       tasks[t].phase != Completed ->
         tasks[t].result.kind = Ok & tasks[t].result.why.kind = NoReason end)
  & (forall t: task_name do
       tasks[t].result.kind != Cancelled -> tasks[t].result.why.kind = NoReason end);

---------------------------------------------------------------------------------------------------
-- The interesting cases are reached, each where the bounds allow it.

cover "a region is Draining"
  REGIONS < 2 | exists r: region_name do regions[r].phase = Draining end;
cover "the root closes"
  regions[0].phase = Closed;
cover "a promise leaks"
  OBLIGATIONS = 0 | exists o: obligation_name do obligations[o].phase = Leaked end;
cover "a cancelled holder's promise is aborted"
  OBLIGATIONS = 0 | exists o: obligation_name do obligations[o].phase = AbortedCancel end;
cover "a cancelled task defers"
  exists t: task_name do tasks[t].phase = CancelRequested & tasks[t].mask > 0 end;
cover "a finalizer runs"
  FINALIZERS = 0 | exists t: task_name do !is_body(t) & tasks[t].phase = Running end;
cover "a finalizer waits for the one above it"
  FINALIZERS < 2 | exists t: task_name do exists u: task_name do
    tasks[t].phase = Deferred & !is_body(u) & task_is_live(u) & tasks[t].owner = tasks[u].owner
  end end;
cover "a sibling is cancelled by FailFast"
  REGIONS < 2 | POLICIES < 2 | TASKS < 2
  | exists t: task_name do tasks[t].why.kind = FailFast end;
cover "a child region is reached by a cancel above it"
  REGIONS < 2 | exists r: region_name do regions[r].why.kind = ParentCancelled end;
