/* The public TLA+ model of asupersync in Promela, from the table of its actions: one process with
 * one control state, one d_step an action, so that a state of the search is a state of the model and
 * a transition of the search is one way in which an action fires.
 *
 * Bounds (spin -DTASKS=3 ...): TASKS 1..4, REGIONS 1..3 (the root included), OBLIGATIONS 0..2,
 * MASK 0..9, what every cancel request assigns.
 *
 * The initial state is all zeros. A region but the root is Closed until it is given a parent, which
 * it keeps for ever, so its phase begins at Open and counts only once there is a parent. A region's
 * children, subregions and ledger are read off the rows; an obligation's region is its holder's.
 */
#ifndef TASKS
#define TASKS 2
#endif
#ifndef REGIONS
#define REGIONS 2
#endif
#ifndef OBLIGATIONS
#define OBLIGATIONS 1
#endif
#ifndef MASK
#define MASK 2
#endif
#if OBLIGATIONS > 0
#define OBLIGATION_ROWS OBLIGATIONS
#else
#define OBLIGATION_ROWS 1
#endif

#define UNBORN 0
#define SPAWNED 1
#define RUNNING 2
#define CANCEL_REQUESTED 3
#define CANCEL_MASKED 4
#define ACKNOWLEDGED 5
#define T_FINALIZING 6
#define COMPLETED 7

#define OPEN 0
#define CLOSING 1
#define CHILDREN_DONE 2
#define R_FINALIZING 3
#define QUIESCENT 4
#define CLOSED 5

#define NOT_RESERVED 0
#define RESERVED 1
#define COMMITTED 2
#define ABORTED 3
#define LEAKED 4

byte task_phase[TASKS];
byte task_region[TASKS];
byte task_mask[TASKS];
byte region_phase[REGIONS];
byte region_parent[REGIONS]; /* 0: none; else 1 + the parent */
bit region_cancel[REGIONS];
byte ob_phase[OBLIGATION_ROWS];
byte ob_holder[OBLIGATION_ROWS];

/* "P(x, r) for some x": || over the rows that the bounds have. */
#if TASKS > 1
#define OR_T1(P, r) || P(1, r)
#else
#define OR_T1(P, r)
#endif
#if TASKS > 2
#define OR_T2(P, r) || P(2, r)
#else
#define OR_T2(P, r)
#endif
#if TASKS > 3
#define OR_T3(P, r) || P(3, r)
#else
#define OR_T3(P, r)
#endif
#define SOME_TASK(P, r) (P(0, r) OR_T1(P, r) OR_T2(P, r) OR_T3(P, r))

#if REGIONS > 1
#define OR_R1(P, r) || P(1, r)
#else
#define OR_R1(P, r)
#endif
#if REGIONS > 2
#define OR_R2(P, r) || P(2, r)
#else
#define OR_R2(P, r)
#endif
#define SOME_REGION(P, r) (P(0, r) OR_R1(P, r) OR_R2(P, r))

#if OBLIGATIONS > 1
#define SOME_OBLIGATION(P, r) (P(0, r) || P(1, r))
#elif OBLIGATIONS > 0
#define SOME_OBLIGATION(P, r) (P(0, r))
#else
#define SOME_OBLIGATION(P, r) (false)
#endif

#define EXISTS(r) (r == 0 || region_parent[r] != 0)
#define IN_PHASE(r, p) (EXISTS(r) && region_phase[r] == p)
#define IS_CLOSED(r) (!EXISTS(r) || region_phase[r] == CLOSED)

#define IS_CHILD(t, r) (task_phase[t] != UNBORN && task_region[t] == r)
#define LIVE_CHILD(t, r) (IS_CHILD(t, r) && task_phase[t] != COMPLETED)
#define NOT_CANCELLED(t, r) \
  (task_region[t] == r && (task_phase[t] == SPAWNED || task_phase[t] == RUNNING))
#define OPEN_SUB(c, r) (region_parent[c] == r + 1 && !IS_CLOSED(c))
#define OWED(o, r) (ob_phase[o] == RESERVED && task_region[ob_holder[o]] == r)
#define IS_QUIET(r) \
  (!SOME_TASK(LIVE_CHILD, r) && !SOME_REGION(OPEN_SUB, r) && !SOME_OBLIGATION(OWED, r))

/* What the module says of every state, each as the thing that must not be. */
#define NO_HOLDER(o, r) (ob_phase[o] != NOT_RESERVED && task_phase[ob_holder[o]] == UNBORN)
#define BAD_MASK(t, r) \
  (task_mask[t] > MASK || \
   (task_mask[t] > 0 && task_phase[t] != CANCEL_REQUESTED && task_phase[t] != CANCEL_MASKED))
#define CLOSED_UNQUIET(r) (IS_CLOSED(r) && !IS_QUIET(r))

#define SPAWN(t, r) \
  :: d_step { task_phase[t] == UNBORN && IN_PHASE(r, OPEN) -> \
       task_phase[t] = SPAWNED; task_region[t] = r }
#define CANCEL_CHILD(t, r) \
  if \
  :: NOT_CANCELLED(t, r) -> task_phase[t] = CANCEL_REQUESTED; task_mask[t] = MASK \
  :: else \
  fi

