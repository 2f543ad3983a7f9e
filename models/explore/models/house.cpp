// The model `house` for the command line.
#include "models/explore/house.hpp"

#include <fmt/format.h>

#include "models/explore/house_search.hpp"
#include "models/explore/registry.hpp"
#include "models/explore/request.hpp"

namespace quiesce::explore {
namespace {

constexpr std::size_t most_words = 7;

LeakResponse response_of(const Searched& asked, std::string_view choice) {
  if (asked.chose(choice, "silent")) return LeakResponse::Silent;
  if (asked.chose(choice, "recover")) return LeakResponse::Recover;
  return asked.chose(choice, "panic") ? LeakResponse::Panic : LeakResponse::Log;
}

HouseBounds bounds_of(const Searched& asked) {
  return {.regions = asked.bound("regions"),
          .tasks = asked.bound("tasks"),
          .obligations = asked.bound("obligations"),
          .finalizers = asked.bound("finalizers"),
          .mask = asked.bound("mask"),
          .kinds = asked.bound("kinds"),
          .policies = asked.bound("policies"),
          .small_step = asked.chose("granularity", "small"),
          .claims_no_leak = asked.chose("claim", "no-leak"),
          .leaks = {.response = response_of(asked, "leaks"),
                    .escalate_after = asked.bound("escalate-after"),
                    .escalate_to = response_of(asked, "escalate-to")},
          .time = asked.bound("time"),
          .quota = asked.bound("quota"),
          .joins = asked.bound("joins"),
          .limits = asked.bound("limits")};
}

void refuse_what_is_not_known(const HouseBounds& bounds, const SearchRequest& request) {
  if (request.wants_reduction && bounds.small_step)
    throw Refusal{"--reduce knows what commutes in settled granularity only"};
  if (request.wants_reduction && bounds.time + bounds.quota + bounds.joins + bounds.limits != 0)
    throw Refusal{"--reduce does not know what commutes with --time, --quota, --joins or --limits"};
  if (request.asked().identifies("tasks") && bounds.joins != 0)
    throw Refusal{"--symmetry tasks cannot be used with --joins, by which tasks name each other"};
  if (bounds.small_step && bounds.time != 0)
    throw Refusal{"--granularity small cannot be used with --time"};
  if (const std::size_t words = HouseCodec(bounds).words(); words > most_words)
    throw Refusal{
        fmt::format("these bounds need {} words a state, and {} is the most", words, most_words)};
}

void search(SearchRequest& request) {
  const HouseBounds bounds = bounds_of(request.asked());
  refuse_what_is_not_known(bounds, request);
  const HouseMachine machine(bounds);
  const std::size_t words = machine.codec().words();
  if (words <= 2) return search_house<2>(machine, request);
  if (words == 3) return search_house<3>(machine, request);
  if (words == 4) return search_house<4>(machine, request);
  search_house<most_words>(machine, request);
}

// A count or a graph that changes needs its sentence in the commit.
std::vector<ManifestEntry> entries() {
  return {
      {"", "do all invariants hold of every state and every step?",
       "regions 2 tasks 1 obligations 1 finalizers 1 mask 1 kinds 1 policies 1",
       "the smallest with one of each entity; spin and rumur reach the same states", "", 10'072,
       44'008, 0x3082'2B60'6FAE'FEBB},
      {"", "and where a failed task takes its siblings with it?",
       "regions 2 tasks 2 obligations 1 finalizers 0 mask 1 kinds 1 policies 2",
       "a task beside another: FailFast's siblings; spin and rumur agree", "", 90'507, 830'123,
       0x28DB'BC2A'71CE'16BB, true},
      {"", "and where a later cancel is stronger?",
       "regions 2 tasks 1 obligations 1 finalizers 1 mask 2 kinds 2 policies 2",
       "two kinds that strengthen and a mask of two; spin and rumur agree", "", 30'821, 216'766,
       0x2930'4A89'6CD0'7F03},
      {"", "do finalizers run last in first out, one at a time?",
       "regions 2 tasks 1 obligations 0 finalizers 2 mask 1 kinds 1 policies 1",
       "two finalizers, in one region or in two", "", 17'771, 59'459, 0x2D9D'8280'EE82'43C6},
      {"", "two tasks, each with a promise of its own",
       "regions 2 tasks 2 obligations 2 finalizers 0 mask 1 kinds 1 policies 2",
       "two promises in one hand or in two, and one task that ends beside them", "", 549'507,
       5'235'341, 0xCB24'6283'3F1E'92B3},
      {"", "does a cancel reach what is two levels below?",
       "regions 3 tasks 2 obligations 1 finalizers 0 mask 1 kinds 1 policies 1",
       "a chain of three regions, or two beside each other, with tasks in any of them", "", 848'603,
       7'427'161, 0x3A8B'41B7'3B0D'1A06},
      {"", "does every order of the internal rules give the same fixpoint?",
       "regions 3 tasks 1 obligations 0 finalizers 1 mask 1 kinds 1 policies 1 granularity small",
       "a chain of closing regions: up to three internal rules enabled at once", "", 119'482,
       573'505, 0x35CD'B6CA'C02C'0DF4, true},
      {"", "do the invariants hold between the internal rules?",
       "regions 2 tasks 2 obligations 1 finalizers 0 mask 1 kinds 1 policies 1 granularity small",
       "the bound of two tasks above, one internal rule at a time", "", 139'115, 901'163,
       0x18BA'8B9C'848D'02D0, true},
      {"", "are leaks recovered until there are too many, and then answered by a panic?",
       "regions 2 tasks 2 obligations 2 finalizers 0 mask 1 kinds 1 policies 1 leaks recover "
       "escalate-after 2 escalate-to panic",
       "two leaks in one completion or in two: the second one escalates", "", 394'963, 3'351'672,
       0xAA7C'E544'1A30'2BDD},
      {"", "and does a leak that panics leave all else alone?",
       "regions 2 tasks 1 obligations 2 finalizers 1 mask 1 kinds 1 policies 2 leaks panic",
       "a finalizer that leaks, too, and one task that holds two promises", "", 39'754, 214'352,
       0xEC18'9BF3'92EC'A772},
      {"", "does a deadline cancel what is in its region, wherever the region stands?",
       "regions 2 tasks 1 obligations 1 finalizers 1 mask 1 kinds 1 policies 1 time 2",
       "a deadline that comes, one that has passed, and one that a closing region still has", "",
       264'080, 1'773'954, 0x5394'E241'15F7'B21C},
      {"", "and is a child region's deadline never later than its parent's?",
       "regions 3 tasks 1 obligations 0 finalizers 0 mask 1 kinds 1 policies 1 time 2",
       "a chain of three regions, each with a deadline of its own or none", "", 72'458, 575'762,
       0xFDD0'4A3B'FC2C'F415, true},
      {"", "is a task that polls more than its quota cancelled?",
       "regions 2 tasks 2 obligations 0 finalizers 0 mask 1 kinds 1 policies 1 quota 1",
       "two tasks that share their region's quota of none, 0 or 1 and spend each its own", "",
       77'525, 1'014'452, 0x71D4'EA12'3A95'EF28},
      {"", "and where a stronger cancel tightens what is left of it?",
       "regions 2 tasks 1 obligations 0 finalizers 1 mask 2 kinds 2 policies 2 quota 2 "
       "granularity small",
       "a cancel weaker than PollQuota and one stronger, a mask of two, a finalizer beside", "",
       115'745, 1'267'452, 0xE293'6149'1E97'D05E},
      {"", "does a completion hand its result to whoever joined, finalizers too?",
       "regions 2 tasks 2 obligations 0 finalizers 1 mask 1 kinds 1 policies 1 joins 1",
       "two tasks and a finalizer: each pair, in one region or in two", "", 192'498, 2'680'460,
       0x2E19'FFBF'7E80'1A7D},
      {"", "does a region admit no more tasks and obligations than its limits?",
       "regions 2 tasks 2 obligations 2 finalizers 0 mask 0 kinds 1 policies 1 limits 1",
       "two of each where one of a kind is admitted at a time", "", 569'187, 5'104'450,
       0x15CD'7256'1B09'0D4C},
      {"", "and no more child regions?",
       "regions 4 tasks 1 obligations 0 finalizers 0 mask 1 kinds 1 policies 1 limits 1",
       "a region with a limit, its one child, and one that is refused or comes after it", "",
       301'557, 3'423'910, 0xF7B6'9C0A'E146'32E1},
      {"", "and all of these at once?",
       "regions 2 tasks 1 obligations 1 finalizers 1 mask 1 kinds 1 policies 1 time 1 quota 1 "
       "joins 1 limits 1",
       "a deadline and a quota bind together: the smallest with one of each", "", 1'382'315,
       18'837'517, 0x8007'72BA'D8CC'56E9},
      {"", "can a task end while it holds a promise?",
       "regions 1 tasks 1 obligations 1 finalizers 0 mask 1 kinds 1 policies 1 claim no-leak",
       "one task and one promise are enough to leak it", "quality.no_leak", 141, 426,
       0xB805'4EB6'B8C6'FAA9},
  };
}

}  // namespace

ExplorableModel model_house();
ExplorableModel model_house() {
  using H = HouseBounds;
  constexpr HouseBounds own;
  return {
      .name = "house",
      .sentence =
          "the project's own specification, spec::step, its invariants evaluated everywhere",
      .bounds = {{"regions", "regions that may ever exist, the root included", own.regions, 1,
                  H::most_regions},
                 {"tasks", "tasks that may ever exist", own.tasks, 0, H::most_tasks},
                 {"obligations", "obligations that may ever exist", own.obligations, 0,
                  H::most_obligations},
                 {"finalizers", "finalizers ever deferred", own.finalizers, 0, H::most_finalizers},
                 {"mask", "the largest mask", own.mask, 0, H::most_mask},
                 {"kinds", "1 cancels with User, 2 also Shutdown", own.kinds, 1, 2},
                 {"policies", "1 CollectAll, 2 also FailFast", own.policies, 1, 2},
                 {"escalate-after", "leaks after which the response is another one, 0 never", 0, 0,
                  H::most_obligations},
                 {"time", "the last tick; regions have deadlines up to it, 0 none", own.time, 0,
                  H::most_time},
                 {"quota", "the largest poll quota that is asked for, 0 nobody polls", own.quota, 0,
                  H::most_quota},
                 {"joins", "1 tasks join", own.joins, 0, 1},
                 {"limits", "1 a region may admit one of a kind only", own.limits, 0, 1}},
      .choices = {{"granularity",
                   "settled, or small for the internal rules one by one",
                   {"settled", "small"}},
                  {"claim", "no-leak, which leaks break", {"none", "no-leak"}},
                  {"leaks", "the response to leaks", {"log", "silent", "recover", "panic"}},
                  {"escalate-to",
                   "the other response",
                   {"panic", "log", "silent", "recover"},
                   "escalate-after"}},
      .symmetry = {"tasks", "obligations"},
      .entries = entries(),
      .search = search,
      .has_progress = true,
      .has_reduction = true,
      .asks_all_cases = true,
  };
}

}  // namespace quiesce::explore
