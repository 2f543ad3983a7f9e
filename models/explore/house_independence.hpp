// Which actions of the project's own bounded machine commute, whatever the state.
#pragma once

#include "models/explore/house_codec.hpp"
#include "spec/vocabulary/action.hpp"

namespace quiesce::explore {

/// Whether in every reachable state of the settled machine neither action enables or disables the
/// other and both orders lead to the same state. Symmetric; false of an action with itself. What is
/// not known to be so is false.
///   source   from what the rules read and write: a task's own steps its row; a commit its promise
///            and a counter, whose region cannot close while the holder lives; a return its task,
///            what it holds and its region's join, and may start finalizers. Creations of one kind
///            share the next Name. Tested over whole spaces: tests/explore/reduction_test.cpp
[[nodiscard]] bool are_independent(const Action& a, const Action& b, const HouseBounds& bounds);

}  // namespace quiesce::explore
