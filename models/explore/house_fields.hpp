// The fields of a packed row of the project's own bounded machine.
#pragma once

#include <bit>
#include <cstdint>

#include "spec/state.hpp"

namespace quiesce::explore {

/// Fields of a row, packed from the lowest bit up.
class Packer {
 public:
  void put(std::uint64_t value, std::uint32_t width) {
    row_ |= value << used_;
    used_ += width;
  }
  [[nodiscard]] std::uint64_t row() const { return row_; }

 private:
  std::uint64_t row_ = 0;
  std::uint32_t used_ = 0;
};

/// The same fields, taken in the same order.
class Unpacker {
 public:
  explicit Unpacker(std::uint64_t row) : row_(row) {}
  std::uint32_t take(std::uint32_t width) {
    const auto value = static_cast<std::uint32_t>(row_ & ((std::uint64_t{1} << width) - 1));
    row_ >>= width;
    return value;
  }

 private:
  std::uint64_t row_;
};

/// A bit for each Name; they must stand in increasing order below `end`.
template <class EntityName>
[[nodiscard]] std::uint64_t set_field(const spec::Names<EntityName>& names, std::uint32_t begin,
                                      std::uint32_t end, bool& fits) {
  std::uint64_t set = 0;
  for (const EntityName name : names) {
    const std::uint32_t place = name.value - begin;
    fits &= place < end - begin && set >> (place & 63U) == 0;
    set |= std::uint64_t{1} << (place & 63U);
  }
  return set;
}

template <class EntityName>
void set_of(std::uint32_t field, std::uint32_t begin, spec::Names<EntityName>& names) {
  names.clear();
  for (; field != 0; field &= field - 1) {
    names.push_back(EntityName{begin + static_cast<std::uint32_t>(std::countr_zero(field))});
  }
}

}  // namespace quiesce::explore
