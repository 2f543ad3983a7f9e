/* The project's own machine, bounded, in Promela: every action, and the internal rules to their
 * fixpoint, in one d_step, so that only settled states exist. Rule and invariant ids are those of
 * spec/. Written from the semantics and from docs/decisions/0001, not from spec/'s sources.
 *
 * Bounds (spin -DREGIONS=2 ...): names are handed out in order, so the next Name is a counter.
 *   REGIONS      regions, the root included      1..6
 *   TASKS        body tasks                      1..6
 *   OBLIGATIONS                                  0..6
 *   FINALIZERS                                   0..6, TASKS + FINALIZERS <= 8
 *   MASK         units that EnterMask may ask    1..4
 *   KINDS        1: User; 2: User and Shutdown
 *   POLICIES     1: CollectAll; 2: and FailFast
 *   ARRIVALS     0; 1: a state is also told by the action that led to it
 *
 * Every process has one control state and no local variable, so a state of the search is a state of
 * the machine and a transition of the search is an accepted action. Time stays 0: a reason is its
 * kind and its origin. `hidden` variables are scratch within a d_step and no part of the state.
 */
#ifndef REGIONS
#define REGIONS 2
#endif
#ifndef TASKS
#define TASKS 1
#endif
#ifndef OBLIGATIONS
#define OBLIGATIONS 1
#endif
#ifndef FINALIZERS
#define FINALIZERS 1
#endif
#ifndef MASK
#define MASK 1
#endif
#ifndef KINDS
#define KINDS 1
#endif
#ifndef POLICIES
#define POLICIES 1
#endif
#ifndef ARRIVALS
#define ARRIVALS 0
#endif

#define TASK_ROWS (TASKS + FINALIZERS) /* the finalizer f_k is the task TASKS + k */
#if OBLIGATIONS > 0
#define OBLIGATION_ROWS OBLIGATIONS
#else
#define OBLIGATION_ROWS 1
#endif
#if FINALIZERS > 0
#define FINALIZER_ROWS FINALIZERS
#else
#define FINALIZER_ROWS 1
#endif

#define NONE 255

/* Phases, in ladder order. The initial state, the Open root, is all zeros: no process sets it up. */
#define R_OPEN 0
#define R_CLOSING 1
#define R_DRAINING 2
#define R_FINALIZING 3
#define R_CLOSED 4

#define T_ABSENT 0
#define T_CREATED 1
#define T_RUNNING 2
#define T_CANCEL_REQUESTED 3
#define T_CANCELLING 4
#define T_FINALIZING 5
#define T_COMPLETED 6

#define O_ABSENT 0
#define O_RESERVED 1
#define O_COMMITTED 2
#define O_ABORTED_CANCEL 3
#define O_ABORTED_EXPLICIT 4
#define O_LEAKED 5

#define COLLECT_ALL 0
#define FAIL_FAST 1

/* Reasons as numbers in the order of the lattice, so that strengthen is the maximum: severity up
 * (the four kinds here have the severities 0, 3, 4, 5), then origin down. 0: no reason. */
#define USER 0
#define FAIL_FAST_KIND 1
#define PARENT_CANCELLED 2
#define SHUTDOWN 3
#define REASON(kind, origin) (1 + (kind) * REGIONS + (REGIONS - 1 - (origin)))

/* Outcomes likewise: Ok < Err < Cancelled(reason) < Panicked, so that join is the maximum. */
#define OK 0
#define ERR 1
#define CANCELLED(reason) (1 + (reason))
#define PANICKED 255
#define IS_CANCELLED(outcome) ((outcome) > ERR && (outcome) < PANICKED)

typedef Region {
  byte parent; /* 0 for the root too: it is told by its own number */
  byte phase;
  byte policy;
  byte reason;
  byte outcome;
  byte children; /* bit set: child regions that are not Closed */
  byte tasks;    /* bit set: tasks that are not Completed */
  byte pending;  /* obligations that are Reserved */
  byte depth;    /* of the finalizer stack */
  byte finalizer[FINALIZER_ROWS]; /* the stack: registered and not started, bottom first */
  byte finalizing; /* 1 + the finalizer task that runs, or 0 */
};
typedef Task {
  byte owner;
  byte phase;
  byte mask;
  byte reason;
  byte outcome;
};
typedef Obligation {
  byte holder;
  byte region;
  byte phase;
};

Region region[REGIONS];
Task task[TASK_ROWS];
Obligation obligation[OBLIGATION_ROWS];
byte opened;   /* regions there are, root not counted */
byte spawned;  /* body tasks there are */
byte deferred; /* finalizers registered so far */
byte promised; /* obligations there are */
byte leaks;
#if ARRIVALS
byte verb, who, how; /* the last action, the row it named, its argument; verb 0 at the start */
#endif

