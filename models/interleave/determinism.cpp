#include "models/interleave/determinism.hpp"

#include <algorithm>

#include "models/interleave/random.hpp"

namespace quiesce::interleave {

void OperationLog::operation(const TracedOperation& operation) {
  const std::uint64_t packed = (std::uint64_t{operation.ordinal} << 16U) |
                               (std::uint64_t{operation.thread} << 8U) |
                               static_cast<std::uint64_t>(operation.kind);
  hash_ = mixed(hash_ ^ (packed + 1));
  std::string line = "thread " + std::to_string(operation.thread) + " ";
  line += word(operation.kind);
  if (!operation.object.empty()) {
    line += " " + std::string(operation.object) + "#" + std::to_string(operation.ordinal);
  }
  lines_.push_back(std::move(line));
}

std::optional<std::string> first_difference(const OperationLog& first, const OperationLog& second) {
  const std::size_t common = std::min(first.size(), second.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (first.line(i) == second.line(i)) continue;
    return "operation " + std::to_string(i + 1) + " was \"" + first.line(i) +
           "\" in one execution and \"" + second.line(i) + "\" in the other";
  }
  if (first.size() == second.size()) return std::nullopt;
  return "one execution ended after " + std::to_string(first.size()) +
         " operations and the other after " + std::to_string(second.size());
}

}  // namespace quiesce::interleave
