// NameSet: numbers that were given out, kept as stretches of neighbours.
#pragma once

#include <cstdint>
#include <iterator>
#include <map>

namespace quiesce::validate {

/// A set of numbers below 2^32.
///   cost     memory grows with the gaps between the numbers, not with the numbers: whoever counts
///            upwards needs one stretch; a look-up is logarithmic in the stretches
class NameSet {
 public:
  [[nodiscard]] bool empty() const { return last_of_.empty(); }
  [[nodiscard]] std::size_t stretches() const { return last_of_.size(); }

  [[nodiscard]] bool contains(std::uint32_t number) const {
    const auto after = last_of_.upper_bound(number);
    return after != last_of_.begin() && std::prev(after)->second >= number;
  }

  /// False if it was there.
  bool insert(std::uint32_t number) {
    auto after = last_of_.upper_bound(number);
    auto before = after == last_of_.begin() ? last_of_.end() : std::prev(after);
    if (before != last_of_.end() && before->second >= number) return false;
    const bool follows = before != last_of_.end() && before->second + 1 == number;
    const bool precedes = after != last_of_.end() && number + 1 == after->first;
    if (!follows) before = last_of_.emplace_hint(after, number, number);
    before->second = precedes ? after->second : number;
    if (precedes) last_of_.erase(after);
    return true;
  }

 private:
  std::map<std::uint32_t, std::uint32_t> last_of_;  // first of a stretch -> its last
};

}  // namespace quiesce::validate
