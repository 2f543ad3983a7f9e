// The model `public-tla` for the command line.
#include "models/explore/public_tla.hpp"

#include "models/explore/registry.hpp"
#include "models/explore/request.hpp"

namespace quiesce::explore {
namespace {

template <std::size_t words>
void search_in(const Bounds& bounds, const Symmetry& symmetry, SearchRequest& request) {
  const PublicTla<words> model(bounds, symmetry);
  if (!symmetry.any()) return search_with(model, request);
  search_with(UpToSymmetry<PublicTla<words>>(model), request);
}

void search_public_tla(SearchRequest& request) {
  const Searched& asked = request.asked();
  const Bounds bounds{.tasks = asked.bound("tasks"),
                      .regions = asked.bound("regions"),
                      .obligations = asked.bound("obligations"),
                      .mask = asked.bound("mask")};
  const Symmetry symmetry{.tasks = asked.identifies("tasks"),
                          .obligations = asked.identifies("obligations"),
                          .regions = asked.identifies("regions")};
  if (PublicTla<1>::fits(bounds)) return search_in<1>(bounds, symmetry, request);
  search_in<2>(bounds, symmetry, request);
}

}  // namespace

ExplorableModel model_public_tla();
ExplorableModel model_public_tla() {
  using Names = PublicTlaNames;
  constexpr Bounds published;
  return {
      .name = "public-tla",
      .sentence = "the public TLA+ model of asupersync, formal/tla/Asupersync.tla",
      .bounds = {{"tasks", "tasks that may ever exist", published.tasks, 1, Names::most_tasks},
                 {"regions", "regions that may ever exist, the root included", published.regions, 1,
                  Names::most_regions},
                 {"obligations", "obligations that may ever exist", published.obligations, 0,
                  Names::most_obligations},
                 {"mask", "the largest mask", published.mask, 0, Names::most_mask}},
      .choices = {},
      .symmetry = {"tasks", "obligations", "regions"},
      .entries = {{"", "is it the module that its authors checked?",
                   "tasks 2 regions 2 obligations 1 mask 2",
                   "the bound whose size they publish: 13,686", "", 13'686, 48'604,
                   0x3A7F'DD78'4156'AC70},
                  {"", "do its invariants hold with three tasks?",
                   "tasks 3 regions 2 obligations 2 mask 2",
                   "the bound of the figures; TLC, spin, Stateright and rumur have counted it, too",
                   "", 2'119'568, 11'351'542, 0x8005'5342'F0F0'EFC8},
                  {"", "do they hold where a subregion has a subregion?",
                   "tasks 3 regions 3 obligations 1 mask 2",
                   "three tasks spread over a chain of three regions", "", 7'569'368, 40'143'884,
                   0x8B6E'AD99'A4B1'3022}},
      .search = search_public_tla,
  };
}

}  // namespace quiesce::explore
