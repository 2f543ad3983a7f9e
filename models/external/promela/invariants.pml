/* What is true of every settled state, asserted at the end of every action. Each verdict is a hidden
 * variable named as the invariant's id with `_` for `.`, so that pan's report names it:
 * "assertion violated inv_region_quiescence". */
hidden byte count, listed, seen_leaks;

/* The region r, its lists against its counters and against the tree. */
inline check_region(r) {
  inv_region_tree = inv_region_tree &&
    (r == 0 || (region[r].parent < r &&
                HAS(region[region[r].parent].children, r) == (region[r].phase != R_CLOSED)));
  inv_region_quiescence = inv_region_quiescence &&
    (region[r].phase != R_CLOSED ||
     (region[r].tasks == 0 && region[r].children == 0 && region[r].pending == 0));
  inv_finalizer_all_ran = inv_finalizer_all_ran &&
    (region[r].phase != R_CLOSED || (region[r].depth == 0 && region[r].finalizing == 0));
  inv_region_settled = inv_region_settled &&
    !((region[r].phase == R_CLOSING || region[r].phase == R_DRAINING) &&
      region[r].tasks == 0 && region[r].children == 0) &&
    !(region[r].phase == R_FINALIZING && region[r].finalizing == 0);
  inv_cancel_propagates = inv_cancel_propagates &&
    (r == 0 || region[region[r].parent].reason == 0 || region[r].reason != 0 ||
     region[r].phase == R_CLOSED);
  inv_cancel_begins_close = inv_cancel_begins_close &&
    (region[r].reason == 0 || region[r].phase != R_OPEN);
  count = OK; /* the join of its tasks' outcomes, and of its reason once it is Closed */
  for (j : 0 .. TASK_ROWS - 1) {
    if
    :: task[j].phase == T_COMPLETED && task[j].owner == r -> raise(count, task[j].outcome)
    :: else
    fi
  }
  if
  :: region[r].phase == R_CLOSED && region[r].reason != 0 ->
    raise(count, CANCELLED(region[r].reason))
  :: else
  fi;
  inv_outcome_joined = inv_outcome_joined && count == region[r].outcome;
  /* The stack, the running finalizer, and the order of the Names: last in, first out. */
  for (j : 0 .. TASK_ROWS - 1) {
    if
    :: j >= TASKS && region[r].finalizing != 0 && j < region[r].depth + TASKS ->
      inv_finalizer_last_in_first_out = inv_finalizer_last_in_first_out &&
        region[r].finalizer[j - TASKS] < region[r].finalizing - 1
    :: else
    fi
  }
}

inline check_regions() {
  inv_region_tree = true;
  inv_region_quiescence = true;
  inv_region_settled = true;
  inv_finalizer_all_ran = true;
  inv_finalizer_last_in_first_out = true;
  inv_cancel_propagates = true;
  inv_cancel_begins_close = true;
  inv_outcome_joined = true;
  for (i : 0 .. opened) {
    check_region(i)
  }
  assert(inv_region_tree);
  assert(inv_region_quiescence);
  assert(inv_region_settled);
  assert(inv_finalizer_all_ran);
  assert(inv_finalizer_last_in_first_out);
  assert(inv_cancel_propagates);
  assert(inv_cancel_begins_close);
  assert(inv_outcome_joined)
}

