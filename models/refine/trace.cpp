// The traced re-run: a failure's execution once more, looking at everything.
#include <utility>

#include "models/interleave/engine.hpp"
#include "models/interleave/trace.hpp"
#include "models/refine/failure.hpp"
#include "models/refine/judge.hpp"

namespace quiesce::refine {
namespace {

/// Makes rows of visible operations and notes.
///   state    the prefix and the suffix run alone, so only their actions get rows, unless the main
///            thread is all there is and an operation of its ended the execution; threads that
///            start, end and are joined get none
class RowWriter final : public interleave::TraceSink {
 public:
  RowWriter(const Execution& execution, std::vector<TraceRow>& rows, bool shows_main)
      : execution_(execution),
        rows_(rows),
        shows_main_(shows_main),
        locks_(interleave::max_threads) {}

  void operation(const interleave::TracedOperation& operation) override {
    // The main thread has no column: why the one before it stopped is what counts.
    if (operation.switched != interleave::SwitchReason::None && operation.previous != 0) {
      switched_ = reason(operation);
    }
    const std::size_t part = execution_.part_of_thread(operation.thread);
    std::size_t& held = locks_[operation.thread];
    using interleave::OperationKind;
    const bool takes = operation.kind == OperationKind::Lock;
    const bool gives = operation.kind == OperationKind::Unlock;
    if (gives && held > 0) --held;
    if (is_shown(operation.kind) && (part != 0 || shows_main_)) {
      std::string text = std::string(word(operation.kind)) + " " + std::string(operation.object);
      if (!operation.detail.empty()) text += " " + std::string(operation.detail);
      add(part, std::move(text), held + 1);
    }
    if (takes) ++held;
  }

  void note(unsigned thread, std::string_view text) override {
    add(execution_.part_of_thread(thread), std::string(text), 0);
  }

 private:
  static bool is_shown(interleave::OperationKind kind) {
    using interleave::OperationKind;
    return kind != OperationKind::Spawn && kind != OperationKind::Join &&
           kind != OperationKind::Exit && kind != OperationKind::Read &&
           kind != OperationKind::Write;
  }
  static std::string reason(const interleave::TracedOperation& operation) {
    std::string text{word(operation.switched)};
    if (!operation.blocked_on.empty()) text += " on " + std::string(operation.blocked_on);
    return text;
  }

  void add(std::size_t part, std::string text, std::size_t depth) {
    TraceRow row;
    row.part = part;
    row.text = std::move(text);
    row.depth = depth;
    if (!rows_.empty() && rows_.back().part != part) row.switched = switched_;
    switched_.clear();
    if (execution_.alive() != nullptr) {
      Snapshot now;
      execution_.alive()->peek(now);
      if (seen_) row.changed = changes(*seen_, now);
      seen_ = std::move(now);
    }
    rows_.push_back(std::move(row));
  }

  const Execution& execution_;
  std::vector<TraceRow>& rows_;
  bool shows_main_;
  std::vector<std::size_t> locks_;  // held, by thread
  std::optional<Snapshot> seen_;
  std::string switched_;
};

std::vector<std::string> titles_of(const Script& script) {
  std::vector<std::string> titles{"main"};
  for (std::size_t i = 0; i < script.branches.size(); ++i) {
    std::string title = "T" + std::to_string(i + 1);
    for (const Action& action : script.branches[i]) title += " " + to_text(action);
    titles.push_back(std::move(title));
  }
  return titles;
}

}  // namespace

TracedRun trace(const Failure& failure, const Variant& variant) {
  TracedRun run;
  run.titles = titles_of(failure.script);
  SpecMemo memo;
  memo.clear(failure.script.leaks);
  Execution execution{variant, memo};
  execution.load(failure.script);
  execution.set_notes(true);
  const Mode mode = failure.strategy == Strategy::Sequential ? Mode::Sequential : Mode::Concurrent;
  execution.set_mode(mode);
  interleave::Engine engine{engine_options(variant)};
  const bool main_alone = execution.concurrent_threads() == 0;
  RowWriter rows{execution, run.rows, main_alone && failure.kind == FailureKind::ExecutionEnded};
  interleave::Fixed recorded{failure.decisions};
  engine.trace_to(&rows);
  const interleave::Ended ended = engine.run(recorded, [&] { execution(); });
  engine.trace_to(nullptr);
  if (recorded.divergence()) {
    run.divergence = "decision " + std::to_string(*recorded.divergence()) + " does not fit";
  }
  Judge judge{memo};
  Judge::Settings settings;
  settings.search_linearization = failure.linearization;
  Coverage coverage;
  if (auto clash = judge.judge(execution, mode, ended, settings, coverage)) {
    const Failure again = failure_of(*std::move(clash), execution, ended, engine.decisions());
    run.failed_again = again.signature() == failure.signature();
  }
  return run;
}

}  // namespace quiesce::refine
