#include "models/refine/execution.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "models/interleave/explored.hpp"
#include "models/interleave/trace.hpp"

namespace quiesce::refine {
namespace {

using interleave::Explored;

/// Ends the life of a runtime however its execution ends.
class Life {
 public:
  Life(RuntimeUnderTest& runtime, const Capacity& capacity, bool& alive)
      : runtime_(runtime), alive_(alive) {
    runtime_.start(capacity);
    alive_ = true;
  }
  ~Life() {
    alive_ = false;
    runtime_.stop();
  }
  Life(const Life&) = delete;
  Life& operator=(const Life&) = delete;

 private:
  RuntimeUnderTest& runtime_;
  bool& alive_;
};

std::vector<Action>& part_at(Script& script, std::size_t part) {
  if (part == 0) return script.prefix;
  return part <= script.branches.size() ? script.branches[part - 1] : script.suffix;
}

}  // namespace

interleave::EngineOptions engine_options(const Variant& variant) {
  interleave::EngineOptions options;
  options.unlock_points = variant.try_lock == TryLock::Yes;
  return options;
}

Capacity capacity_of(const Script& script) {
  Capacity capacity;
  capacity.leaks = script.leaks;
  static constexpr std::array counts{&Capacity::regions, &Capacity::tasks, &Capacity::obligations};
  std::array<std::uint32_t, 3> created_of{};
  for (const auto part : parts(script)) {
    for (const Action& action : part) {
      const CreatedName created = created_name(action);
      if (created.letter == '?') continue;
      const std::size_t kind = created.letter == 'r' ? 0 : created.letter == 't' ? 1 : 2;
      std::uint32_t& count = capacity.*counts[kind];
      count = std::max({count, created.value + 1, ++created_of[kind] + 1});
    }
  }
  return capacity;
}

void Execution::load(const Script& script) {
  script_ = script;
  capacity_ = capacity_of(script);
  ids_.clear();
  for (const auto part : parts(script_)) {
    std::vector<ActionId>& ids = ids_.emplace_back();
    for (const Action& action : part) ids.push_back(memo_.intern(action));
  }
  threaded_parts_.clear();
  for (std::size_t i = 0; i < script_.branches.size(); ++i) {
    if (!script_.branches[i].empty()) threaded_parts_.push_back(i + 1);
  }
  history_.clear();
  finished_ = false;
}

std::uint32_t Execution::concurrent_threads() const {
  const auto threads = static_cast<std::uint32_t>(threaded_parts_.size());
  return mode_ == Mode::Sequential ? std::min(threads, 1U) : threads;
}

std::size_t Execution::part_of_thread(unsigned thread) const {
  return thread == 0 || thread > threaded_parts_.size() ? 0 : threaded_parts_[thread - 1];
}

unsigned Execution::thread_of_part(std::size_t part) const {
  const auto found = std::find(threaded_parts_.begin(), threaded_parts_.end(), part);
  return found == threaded_parts_.end()
             ? 0
             : static_cast<unsigned>(found - threaded_parts_.begin()) + 1;
}

void Execution::operator()() {
  history_.clear();
  positions_.assign(ids_.size(), 0);
  events_ = 0;
  finished_ = false;
  const Life life{*runtime_, capacity_, alive_};
  run_part(0);
  run_branches();
  run_part(ids_.size() - 1);
  runtime_->snapshot(final_);
  finished_ = true;
}

void Execution::run_branches() {
  if (mode_ == Mode::Sequential || threaded_parts_.size() < 2) {
    for (const std::size_t part : threaded_parts_) run_part(part);
    return;
  }
  std::array<std::optional<Explored::Thread>, 8> threads;
  for (std::size_t i = 0; i < threaded_parts_.size(); ++i) {
    threads[i].emplace([this, part = threaded_parts_[i]] { run_part(part); });
  }
  for (std::size_t i = 0; i < threaded_parts_.size(); ++i) threads[i]->join();
}

void Execution::run_part(std::size_t part) {
  for (std::size_t position = 0; position < ids_[part].size(); ++position) issue(part, position);
}

void Execution::issue(std::size_t part, std::size_t position) {
  positions_[part] = position;
  const std::size_t index = history_.size();
  Operation& invoked = history_.emplace_back();
  invoked.part = static_cast<std::uint16_t>(part);
  invoked.position = static_cast<std::uint16_t>(position);
  invoked.invoked = events_++;
  const Action& action = part_at(script_, part)[position];
  if (notes_) {
    invoked.action = action;
    note(invoked, false);
  }

  Issued issued = runtime_->apply(action);

  Operation& operation = history_[index];  // others may have made the history grow
  operation.responded = events_++;
  operation.has_responded = true;
  const ActionId id = ids_[part][position];
  operation.action_id = issued.action == action ? id : memo_.intern(issued.action);
  operation.action = issued.action;
  operation.answer = issued.answer;
  operation.ticket = issued.ticket;
  operation.tells = issued.tells;
  operation.told = std::move(issued.told);
  if (notes_) note(operation, true);
  if (mode_ == Mode::Sequential) {
    if (after_each_.size() <= index) after_each_.resize(index + 1);
    runtime_->snapshot(after_each_[index]);
  }
}

void Execution::note(const Operation& operation, bool answered) {
  interleave::note(answered ? "-> " + to_text(operation.answer) : to_text(operation.action));
}

}  // namespace quiesce::refine