#define TASK(t) \
  :: d_step { task_phase[t] == SPAWNED -> task_phase[t] = RUNNING } \
  :: d_step { task_phase[t] == RUNNING -> task_phase[t] = COMPLETED } \
  :: d_step { task_phase[t] == RUNNING -> task_phase[t] = CANCEL_REQUESTED; task_mask[t] = MASK; \
       region_cancel[task_region[t]] = 1 } \
  :: d_step { (task_phase[t] == CANCEL_REQUESTED || task_phase[t] == CANCEL_MASKED) && \
       task_mask[t] > 0 -> \
       task_mask[t] = task_mask[t] - 1; \
       task_phase[t] = (task_mask[t] == 0 -> ACKNOWLEDGED : CANCEL_MASKED) } \
  :: d_step { task_phase[t] == CANCEL_REQUESTED && task_mask[t] == 0 -> \
       task_phase[t] = ACKNOWLEDGED } \
  :: d_step { task_phase[t] == ACKNOWLEDGED -> task_phase[t] = T_FINALIZING } \
  :: d_step { task_phase[t] == T_FINALIZING -> task_phase[t] = COMPLETED }

#define REGION(r) \
  :: d_step { CLOSED_UNQUIET(r) -> assert(false) } \
  :: d_step { IN_PHASE(r, OPEN) -> region_phase[r] = CLOSING } \
  :: d_step { IN_PHASE(r, CLOSING) && SOME_TASK(NOT_CANCELLED, r) -> \
       region_cancel[r] = 1; CANCEL_CHILDREN(r) } \
  :: d_step { IN_PHASE(r, CLOSING) && !SOME_TASK(LIVE_CHILD, r) && !SOME_REGION(OPEN_SUB, r) -> \
       region_phase[r] = CHILDREN_DONE } \
  :: d_step { IN_PHASE(r, CHILDREN_DONE) -> region_phase[r] = R_FINALIZING } \
  :: d_step { IN_PHASE(r, R_FINALIZING) && IS_QUIET(r) -> region_phase[r] = QUIESCENT } \
  :: d_step { IN_PHASE(r, QUIESCENT) && IS_QUIET(r) -> region_phase[r] = CLOSED }

#define RESERVE(o, t) \
  :: d_step { ob_phase[o] == NOT_RESERVED && \
       (task_phase[t] == RUNNING || task_phase[t] == CANCEL_REQUESTED || \
        task_phase[t] == CANCEL_MASKED) && \
       (IN_PHASE(task_region[t], OPEN) || IN_PHASE(task_region[t], CLOSING)) -> \
       ob_phase[o] = RESERVED; ob_holder[o] = t }
#define OBLIGATION(o) \
  :: d_step { ob_phase[o] == RESERVED -> ob_phase[o] = COMMITTED } \
  :: d_step { ob_phase[o] == RESERVED -> ob_phase[o] = ABORTED } \
  :: d_step { ob_phase[o] == RESERVED && task_phase[ob_holder[o]] == COMPLETED -> \
       ob_phase[o] = LEAKED }

/* The subregion c, which is no parent of p, comes to life below p. */
#define CREATE(p, c) \
  :: d_step { IN_PHASE(p, OPEN) && IS_CLOSED(c) && region_parent[c] == 0 && \
       region_parent[p] != c + 1 -> \
       region_phase[c] = OPEN; region_parent[c] = p + 1 }

#if TASKS > 1
#define CANCEL_1(r) ; CANCEL_CHILD(1, r)
#else
#define CANCEL_1(r)
#endif
#if TASKS > 2
#define CANCEL_2(r) ; CANCEL_CHILD(2, r)
#else
#define CANCEL_2(r)
#endif
#if TASKS > 3
#define CANCEL_3(r) ; CANCEL_CHILD(3, r)
#else
#define CANCEL_3(r)
#endif
#define CANCEL_CHILDREN(r) CANCEL_CHILD(0, r) CANCEL_1(r) CANCEL_2(r) CANCEL_3(r)

#if REGIONS > 2
#define SPAWNS(t) SPAWN(t, 0) SPAWN(t, 1) SPAWN(t, 2)
#elif REGIONS > 1
#define SPAWNS(t) SPAWN(t, 0) SPAWN(t, 1)
#else
#define SPAWNS(t) SPAWN(t, 0)
#endif
#if OBLIGATIONS > 1
#define RESERVES(t) RESERVE(0, t) RESERVE(1, t)
#elif OBLIGATIONS > 0
#define RESERVES(t) RESERVE(0, t)
#else
#define RESERVES(t)
#endif
#define ALL_OF_TASK(t) SPAWNS(t) TASK(t) RESERVES(t)

active proctype machine() {
end:
  do
  :: d_step { SOME_TASK(BAD_MASK, 0) || SOME_OBLIGATION(NO_HOLDER, 0) -> assert(false) }
  ALL_OF_TASK(0)
#if TASKS > 1
  ALL_OF_TASK(1)
#endif
#if TASKS > 2
  ALL_OF_TASK(2)
#endif
#if TASKS > 3
  ALL_OF_TASK(3)
#endif
  REGION(0)
#if REGIONS > 1
  REGION(1)
  CREATE(0, 1)
  CREATE(1, 0)
#endif
#if REGIONS > 2
  REGION(2)
  CREATE(0, 2)
  CREATE(1, 2)
  CREATE(2, 0)
  CREATE(2, 1)
#endif
#if OBLIGATIONS > 0
  OBLIGATION(0)
#endif
#if OBLIGATIONS > 1
  OBLIGATION(1)
#endif
  od
}