#define REGION_EXISTS(r) ((r) <= opened)
#define IS_BODY(t) ((t) < TASKS)
#define IS_LIVE(t) (task[t].phase != T_ABSENT && task[t].phase != T_COMPLETED)
#define IS_STARTED(t) (task[t].phase > T_CREATED)
#define BIT(i) (1 << (i))
#define HAS(set, i) (((set) & BIT(i)) != 0)

hidden byte give[REGIONS]; /* the request on its way to a region; all 0 between actions */
hidden byte i, j, k, n, owner, ended;
/* The verdicts, one an invariant, so that pan's report names it. */
hidden byte inv_region_tree, inv_region_quiescence, inv_region_ledger_empty, inv_region_settled;
hidden byte inv_ownership_single_owner, inv_ownership_task_owned;
hidden byte inv_cancel_propagates, inv_cancel_reaches_tasks, inv_cancel_begins_close;
hidden byte inv_cancel_phase_has_reason, inv_cancel_dominates, inv_mask_bounded;
hidden byte inv_finalizer_one_at_a_time, inv_finalizer_last_in_first_out;
hidden byte inv_finalizer_only_in_finalizing, inv_finalizer_all_ran, inv_finalizer_shielded;
hidden byte inv_obligation_counted, inv_obligation_holder_live, inv_obligation_leaks_counted;
hidden byte inv_obligation_settled_by_completion, inv_outcome_joined, inv_terminal_absorbing;

/* The stronger of two reasons, the worse of two outcomes. rule.cancel.strengthen rule.outcome.join */
inline raise(held, incoming) {
  if
  :: (incoming) > held -> held = incoming
  :: else
  fi
}

/* rule.region.begin_close */
inline begin_close(r) {
  if
  :: region[r].phase == R_OPEN && region[r].children != 0 -> region[r].phase = R_DRAINING
  :: region[r].phase == R_OPEN && region[r].children == 0 -> region[r].phase = R_CLOSING
  :: else
  fi
}

/* rule.task.request_cancel: the budget follows from the reason, so it is no part of the state. */
inline request_cancel(t, reason_) {
  inv_terminal_absorbing = IS_LIVE(t);
  inv_finalizer_shielded = IS_BODY(t);
  assert(inv_terminal_absorbing);
  assert(inv_finalizer_shielded);
  raise(task[t].reason, reason_);
  if
  :: task[t].phase < T_CANCEL_REQUESTED -> task[t].phase = T_CANCEL_REQUESTED
  :: else
  fi
}

/* Every live body task of r but one gets a request; NONE spares nobody. */
inline request_tasks(r, spared, reason_) {
  for (j : 0 .. TASKS - 1) {
    if
    :: HAS(region[r].tasks, j) && j != spared -> request_cancel(j, reason_)
    :: else
    fi
  }
}

/* Each live child region of r is to get ParentCancelled from r. */
inline give_children(r) {
  for (j : 0 .. REGIONS - 1) {
    if
    :: HAS(region[r].children, j) -> give[j] = REASON(PARENT_CANCELLED, r)
    :: else
    fi
  }
}

/* rule.region.cancel_subtree: hands out `give`. A child's Name is above its parent's, so going up
 * the Names reaches parents before children, and one pass reaches everyone. */
inline cancel_subtree() {
  for (i : 0 .. REGIONS - 1) {
    if
    :: give[i] != 0 ->
      raise(region[i].reason, give[i]);
      give[i] = 0;
      begin_close(i);
      request_tasks(i, NONE, region[i].reason);
      give_children(i)
    :: else
    fi
  }
}

/* rule.region.settle: the internal rules to their fixpoint. Only a child's close enables anything
 * elsewhere, at its parent, whose Name is below: one pass down the Names is enough (asserted by
 * inv.region.settled). */
inline settle() {
  for (i : 0 .. opened) {
    n = opened - i;
    if /* rule.region.finalize */
    :: (region[n].phase == R_CLOSING || region[n].phase == R_DRAINING) &&
       region[n].tasks == 0 && region[n].children == 0 ->
      region[n].phase = R_FINALIZING
    :: else
    fi;
    if /* rule.region.start_finalizer */
    :: region[n].phase == R_FINALIZING && region[n].depth > 0 && region[n].finalizing == 0 ->
      region[n].depth--;
      k = region[n].finalizer[region[n].depth];
      region[n].finalizer[region[n].depth] = 0;
      region[n].finalizing = 1 + k;
      region[n].tasks = region[n].tasks | BIT(k);
      task[k].owner = n;
      task[k].phase = T_CREATED
    :: else
    fi;
    if /* rule.region.complete_close */
    :: region[n].phase == R_FINALIZING && region[n].depth == 0 && region[n].finalizing == 0 ->
      if
      :: region[n].reason != 0 -> raise(region[n].outcome, CANCELLED(region[n].reason))
      :: else
      fi;
      region[n].phase = R_CLOSED;
      region[n].policy = COLLECT_ALL; /* a Closed region keeps name, parent, reason, outcome */
      if
      :: n != 0 ->
        region[region[n].parent].children = region[region[n].parent].children & ~BIT(n)
      :: else
      fi
    :: else
    fi
  }
}

