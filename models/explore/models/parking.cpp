// The model `parking` for the command line.
#include "models/explore/registry.hpp"
#include "models/explore/request.hpp"
#include "models/explore/scheduling/parking_machine.hpp"
#include "models/explore/scheduling/waits.hpp"

namespace quiesce::explore {
namespace {

void search_parking(SearchRequest& request) {
  const Searched& asked = request.asked();
  const ParkingBounds bounds{.workers = asked.bound("workers"),
                             .publishers = asked.bound("publishers"),
                             .entries = asked.bound("entries"),
                             .failures = asked.bound("failures"),
                             .timer = asked.bound("timer") != 0,
                             .shutdown = asked.bound("shutdown") != 0};
  const ParkingMachine machine(bounds);
  const ParkingWaits waits(bounds);
  search_and_judge(RuleModel<ParkingMachine>(machine), RuleProgress(machine, waits), request);
}

// A count that changes needs its sentence in the commit.
std::vector<ManifestEntry> entries() {
  return {
      {"", "does anybody sleep while there is work?",
       "workers 2 publishers 2 entries 2 failures 0 timer 0 shutdown 0",
       "two of each: the least with a worker to spare and a publisher behind another", "", 16'883,
       53'911, 0x1A8B'C7EA'4EDA'A9AC},
      {"", "and where the permit could go to the wrong one of three?",
       "workers 3 publishers 2 entries 2 failures 0 timer 0 shutdown 0",
       "one busy, one asleep, one between its two looks", "", 200'451, 806'446,
       0xAF71'C1AB'D7D6'1CF0, true},
      {"", "and where dequeues fail and a timer is set?",
       "workers 2 publishers 1 entries 2 failures 1 timer 1 shutdown 0",
       "one of each beside two entries", "", 98'851, 315'822, 0xBCF6'FBAB'4AA3'688F, true},
      {"", "does the end reach everybody?",
       "workers 3 publishers 2 entries 1 failures 0 timer 0 shutdown 1",
       "an entry that comes as the end does, and three who may sleep", "", 84'626, 307'591,
       0x84CD'DF28'7F0F'FE8B},
  };
}

}  // namespace

ExplorableModel model_parking();
ExplorableModel model_parking() {
  namespace parking = spec::scheduling::parking;
  constexpr ParkingBounds own;
  return {
      .name = "parking",
      .sentence = "workers that sleep and publishers that wake them, one racy step at a time",
      .bounds = {{"workers", "workers", own.workers, 1, parking::most_workers},
                 {"publishers", "threads that bring work", own.publishers, 1,
                  parking::most_publishers},
                 {"entries", "entries that are brought, all in all", own.entries, 0,
                  ParkingBounds::most_entries},
                 {"failures", "dequeues that fail for no reason", own.failures, 0, 2},
                 {"timer", "1: a timer may be brought", own.timer, 0, 1},
                 {"shutdown", "1: the end may be announced", own.shutdown, 0, 1}},
      .choices = {},
      .symmetry = {},
      .entries = entries(),
      .search = search_parking,
      .has_progress = true,
  };
}

}  // namespace quiesce::explore
