#include "models/external/smt/situations.hpp"

#include <algorithm>
#include <functional>

#include "spec/rules.hpp"

namespace quiesce::smt {
namespace {

using Occurs = std::function<bool(const Sample&)>;
using Cases = std::map<std::string, Occurs>;

bool is_taken(const Sample& sample, std::string_view rule) {
  return sample.rule == rule && sample.answer.starts_with("Done");
}

void add_leaks(Cases& cases) {
  for (int number = 0; number < leak_response_count; ++number) {
    const auto response = static_cast<LeakResponse>(number);
    for (const bool escalated : {false, true}) {
      cases["leaks: " + std::string(to_text(response)) + (escalated ? ", escalated" : "")] =
          [response, escalated](const Sample& sample) {
            const std::uint32_t found = leaks_found(sample);
            const LeakPolicy& policy = sample.before.leak_policy;
            const bool escalates = policy.escalate_after != 0 &&
                                   sample.before.leak_count + found >= policy.escalate_after;
            return found != 0 && escalates == escalated &&
                   response == (escalated ? policy.escalate_to : policy.response);
          };
    }
  }
  cases["leaks: several at once"] = [](const Sample& sample) { return leaks_found(sample) > 1; };
  cases["leaks: after others"] = [](const Sample& sample) {
    return leaks_found(sample) != 0 && sample.before.leak_count != 0;
  };
  cases["leaks: escalated by those of this completion"] = [](const Sample& sample) {
    const std::uint32_t after = sample.before.leak_policy.escalate_after;
    return leaks_found(sample) != 0 && sample.before.leak_count < after &&
           sample.after.leak_count >= after;
  };
}

bool is_expired(const Sample& sample, const spec::Region& region) {
  return region.budget.deadline_ticks != never && region.budget.deadline_ticks <= sample.inputs.to;
}

/// A part of a budget and whether the first one's is tighter.
const std::map<std::string, std::function<bool(const Budget&, const Budget&)>> parts{
    {"deadline", [](const auto& a, const auto& b) { return a.deadline_ticks < b.deadline_ticks; }},
    {"polls", [](const auto& a, const auto& b) { return a.poll_quota < b.poll_quota; }},
    {"cost", [](const auto& a, const auto& b) { return a.cost_quota < b.cost_quota; }},
    {"priority", [](const auto& a, const auto& b) { return a.priority > b.priority; }},
};

void add_budgets(Cases& cases) {
  for (const std::string rule : {"rule.region.open", "rule.ownership.spawn"}) {
    for (const auto& [part, is_tighter] : parts) {
      const auto tighter = is_tighter;  // clang 14 captures no structured binding
      const auto region_of = [](const Sample& sample) -> const Budget& {
        return spec::find(sample.before, RegionName{sample.inputs.region})->budget;
      };
      cases[rule + ": the " + part + " asked for binds"] = [=](const Sample& sample) {
        return is_taken(sample, rule) && tighter(sample.inputs.budget, region_of(sample));
      };
      cases[rule + ": the " + part + " of the region binds"] = [=](const Sample& sample) {
        return is_taken(sample, rule) && tighter(region_of(sample), sample.inputs.budget);
      };
    }
  }
  for (const std::string part : {"polls", "priority"}) {
    const auto tighter = parts.at(part);
    for (const std::string rule : {"rule.region.close", "rule.region.cancel", "rule.task.cancel",
                                   "rule.task.return", "rule.time.advance", "rule.task.poll"}) {
      if (rule == "rule.task.poll" && part == "polls") continue;  // an exhausted quota is the least
      cases[rule + ": a cleanup's " + part + " bind"] = [=](const Sample& sample) {
        return std::any_of(sample.before.tasks.begin(), sample.before.tasks.end(),
                           [&](const spec::Task& task) {
                             const spec::Task* const after = spec::find(sample.after, task.name);
                             return sample.rule == rule && spec::is_live(*after) &&
                                    tighter(after->budget, task.budget);
                           });
      };
    }
  }
  cases["rule.task.poll: a quota pays"] = [](const Sample& sample) {
    const spec::Task* const before = spec::find(sample.before, TaskName{sample.inputs.task});
    return sample.rule == "rule.task.poll" && before != nullptr &&
           sample.answer == "Done{PollGranted}" && before->budget.poll_quota != unlimited;
  };
  cases["rule.task.poll: a finalizer's quota pays"] = [](const Sample& sample) {
    const spec::Task* const before = spec::find(sample.before, TaskName{sample.inputs.task});
    return sample.rule == "rule.task.poll" && sample.answer == "Done{PollGranted}" &&
           before->is_finalizer;
  };
}

/// What only a rare task or region comes to: an answer that a faulty rule gives to all others, too.
void add_rare_cases(Cases& cases) {
  const auto exhausts = [](auto is_such) {
    return [is_such](const Sample& sample) {
      const spec::Task* const task = spec::find(sample.before, TaskName{sample.inputs.task});
      return sample.rule == "rule.task.poll" && sample.answer == "Done{PollExhausted}" &&
             task != nullptr && !task->is_finalizer && is_such(*task);
    };
  };
  cases["rule.task.poll: used up by a masked task"] =
      exhausts([](const spec::Task& task) { return task.mask_units != 0 && !task.reason; });
  cases["rule.task.poll: used up by a cancelled task"] =
      exhausts([](const spec::Task& task) { return task.reason.has_value(); });
  cases["joins: a finalizer is told"] = [](const Sample& sample) {
    return sample.rule == "rule.task.return" &&
           std::any_of(sample.before.tasks.begin(), sample.before.tasks.end(),
                       [&](const spec::Task& task) {
                         const spec::Task* const after = spec::find(sample.after, task.name);
                         return task.is_finalizer && after->joins_ready > task.joins_ready;
                       });
  };
  cases["joins: a finalizer waits"] = [](const Sample& sample) {
    const spec::Task* const joiner = spec::find(sample.before, TaskName{sample.inputs.task});
    return is_taken(sample, "rule.task.join") && joiner != nullptr && joiner->is_finalizer &&
           sample.answer == "Done{Registered}";
  };
  const auto expires = [](auto is_such) {
    return [is_such](const Sample& sample) {
      return is_taken(sample, "rule.time.advance") &&
             std::any_of(sample.before.regions.begin(), sample.before.regions.end(),
                         [&](const spec::Region& region) {
                           return spec::is_live(region) && is_expired(sample, region) &&
                                  !region.reason && is_such(sample, region);
                         });
    };
  };
  cases["time: a deadline that had passed while time stood still"] =
      expires([](const Sample& sample, const spec::Region&) {
        return sample.inputs.to == sample.before.now;
      });
  cases["time: the deadline of a region that runs its finalizers"] =
      expires([](const Sample&, const spec::Region& region) {
        return region.phase == RegionPhase::Finalizing;
      });
}

void add_counts(Cases& cases) {
  const auto region_after = [](const Sample& sample) {
    return spec::find(sample.after, RegionName{sample.inputs.region});
  };
  cases["limits: the last child region"] = [=](const Sample& sample) {
    return is_taken(sample, "rule.region.open") &&
           region_after(sample)->children.size() == region_after(sample)->limits.child_regions;
  };
  cases["limits: the last body task"] = [=](const Sample& sample) {
    return is_taken(sample, "rule.ownership.spawn") &&
           region_after(sample)->tasks.size() == region_after(sample)->limits.body_tasks;
  };
  cases["limits: the last obligation"] = [=](const Sample& sample) {
    return is_taken(sample, "rule.obligation.reserve") &&
           region_after(sample)->pending_obligations == region_after(sample)->limits.obligations;
  };
  cases["joins: a joiner is told"] = [](const Sample& sample) {
    return std::any_of(sample.before.tasks.begin(), sample.before.tasks.end(),
                       [&](const spec::Task& task) {
                         return spec::find(sample.after, task.name)->joins_ready > task.joins_ready;
                       });
  };
}

void add_time(Cases& cases) {
  const auto some_region = [](bool own, bool above) {
    return [own, above](const Sample& sample) {
      return is_taken(sample, "rule.time.advance") &&
             std::any_of(sample.before.regions.begin(), sample.before.regions.end(),
                         [&](const spec::Region& region) {
                           return spec::is_live(region) && is_expired(sample, region) == own &&
                                  sample.inputs.from_above.at(region.name.value) == above;
                         });
    };
  };
  cases["time: a deadline of its own"] = some_region(true, false);
  // A child region's deadline is never later, so that nothing expires above it alone.
  cases["time: its own and one above"] = some_region(true, true);
  cases["time: a promise after time moved"] = [](const Sample& sample) {
    return is_taken(sample, "rule.obligation.reserve") && sample.before.now != 0;
  };
  cases["outcomes: of two Cancelled the stronger reason stays"] = [](const Sample& sample) {
    return std::any_of(sample.before.regions.begin(), sample.before.regions.end(),
                       [&](const spec::Region& region) {
                         const Outcome& after = spec::find(sample.after, region.name)->outcome;
                         return region.outcome.kind == OutcomeKind::Cancelled &&
                                after.kind == OutcomeKind::Cancelled &&
                                after.reason > region.outcome.reason;
                       });
  };
}

}  // namespace

std::uint32_t leaks_found(const Sample& sample) {
  if (!is_taken(sample, "rule.task.return")) return 0;
  const TaskName holder{sample.inputs.task};
  if (spec::find(sample.after, holder)->outcome.kind == OutcomeKind::Cancelled) return 0;
  return static_cast<std::uint32_t>(std::count_if(
      sample.before.obligations.begin(), sample.before.obligations.end(),
      [&](const auto& row) { return row.holder == holder && spec::is_reserved(row); }));
}

std::map<std::string, std::size_t> situations(const std::vector<Sample>& samples) {
  static const Cases cases = [] {
    Cases all;
    add_leaks(all);
    add_budgets(all);
    add_rare_cases(all);
    add_counts(all);
    add_time(all);
    return all;
  }();
  std::map<std::string, std::size_t> counts;
  for (const auto& [name, occurs] : cases)
    counts[name] = static_cast<std::size_t>(std::count_if(samples.begin(), samples.end(), occurs));
  return counts;
}

}  // namespace quiesce::smt