/* rule.obligation.settle_held */
inline settle_held(t, outcome_) {
  for (i : 0 .. OBLIGATION_ROWS - 1) {
    if
    :: obligation[i].phase == O_RESERVED && obligation[i].holder == t ->
      region[obligation[i].region].pending--;
      if
      :: IS_CANCELLED(outcome_) -> obligation[i].phase = O_ABORTED_CANCEL
      :: else ->
        obligation[i].phase = O_LEAKED;
        leaks++
      fi
    :: else
    fi
  }
}

/* rule.region.fail_fast */
inline fail_fast(r, failed, outcome_) {
  if
  :: region[r].policy == FAIL_FAST && IS_BODY(failed) &&
     ((outcome_) == ERR || (outcome_) == PANICKED) ->
    request_tasks(r, failed, REASON(FAIL_FAST_KIND, r));
    give_children(r);
    cancel_subtree()
  :: else
  fi
}

/* rule.task.complete: settle what it holds, fold, unlink, policy; the caller settles the regions. */
inline complete(t, outcome_) {
  settle_held(t, outcome_);
  owner = task[t].owner;
  raise(region[owner].outcome, outcome_);
  region[owner].tasks = region[owner].tasks & ~BIT(t);
  if
  :: region[owner].finalizing == 1 + (t) -> region[owner].finalizing = 0
  :: else
  fi;
  task[t].phase = T_COMPLETED;
  task[t].outcome = outcome_;
  task[t].mask = 0;
  fail_fast(owner, t, outcome_)
}

/* rule.task.return: what the body returned becomes the outcome, unless a cancel is recorded. */
inline return_with(t, returned) {
  ended = returned;
  if
  :: task[t].phase != T_RUNNING && ended != PANICKED ->
    if
    :: IS_CANCELLED(ended) -> raise(ended, CANCELLED(task[t].reason))
    :: else -> ended = CANCELLED(task[t].reason)
    fi
  :: else
  fi;
  complete(t, ended)
}

/* rule.region.open */
inline open_region(parent_, policy_) {
  opened++;
  region[opened].parent = parent_;
  region[opened].policy = policy_;
  region[parent_].children = region[parent_].children | BIT(opened)
}

/* rule.region.close */
inline close_region(r) {
  begin_close(r)
}
inline close_region_cancel(r) {
  begin_close(r);
  request_tasks(r, NONE, REASON(PARENT_CANCELLED, r));
  give_children(r);
  cancel_subtree()
}

/* rule.region.cancel */
inline cancel_region(r, kind) {
  give[r] = REASON(kind, r);
  cancel_subtree()
}

/* rule.region.defer_finalizer */
inline defer_finalizer(r) {
  region[r].finalizer[region[r].depth] = TASKS + deferred;
  region[r].depth++;
  deferred++
}

/* rule.ownership.spawn */
inline spawn(r) {
  task[spawned].owner = r;
  task[spawned].phase = T_CREATED;
  region[r].tasks = region[r].tasks | BIT(spawned);
  spawned++
}

/* rule.task.checkpoint */
inline checkpoint(t) {
  if
  :: task[t].phase == T_CANCEL_REQUESTED && task[t].mask == 0 -> task[t].phase = T_CANCELLING
  :: task[t].phase == T_CANCEL_REQUESTED && task[t].mask != 0 -> task[t].mask--
  :: else
  fi
}

/* rule.obligation.reserve */
inline reserve(t) {
  obligation[promised].holder = t;
  obligation[promised].region = task[t].owner;
  obligation[promised].phase = O_RESERVED;
  region[task[t].owner].pending++;
  promised++
}

/* rule.obligation.commit, rule.obligation.abort */
inline resolve(o, phase_) {
  obligation[o].phase = phase_;
  region[obligation[o].region].pending--
}

#include "invariants.pml"

/* At the end of each action: the internal rules, then every invariant. */
inline settled(verb_, how_) {
  settle();
  check_regions();
  check_tasks();
  check_obligations();
#if ARRIVALS
  verb = verb_;
  who = _pid;
  how = how_
#endif
}

/* The processes: one a row, each offering what can be asked of the row. `end` marks their only
 * control state as a valid end: a run may stop when the root is Closed. */
