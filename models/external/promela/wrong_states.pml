/* For the tests: from the initial state, a step to a state that is wrong in one way, so that each
 * invariant is seen to fail. The name printed first is of the invariant that must fail there; others
 * may fail behind it. Explore to depth 1 only, counting all errors.
 * Bounds: REGIONS 2, TASKS 1, OBLIGATIONS 1, FINALIZERS 2, MASK 1. */
#include "house.pml"

inline check_all() {
  check_regions();
  check_tasks();
  check_obligations()
}

active proctype wrong_states() {
end:
  do
  :: d_step { printf("wrong inv_region_tree\n"); /* r1 is Open and its parent does not list it */
       opened = 1; check_all() }
  :: d_step { printf("wrong inv_region_quiescence\n"); /* r0 is Closed and lists t0 */
       region[0].phase = R_CLOSED; region[0].tasks = 1; check_all() }
  :: d_step { printf("wrong inv_region_settled\n"); /* r0 is Closing and has nothing */
       region[0].phase = R_CLOSING; check_all() }
  :: d_step { printf("wrong inv_finalizer_all_ran\n"); /* r0 is Closed and f0 is on its stack */
       region[0].phase = R_CLOSED; region[0].depth = 1; check_all() }
  :: d_step { printf("wrong inv_finalizer_last_in_first_out\n"); /* f0 runs and f1 waits */
       region[0].phase = R_FINALIZING; region[0].depth = 1; region[0].finalizer[0] = TASKS + 1;
       region[0].finalizing = 1 + TASKS; task[TASKS].phase = T_RUNNING;
       region[0].tasks = BIT(TASKS); check_all() }
  :: d_step { printf("wrong inv_cancel_propagates\n"); /* r0 is cancelled and its child r1 is not */
       opened = 1; region[0].children = 2; region[0].phase = R_DRAINING;
       region[0].reason = REASON(USER, 0); check_all() }
  :: d_step { printf("wrong inv_cancel_begins_close\n"); /* r0 is cancelled and Open */
       region[0].reason = REASON(USER, 0); check_all() }
  :: d_step { printf("wrong inv_outcome_joined\n"); /* r0 was cancelled and closed Ok */
       region[0].phase = R_CLOSED; region[0].reason = REASON(USER, 0); check_all() }
  :: d_step { printf("wrong inv_ownership_single_owner\n"); /* r0 and r1 list t0 */
       opened = 1; region[0].children = 2; region[0].tasks = 1; region[1].tasks = 1;
       task[0].phase = T_CREATED; check_all() }
  :: d_step { printf("wrong inv_ownership_task_owned\n"); /* t0 is live in a Closed region */
       region[0].phase = R_CLOSED; region[0].tasks = 1; task[0].phase = T_CREATED; check_all() }
  :: d_step { printf("wrong inv_cancel_reaches_tasks\n"); /* r0 is cancelled and t0 runs */
       region[0].phase = R_CLOSING; region[0].reason = REASON(USER, 0); region[0].tasks = 1;
       task[0].phase = T_RUNNING; check_all() }
  :: d_step { printf("wrong inv_cancel_phase_has_reason\n"); /* t0 is Cancelling for no reason */
       region[0].tasks = 1; task[0].phase = T_CANCELLING; check_all() }
  :: d_step { printf("wrong inv_cancel_dominates\n"); /* t0 was cancelled and ended in Err */
       task[0].phase = T_COMPLETED; task[0].reason = REASON(USER, 0); task[0].outcome = ERR;
       region[0].outcome = ERR; check_all() }
  :: d_step { printf("wrong inv_mask_bounded\n"); /* t0 has a mask of 2 */
       region[0].tasks = 1; task[0].phase = T_RUNNING; task[0].mask = 2; check_all() }
  :: d_step { printf("wrong inv_finalizer_one_at_a_time\n"); /* f0 and f1 run */
       region[0].phase = R_FINALIZING; region[0].finalizing = 1 + TASKS;
       region[0].tasks = BIT(TASKS) + BIT(TASKS + 1); task[TASKS].phase = T_RUNNING;
       task[TASKS + 1].phase = T_RUNNING; check_all() }
  :: d_step { printf("wrong inv_finalizer_only_in_finalizing\n"); /* f0 runs in an Open region */
       region[0].finalizing = 1 + TASKS; region[0].tasks = BIT(TASKS);
       task[TASKS].phase = T_RUNNING; check_all() }
  :: d_step { printf("wrong inv_finalizer_shielded\n"); /* f0 has a mask */
       region[0].phase = R_FINALIZING; region[0].finalizing = 1 + TASKS;
       region[0].tasks = BIT(TASKS); task[TASKS].phase = T_RUNNING; task[TASKS].mask = 1;
       check_all() }
  :: d_step { printf("wrong inv_obligation_counted\n"); /* a promise that is not in the ledger */
       region[0].pending = 1; check_all() }
  :: d_step { printf("wrong inv_region_ledger_empty\n"); /* r0 is Closed and o0 is Reserved */
       region[0].phase = R_CLOSED; region[0].pending = 1; obligation[0].phase = O_RESERVED;
       check_all() }
  :: d_step { printf("wrong inv_obligation_holder_live\n"); /* o0 is Reserved, t0 has completed */
       region[0].pending = 1; obligation[0].phase = O_RESERVED; task[0].phase = T_COMPLETED;
       check_all() }
  :: d_step { printf("wrong inv_obligation_settled_by_completion\n"); /* o0 has leaked, t0 runs */
       region[0].tasks = 1; task[0].phase = T_RUNNING; obligation[0].phase = O_LEAKED; leaks = 1;
       check_all() }
  :: d_step { printf("wrong inv_obligation_leaks_counted\n"); /* a leak of nothing */
       leaks = 1; check_all() }
  :: d_step { printf("wrong inv_terminal_absorbing\n"); /* a request for t0, which has completed */
       task[0].phase = T_COMPLETED; request_cancel(0, REASON(USER, 0)) }
  od
}
