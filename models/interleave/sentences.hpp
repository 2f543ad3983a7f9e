// The facts of a finding in words.
#pragma once

#include <span>
#include <string>

#include "models/interleave/core.hpp"

namespace quiesce::interleave {

/// An object's name; one that was not given a name gets its number.
std::string label(const ObjectHead& object);

/// Who waits for what: the cycle of locks if there is one, else every thread that waits.
///   state    `unfinished`: the threads of `threads` that have not ended
std::string deadlock_sentence(std::span<const ThreadRecord> threads, Threads unfinished);

/// Which thread ran last when the limit was reached.
std::string step_limit_sentence(std::uint32_t limit, unsigned thread, const Pending& pending);

}  // namespace quiesce::interleave