#define R _pid
#define T (_pid - REGIONS)
#define O (_pid - REGIONS - TASK_ROWS)
#define MAY_CANCEL_REGION (REGION_EXISTS(R) && region[R].phase != R_CLOSED)
#define MAY_CLOSE_REGION (REGION_EXISTS(R) && region[R].phase == R_OPEN)
#define MAY_RETURN (IS_LIVE(T) && IS_STARTED(T))
#define MAY_CANCEL_TASK (IS_LIVE(T) && IS_BODY(T))
#define MAY_MASK(units) \
  (IS_BODY(T) && task[T].phase == T_RUNNING && task[T].mask == 0 && (units) <= MASK)
#define MAY_RESERVE \
  (IS_LIVE(T) && region[task[T].owner].phase == R_OPEN && promised < OBLIGATIONS)
#define MAY_RESOLVE \
  (O < promised && region[obligation[O].region].phase != R_CLOSED && \
   obligation[O].phase == O_RESERVED)

active [REGIONS] proctype region_actions() {
end:
  do
  :: d_step { MAY_CLOSE_REGION && opened < REGIONS - 1 -> open_region(R, COLLECT_ALL); settled(1, 0) }
#if POLICIES > 1
  :: d_step { MAY_CLOSE_REGION && opened < REGIONS - 1 -> open_region(R, FAIL_FAST); settled(1, 1) }
#endif
  :: d_step { MAY_CLOSE_REGION -> close_region(R); settled(2, 0) }
  :: d_step { MAY_CLOSE_REGION -> close_region_cancel(R); settled(2, 1) }
  :: d_step { MAY_CANCEL_REGION -> cancel_region(R, USER); settled(3, 0) }
#if KINDS > 1
  :: d_step { MAY_CANCEL_REGION -> cancel_region(R, SHUTDOWN); settled(3, 1) }
#endif
#if FINALIZERS > 0
  :: d_step { MAY_CLOSE_REGION && deferred < FINALIZERS -> defer_finalizer(R); settled(4, 0) }
#endif
  :: d_step { MAY_CLOSE_REGION && spawned < TASKS -> spawn(R); settled(5, 0) }
  od
}

active [TASK_ROWS] proctype task_actions() {
end:
  do
  /* rule.task.start */
  :: d_step { task[T].phase == T_CREATED -> task[T].phase = T_RUNNING; settled(6, 0) }
  :: d_step { IS_LIVE(T) && IS_STARTED(T) -> checkpoint(T); settled(7, 0) }
  /* rule.task.enter_mask, rule.task.leave_mask */
  :: d_step { MAY_MASK(1) -> task[T].mask = 1; settled(8, 1) }
#if MASK > 1
  :: d_step { MAY_MASK(2) -> task[T].mask = 2; settled(8, 2) }
#endif
#if MASK > 2
  :: d_step { MAY_MASK(3) -> task[T].mask = 3; settled(8, 3) }
#endif
#if MASK > 3
  :: d_step { MAY_MASK(4) -> task[T].mask = 4; settled(8, 4) }
#endif
  :: d_step { IS_LIVE(T) && task[T].mask > 0 -> task[T].mask = 0; settled(9, 0) }
  /* rule.task.cleanup_done */
  :: d_step { task[T].phase == T_CANCELLING -> task[T].phase = T_FINALIZING; settled(10, 0) }
  :: d_step { MAY_RETURN -> return_with(T, OK); settled(11, 0) }
  :: d_step { MAY_RETURN -> return_with(T, ERR); settled(11, 1) }
  :: d_step { MAY_RETURN -> return_with(T, PANICKED); settled(11, 2) }
  :: d_step { MAY_RETURN -> return_with(T, CANCELLED(REASON(USER, task[T].owner))); settled(11, 3) }
  /* rule.task.cancel */
  :: d_step { MAY_CANCEL_TASK -> request_cancel(T, REASON(USER, task[T].owner)); settled(12, 0) }
#if KINDS > 1
  :: d_step { MAY_CANCEL_TASK -> request_cancel(T, REASON(SHUTDOWN, task[T].owner)); settled(12, 1) }
#endif
#if OBLIGATIONS > 0
  :: d_step { MAY_RESERVE -> reserve(T); settled(13, 0) }
#endif
  od
}

#if OBLIGATIONS > 0
active [OBLIGATIONS] proctype obligation_actions() {
end:
  do
  :: d_step { MAY_RESOLVE -> resolve(O, O_COMMITTED); settled(14, 0) }
  :: d_step { MAY_RESOLVE -> resolve(O, O_ABORTED_EXPLICIT); settled(14, 1) }
  od
}
#endif
