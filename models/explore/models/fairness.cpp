// The model `fairness` for the command line.
#include "models/explore/registry.hpp"
#include "models/explore/request.hpp"
#include "models/explore/scheduling/fairness_machine.hpp"

namespace quiesce::explore {
namespace {

void search_fairness(SearchRequest& request) {
  const FairnessMachine machine(request.asked().bound("limit"),
                                request.asked().bound("draining") != 0);
  search_with(RuleModel<FairnessMachine>(machine), request);
}

// A count that changes needs its sentence in the commit.
std::vector<ManifestEntry> entries() {
  return {
      {"", "how long does other work wait behind cancel work, at the least limit?",
       "limit 1 draining 1", "every cancel dispatch ends a streak", "", 2'164, 11'940,
       0x0D1E'2D1F'0A7E'ADA4},
      {"", "and at the limit that the runtime has?", "limit 16 draining 1",
       "the default of facts §14.2; the bounds 17 and 33 are reached and not passed", "", 761'464,
       4'306'800, 0x8FE9'9DEF'69C2'F6C2},
  };
}

}  // namespace

ExplorableModel model_fairness();
ExplorableModel model_fairness() {
  return {
      .name = "fairness",
      .sentence = "one worker's pick rule, look by look: how long cancel and other work wait",
      .bounds = {{"limit", "cancel dispatches in a row", 4, 1, FairnessMachine::most_limit},
                 {"draining", "1: the governor drains when it likes", 1, 0, 1}},
      .choices = {},
      .symmetry = {},
      .entries = entries(),
      .search = search_fairness,
  };
}

}  // namespace quiesce::explore
