#include "models/interleave/explore.hpp"

#include <utility>

#include "models/interleave/columns.hpp"
#include "models/interleave/determinism.hpp"
#include "models/interleave/pct.hpp"
#include "models/interleave/simplify.hpp"
#include "models/interleave/strategies.hpp"

namespace quiesce::interleave {

namespace {

/// Limits of what follows a failure.
constexpr std::uint64_t most_executions_for_minimality = 100'000;

std::string counted(std::uint64_t count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

class Explorer {
 public:
  Explorer(const std::function<void()>& body, const ExploreOptions& options)
      : body_(body), options_(options), engine_(options.engine) {}

  Verdict run() {
    if (try_random() || try_all()) {
      explain();
      return std::move(verdict_);
    }
    verdict_.holds = true;
    verdict_.report = "holds in " + counted(verdict_.executions, "execution");
    if (verdict_.all_within_bound) {
      verdict_.report +=
          ", among them every schedule with at most " + counted(options_.preemptions, "preemption");
    }
    verdict_.report += "; seed " + std::to_string(options_.seed) + "\n";
    return std::move(verdict_);
  }

 private:
  bool try_random() {
    const std::uint32_t length = estimated_length(engine_, body_);
    std::vector<AnyStrategy> strategies;
    for (const std::string_view name : strategy_names()) {
      strategies.push_back(*make_strategy(name, options_.seed, length));
    }
    for (std::uint64_t i = 0; i < options_.executions; ++i) {
      const std::size_t turn = static_cast<std::size_t>(i % strategies.size());
      strategies[turn].select(i);
      if (fails(engine_.run(strategies[turn], body_))) {
        found_by_ = std::string(strategy_names()[turn]) + ", seed " +
                    std::to_string(options_.seed) + ", execution " + std::to_string(i);
        return true;
      }
    }
    return false;
  }

  bool try_all() {
    BoundedExhaustive search(options_.preemptions);
    for (std::uint64_t i = 0; i < options_.most_exhaustive; ++i) {
      if (fails(engine_.run(search, body_))) {
        found_by_ = "exhaustive, at most " + counted(options_.preemptions, "preemption");
        return true;
      }
      if (!search.advance()) {
        verdict_.all_within_bound = true;
        return false;
      }
    }
    return false;
  }

  bool fails(Ended ended) {
    ++verdict_.executions;
    if (ended.completed() || ended.ending == Ending::Abandoned) return false;
    verdict_.ended = std::move(ended);
    verdict_.decisions = engine_.decisions();
    return true;
  }

  void explain() {
    const Ending kind = verdict_.ended.ending;
    const auto same = [kind](const Ended& ended) { return ended.ending == kind; };
    const Simplified simple = simplify(engine_, body_, verdict_.decisions, same);
    if (simple.fails) verdict_.decisions = simple.decisions;
    const Minimality below = search_below(
        simple.preemptions, most_executions_for_minimality, [&](BoundedExhaustive& search) {
          const Ended ended = engine_.run(search, body_);
          return Attempt{same(ended), engine_.decisions(), ended.preemptions};
        });
    if (below.fewer) verdict_.decisions = *below.fewer;
    // Fewer preemptions are tried first, so what that search found is minimal as well.
    verdict_.minimal = simple.fails && (below.proven || below.fewer.has_value());

    Columns columns;
    Fixed again(verdict_.decisions);
    engine_.trace_to(&columns);
    verdict_.ended = engine_.run(again, body_);
    engine_.trace_to(nullptr);
    const std::uint32_t preemptions = verdict_.ended.preemptions;
    verdict_.report = "FAIL " + std::string(word(kind)) + ": " + verdict_.ended.sentence + "\n" +
                      "found by " + found_by_ + "; " + counted(preemptions, "preemption");
    if (verdict_.minimal) {
      verdict_.report += ", minimal: needs " + std::to_string(preemptions);
    }
    verdict_.report += "\n" + columns.text() + "decisions: " + to_text(verdict_.decisions) + "\n";
    if (const auto difference = uncontrolled_choice(engine_, body_, verdict_.decisions)) {
      verdict_.report += "not repeatable: " + *difference + "\n";
    }
  }

  const std::function<void()>& body_;
  const ExploreOptions& options_;
  Engine engine_;
  Verdict verdict_;
  std::string found_by_;
};

}  // namespace

Verdict explore(const std::function<void()>& body, const ExploreOptions& options) {
  return Explorer(body, options).run();
}

Verdict replay(const std::function<void()>& body, std::string_view decisions,
               const EngineOptions& options) {
  Verdict verdict;
  ParsedDecisions parsed = parse_decisions(decisions);
  if (!parsed.decisions) {
    verdict.report = parsed.error + "\n";
    return verdict;
  }
  verdict.decisions = *parsed.decisions;
  Engine engine(options);
  Columns columns;
  Fixed again(*std::move(parsed.decisions));
  engine.trace_to(&columns);
  verdict.ended = engine.run(again, body);
  verdict.executions = 1;
  if (again.divergence()) {
    verdict.report = "decision " + std::to_string(*again.divergence()) +
                     " cannot be repeated: this is not the code that was recorded\n";
    return verdict;
  }
  verdict.holds = verdict.ended.completed();
  verdict.report = (verdict.holds ? std::string("completed\n")
                                  : "FAIL " + std::string(word(verdict.ended.ending)) + ": " +
                                        verdict.ended.sentence + "\n") +
                   columns.text();
  return verdict;
}

}  // namespace quiesce::interleave
