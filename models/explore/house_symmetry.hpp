// Which states of the bounded machine differ in names only.
#pragma once

#include <cstdint>

#include "models/explore/house_codec.hpp"

namespace quiesce::explore {

/// HouseSymmetry gives every state the one member of its orbit that stands for it, under renaming
/// of body tasks, of obligations, or both.
///
/// Exact: a task and what it holds are a unit that names no other unit, so a state is its regions,
/// its finalizers and a collection of units; the units are sorted, and two that compare equal are
/// interchangeable. Absent rows stay behind the present ones, as names are handed out in order.
/// Regions are not symmetric: of two equal reasons the one from the lower Name is stronger, and the
/// root is a Name that no other region has. Finalizers keep their Names: their order is that of
/// their stack.
///   cost     linear in the rows but for the sorting of at most six units
class HouseSymmetry {
 public:
  HouseSymmetry(const HouseCodec& codec, bool tasks, bool obligations);
  [[nodiscard]] bool any() const { return tasks_ || obligations_; }
  void make_canonical(HouseCodec::Rows& rows) const;

 private:
  void rename_tasks(HouseCodec::Rows& rows) const;

  HouseCodec::Places places_;
  bool tasks_;
  bool obligations_;
};

}  // namespace quiesce::explore
