// Is the schedule all that decides? The same decisions twice must give the same operations.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/interleave/engine.hpp"

namespace quiesce::interleave {

/// Remembers which thread did what to which object, and no values or addresses.
class OperationLog final : public TraceSink {
 public:
  void operation(const TracedOperation& operation) override;
  void note(unsigned, std::string_view) override {}

  /// A hash of everything so far; the same on every machine.
  std::uint64_t hash() const { return hash_; }
  std::size_t size() const { return lines_.size(); }
  const std::string& line(std::size_t index) const { return lines_[index]; }

 private:
  std::uint64_t hash_ = 0;
  std::vector<std::string> lines_;
};

/// The first difference of two logs in words; nothing if they agree.
std::optional<std::string> first_difference(const OperationLog& first, const OperationLog& second);

/// Executes the same decisions twice; a sentence if the two executions differ: then a clock, an
/// address, a real thread or something left over from the first one decides what the code does.
///   state    ends with no sink
template <class Body>
std::optional<std::string> uncontrolled_choice(Engine& engine, Body&& body,
                                               const Decisions& decisions) {
  OperationLog logs[2];
  Ended endings[2];
  for (int i = 0; i < 2; ++i) {
    Fixed replay(decisions);
    engine.trace_to(&logs[i]);
    endings[i] = engine.run(replay, body);
    engine.trace_to(nullptr);
    if (replay.divergence()) {
      return "decision " + std::to_string(*replay.divergence()) +
             " could not be repeated: the thread it names could not go on";
    }
  }
  if (auto difference = first_difference(logs[0], logs[1])) return difference;
  if (endings[0].ending != endings[1].ending) {
    return "the first execution ended as " + std::string(word(endings[0].ending)) +
           " and the second as " + std::string(word(endings[1].ending));
  }
  return std::nullopt;
}

}  // namespace quiesce::interleave
