// The model `scheduling` for the command line.
#include "models/explore/registry.hpp"
#include "models/explore/request.hpp"
#include "models/explore/scheduling/scheduling_machine.hpp"
#include "models/explore/scheduling/waits.hpp"

namespace quiesce::explore {
namespace {

void search_scheduling(SearchRequest& request) {
  const Searched& asked = request.asked();
  const SchedulingBounds bounds{.workers = asked.bound("workers"),
                                .slots = asked.bound("slots"),
                                .tasks = asked.bound("tasks"),
                                .wakers = asked.bound("wakers"),
                                .events = asked.bound("events"),
                                .time = asked.bound("time"),
                                .limit = asked.bound("limit"),
                                .pinned = asked.bound("pinned") != 0,
                                .draining = asked.bound("draining") != 0};
  const SchedulingMachine machine(bounds);
  const SchedulingWaits waits(bounds);
  search_and_judge(RuleModel<SchedulingMachine>(machine), RuleProgress(machine, waits), request);
}

// A count that changes needs its sentence in the commit.
std::vector<ManifestEntry> entries() {
  return {
      {"", "may two workers share tasks, steal, and leave pinned ones alone?",
       "workers 2 slots 2 tasks 2 wakers 1 events 2 time 0 limit 1 pinned 1 draining 0",
       "two workers beside two tasks, one of them pinned; a cancel promotes during a poll", "",
       79'758, 243'693, 0x0519'1E51'4FF3'E506},
      {"", "is any wake lost while two threads wake and a slot is used again?",
       "workers 2 slots 1 tasks 2 wakers 2 events 3 time 0 limit 1 pinned 0 draining 0",
       "one slot, so that the second task meets the first one's entries; two wakes at once", "",
       49'433, 186'478, 0x71AC'04C7'6CE5'4DDD, true},
      {"", "does a deadline come early, or late behind a later one?",
       "workers 1 slots 2 tasks 2 wakers 1 events 3 time 2 limit 1 pinned 1 draining 0",
       "a promotion, a second deadline and a due stale entry: three events and two ticks (H1)", "",
       113'952, 445'525, 0x2234'2C9A'BFD6'30B0, true},
      {"", "does the pick rule keep its order while the limit doubles?",
       "workers 1 slots 2 tasks 3 wakers 1 events 3 time 0 limit 2 pinned 0 draining 1",
       "three cancels in a row pass a limit of two; they need three tasks", "", 177'553, 548'589,
       0xA5E1'F9BE'4CB2'2F6C},
      {"", "and with three workers?",
       "workers 3 slots 2 tasks 2 wakers 1 events 1 time 0 limit 1 pinned 1 draining 0",
       "more workers than tasks: two thieves for one entry", "", 36'729, 111'216,
       0x293A'FAD2'FA67'4E40},
  };
}

}  // namespace

ExplorableModel model_scheduling();
ExplorableModel model_scheduling() {
  using B = SchedulingBounds;
  constexpr B own;
  return {
      .name = "scheduling",
      .sentence = "the scheduler's specification: lanes, pick rule, wake_state, stealing, slots",
      .bounds = {{"workers", "workers", own.workers, 1, B::most_workers},
                 {"slots", "tasks that may live at once", own.slots, 1, B::most_slots},
                 {"tasks", "tasks that may ever be spawned", own.tasks, 1, B::most_tasks},
                 {"wakers", "threads that wake and cancel", own.wakers, 1, B::most_wakers},
                 {"events", "wakes, cancels and injections", own.events, 0, B::most_events},
                 {"time", "the last tick", own.time, 0, B::most_time},
                 {"limit", "cancel dispatches in a row", own.limit, 1, B::most_limit},
                 {"pinned", "1: tasks may be pinned to a worker", own.pinned, 0, 1},
                 {"draining", "1: the governor may begin to drain", own.draining, 0, 1}},
      .choices = {},
      .symmetry = {},
      .entries = entries(),
      .search = search_scheduling,
      .has_progress = true,
  };
}

}  // namespace quiesce::explore
