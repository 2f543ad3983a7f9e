-- The public TLA+ model of asupersync in Murphi, from the table of its actions: a rule an action.
-- Nothing is stored twice: a region's children, subregions and ledger are read off the rows.
-- A region that never had a parent is Closed, but for the root; a parent is never reset.
const
  TASKS: 2;
  REGIONS: 2;     -- the root included
  OBLIGATIONS: 1; -- 0 is allowed
  MASK: 2;        -- what a cancel request assigns

type
  task_name: 0 .. TASKS - 1;
  region_name: 0 .. REGIONS - 1;
  parent_name: 0 .. REGIONS;        -- 0: none; else 1 + the parent
  obligation_name: 0 .. OBLIGATIONS; -- the row 0 is never used
  mask_units: 0 .. 9;

  task_phase: enum { Unborn, Spawned, Running, CancelRequested, CancelMasked, CancelAcknowledged,
                     TaskFinalizing, Completed };
  region_phase: enum { Open, Closing, ChildrenDone, RegionFinalizing, Quiescent, Closed };
  obligation_phase: enum { NotReserved, Reserved, Committed, Aborted, Leaked };

  task_row: record
    phase: task_phase;
    region: region_name;
    mask: mask_units;
  end;
  region_row: record
    phase: region_phase;
    parent: parent_name;
    cancel: boolean;
  end;
  obligation_row: record
    phase: obligation_phase;
    holder: task_name;
  end;

var
  tasks: array [task_name] of task_row;
  regions: array [region_name] of region_row;
  obligations: array [obligation_name] of obligation_row;

function is_born(t: task_name): boolean;
begin
  return tasks[t].phase != Unborn;
end;

function is_subregion(c: region_name; p: region_name): boolean;
begin
  return regions[c].parent = p + 1;
end;

function all_children_completed(r: region_name): boolean;
begin
  return forall t: task_name do
    is_born(t) & tasks[t].region = r -> tasks[t].phase = Completed
  end;
end;

function all_subregions_closed(r: region_name): boolean;
begin
  return forall c: region_name do is_subregion(c, r) -> regions[c].phase = Closed end;
end;

function ledger_is_empty(r: region_name): boolean;
begin
  return forall o: obligation_name do
    !(obligations[o].phase = Reserved & tasks[obligations[o].holder].region = r)
  end;
end;

function is_quiet(r: region_name): boolean;
begin
  return all_children_completed(r) & all_subregions_closed(r) & ledger_is_empty(r);
end;

function is_uncancelled_child(t: task_name; r: region_name): boolean;
begin
  return tasks[t].region = r & (tasks[t].phase = Spawned | tasks[t].phase = Running);
end;

startstate begin
  clear tasks;
  clear regions;
  clear obligations;
  for r: region_name do
    if r = 0 then
      regions[r].phase := Open;
    else
      regions[r].phase := Closed;
    end;
  end;
end;

ruleset t: task_name do
  ruleset r: region_name do
    rule "Spawn" !is_born(t) & regions[r].phase = Open ==> begin
      tasks[t].phase := Spawned;
      tasks[t].region := r;
    end;
  end;

  rule "Start" tasks[t].phase = Spawned ==> begin
    tasks[t].phase := Running;
  end;

  rule "Complete" tasks[t].phase = Running ==> begin
    tasks[t].phase := Completed;
  end;

  rule "CancelRequest" tasks[t].phase = Running ==> begin
    tasks[t].phase := CancelRequested;
    tasks[t].mask := MASK;
    regions[tasks[t].region].cancel := true;
  end;

  rule "CancelMasked"
    (tasks[t].phase = CancelRequested | tasks[t].phase = CancelMasked) & tasks[t].mask > 0
  ==> begin
    if tasks[t].mask = 1 then
      tasks[t].phase := CancelAcknowledged;
    else
      tasks[t].phase := CancelMasked;
    end;
    tasks[t].mask := tasks[t].mask - 1;
  end;

  rule "CancelAcknowledge" tasks[t].phase = CancelRequested & tasks[t].mask = 0 ==> begin
    tasks[t].phase := CancelAcknowledged;
  end;

  rule "CancelFinalize" tasks[t].phase = CancelAcknowledged ==> begin
    tasks[t].phase := TaskFinalizing;
  end;

  rule "CancelComplete" tasks[t].phase = TaskFinalizing ==> begin
    tasks[t].phase := Completed;
  end;

  ruleset o: obligation_name do
    rule "ReserveObligation"
      o != 0 & obligations[o].phase = NotReserved
      & (tasks[t].phase = Running | tasks[t].phase = CancelRequested
         | tasks[t].phase = CancelMasked)
      & (regions[tasks[t].region].phase = Open | regions[tasks[t].region].phase = Closing)
    ==> begin
      obligations[o].phase := Reserved;
      obligations[o].holder := t;
    end;
  end;
end;

ruleset r: region_name do
  rule "CloseBegin" regions[r].phase = Open ==> begin
    regions[r].phase := Closing;
  end;

  rule "CloseCancelChildren"
    regions[r].phase = Closing & exists t: task_name do is_uncancelled_child(t, r) end
  ==> begin
    regions[r].cancel := true;
    for t: task_name do
      if is_uncancelled_child(t, r) then
        tasks[t].phase := CancelRequested;
        tasks[t].mask := MASK;
      end;
    end;
  end;

  rule "CloseChildrenDone"
    regions[r].phase = Closing & all_children_completed(r) & all_subregions_closed(r)
  ==> begin
    regions[r].phase := ChildrenDone;
  end;

  rule "CloseRunFinalizer" regions[r].phase = ChildrenDone ==> begin
    regions[r].phase := RegionFinalizing;
  end;

  rule "CloseQuiesce" regions[r].phase = RegionFinalizing & is_quiet(r) ==> begin
    regions[r].phase := Quiescent;
  end;

  rule "Close" regions[r].phase = Quiescent & is_quiet(r) ==> begin
    regions[r].phase := Closed;
  end;

  ruleset c: region_name do
    rule "CreateSubregion"
      r != c & regions[r].phase = Open & regions[c].phase = Closed & regions[c].parent = 0
      & !is_subregion(r, c)
    ==> begin
      regions[c].phase := Open;
      regions[c].parent := r + 1;
    end;
  end;
end;

ruleset o: obligation_name do
  rule "CommitObligation" obligations[o].phase = Reserved ==> begin
    obligations[o].phase := Committed;
  end;

  rule "AbortObligation" obligations[o].phase = Reserved ==> begin
    obligations[o].phase := Aborted;
  end;

  rule "LeakObligation"
    obligations[o].phase = Reserved & tasks[obligations[o].holder].phase = Completed
  ==> begin
    obligations[o].phase := Leaked;
  end;
end;

invariant "TypeInvariant" forall t: task_name do
  tasks[t].mask <= MASK
  & (tasks[t].mask > 0 -> tasks[t].phase = CancelRequested | tasks[t].phase = CancelMasked)
end;

invariant "ObHolderExists" forall o: obligation_name do
  obligations[o].phase != NotReserved -> is_born(obligations[o].holder)
end;

invariant "NoOrphanTasks" forall r: region_name do
  regions[r].phase = Closed -> all_children_completed(r)
end;

invariant "NoLeakedObligations" forall r: region_name do
  regions[r].phase = Closed -> ledger_is_empty(r)
end;

invariant "CloseImpliesQuiescent" forall r: region_name do
  regions[r].phase = Closed -> is_quiet(r)
end;
