-- Appended to house.m by the tests: each start state is wrong in one way, so that each invariant is
-- seen to fail. The comment beside a state names the invariant that must fail there.
-- Bounds: REGIONS 2, TASKS 1, OBLIGATIONS 1, FINALIZERS 2, MASK 1.

procedure clean();
begin
  clear regions;
  clear tasks;
  clear obligations;
  clear last;
  regions[0].phase := Open;
end;

startstate "inv.region.tree: r1 is its own parent"
begin
  clean();
  regions[1].phase := Open;
  regions[1].parent := 1;
end;

startstate "inv.region.quiescence: r0 is Closed and f0 is Deferred"
begin
  clean();
  regions[0].phase := Closed;
  tasks[TASKS].phase := Deferred;
end;

startstate "inv.region.ledger_empty: r0 is Closed and o1 is Reserved by a task that is not live"
begin
  clean();
  regions[0].phase := Closed;
  tasks[0].phase := Completed;
  obligations[1].phase := Reserved;
end;

startstate "inv.region.settled: r0 is Closing and has nothing"
begin
  clean();
  regions[0].phase := Closing;
end;

startstate "inv.ownership.task_owned: t0 is live in a region that is not there"
begin
  clean();
  tasks[0].phase := Created;
  tasks[0].owner := 1;
end;

startstate "inv.cancel.propagates: r0 is cancelled and its child r1 is not"
begin
  clean();
  regions[0].phase := Draining;
  regions[0].why.kind := User;
  regions[1].phase := Open;
end;

startstate "inv.cancel.reaches_tasks: r0 is cancelled and t0 is Running"
begin
  clean();
  regions[0].phase := Closing;
  regions[0].why.kind := User;
  tasks[0].phase := Running;
end;

startstate "inv.cancel.begins_close: r0 is cancelled and Open"
begin
  clean();
  regions[0].why.kind := User;
end;

startstate "inv.cancel.phase_has_reason: t0 is CancelRequested for no reason"
begin
  clean();
  tasks[0].phase := CancelRequested;
end;

startstate "inv.cancel.dominates: t0 was cancelled and ended in Err"
begin
  clean();
  tasks[0].phase := Completed;
  tasks[0].why.kind := User;
  tasks[0].result.kind := Err;
  regions[0].result.kind := Err;
end;

startstate "inv.mask.bounded: t0 has a mask of 2"
begin
  clean();
  tasks[0].phase := Running;
  tasks[0].mask := 2;
end;

startstate "inv.finalizer.one_at_a_time: f0 and f1 run"
begin
  clean();
  regions[0].phase := RegionFinalizing;
  tasks[TASKS].phase := Running;
  tasks[TASKS + 1].phase := Running;
end;

startstate "inv.finalizer.only_in_finalizing: f0 runs in an Open region"
begin
  clean();
  tasks[TASKS].phase := Running;
end;

startstate "inv.finalizer.last_in_first_out: f0 runs and f1 waits"
begin
  clean();
  regions[0].phase := RegionFinalizing;
  tasks[TASKS].phase := Running;
  tasks[TASKS + 1].phase := Deferred;
end;

startstate "inv.finalizer.shielded: f0 has a mask"
begin
  clean();
  regions[0].phase := RegionFinalizing;
  tasks[TASKS].phase := Running;
  tasks[TASKS].mask := 1;
end;

startstate "inv.obligation.holder_live: o1 is Reserved by t0, which has completed"
begin
  clean();
  tasks[0].phase := Completed;
  obligations[1].phase := Reserved;
end;

startstate "inv.obligation.settled_by_completion: o1 has leaked and t0 runs"
begin
  clean();
  tasks[0].phase := Running;
  obligations[1].phase := Leaked;
end;

startstate "inv.outcome.joined: r0 was cancelled and closed Ok"
begin
  clean();
  regions[0].phase := Closed;
  regions[0].why.kind := User;
end;

startstate "terminal rows are canonical: t0 runs and has an outcome"
begin
  clean();
  tasks[0].phase := Running;
  tasks[0].result.kind := Err;
end;

startstate "inv.terminal.absorbing: a request for t0, which has completed"
begin
  clean();
  tasks[0].phase := Completed;
  request_cancel(0, User, 0);
end;

startstate "inv.finalizer.shielded: a request for f0"
begin
  clean();
  regions[0].phase := RegionFinalizing;
  tasks[TASKS].phase := Running;
  request_cancel(TASKS, User, 0);
end;