/* The task t, which exists. */
inline check_task(t) {
  listed = 0; /* in how many regions it is listed */
  for (j : 0 .. opened) {
    listed = listed + HAS(region[j].tasks, t)
  }
  inv_ownership_single_owner = inv_ownership_single_owner && listed == IS_LIVE(t) &&
    HAS(region[task[t].owner].tasks, t) == IS_LIVE(t);
  inv_ownership_task_owned = inv_ownership_task_owned &&
    (!IS_LIVE(t) || region[task[t].owner].phase != R_CLOSED);
  inv_cancel_reaches_tasks = inv_cancel_reaches_tasks &&
    (!IS_LIVE(t) || !IS_BODY(t) || region[task[t].owner].reason == 0 ||
     task[t].phase >= T_CANCEL_REQUESTED);
  inv_cancel_phase_has_reason = inv_cancel_phase_has_reason &&
    (task[t].phase == T_COMPLETED ||
     (task[t].reason != 0) == (task[t].phase >= T_CANCEL_REQUESTED));
  inv_cancel_dominates = inv_cancel_dominates &&
    (task[t].phase != T_COMPLETED || task[t].reason == 0 ||
     task[t].outcome >= CANCELLED(task[t].reason));
  inv_mask_bounded = inv_mask_bounded && task[t].mask <= MASK &&
    (task[t].mask == 0 || task[t].phase == T_RUNNING || task[t].phase == T_CANCEL_REQUESTED);
  inv_finalizer_one_at_a_time = inv_finalizer_one_at_a_time &&
    (IS_BODY(t) || IS_LIVE(t) == (region[task[t].owner].finalizing == 1 + t));
  inv_finalizer_only_in_finalizing = inv_finalizer_only_in_finalizing &&
    (IS_BODY(t) || !IS_LIVE(t) || region[task[t].owner].phase == R_FINALIZING);
  inv_finalizer_shielded = inv_finalizer_shielded &&
    (IS_BODY(t) || (task[t].reason == 0 && task[t].mask == 0));
  /* A region below Finalizing has started no finalizer; one at Finalizing or Closed has no body. */
  inv_region_settled = inv_region_settled &&
    (!IS_LIVE(t) || !IS_BODY(t) || region[task[t].owner].phase < R_FINALIZING)
}

inline check_tasks() {
  inv_ownership_single_owner = true;
  inv_ownership_task_owned = true;
  inv_cancel_reaches_tasks = true;
  inv_cancel_phase_has_reason = true;
  inv_cancel_dominates = true;
  inv_mask_bounded = true;
  inv_finalizer_one_at_a_time = true;
  inv_finalizer_only_in_finalizing = true;
  inv_finalizer_shielded = true;
  for (i : 0 .. TASK_ROWS - 1) {
    if
    :: task[i].phase != T_ABSENT -> check_task(i)
    :: else
    fi
  }
  assert(inv_ownership_single_owner);
  assert(inv_ownership_task_owned);
  assert(inv_cancel_reaches_tasks);
  assert(inv_cancel_phase_has_reason);
  assert(inv_cancel_dominates);
  assert(inv_mask_bounded);
  assert(inv_finalizer_one_at_a_time);
  assert(inv_finalizer_only_in_finalizing);
  assert(inv_finalizer_shielded);
  assert(inv_region_settled)
}

inline check_obligations() {
  inv_obligation_counted = true;
  inv_obligation_holder_live = true;
  inv_obligation_settled_by_completion = true;
  inv_region_ledger_empty = true;
  seen_leaks = 0;
  for (i : 0 .. opened) {
    count = 0; /* what the region i has in its ledger */
    for (j : 0 .. OBLIGATION_ROWS - 1) {
      count = count + (obligation[j].phase == O_RESERVED && obligation[j].region == i)
    }
    inv_obligation_counted = inv_obligation_counted && count == region[i].pending;
    inv_region_ledger_empty = inv_region_ledger_empty &&
      (region[i].phase != R_CLOSED || count == 0)
  }
  for (i : 0 .. OBLIGATION_ROWS - 1) {
    seen_leaks = seen_leaks + (obligation[i].phase == O_LEAKED);
    inv_obligation_holder_live = inv_obligation_holder_live &&
      (obligation[i].phase != O_RESERVED || IS_LIVE(obligation[i].holder));
    inv_obligation_settled_by_completion = inv_obligation_settled_by_completion &&
      ((obligation[i].phase != O_LEAKED && obligation[i].phase != O_ABORTED_CANCEL) ||
       (task[obligation[i].holder].phase == T_COMPLETED &&
        IS_CANCELLED(task[obligation[i].holder].outcome) ==
          (obligation[i].phase == O_ABORTED_CANCEL)))
  }
  inv_obligation_leaks_counted = (seen_leaks == leaks);
  assert(inv_obligation_counted);
  assert(inv_obligation_holder_live);
  assert(inv_obligation_settled_by_completion);
  assert(inv_region_ledger_empty);
  assert(inv_obligation_leaks_counted)
}
