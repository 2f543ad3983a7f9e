// The recorder: real threads on a variant, and the trace of what they were answered.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "models/refine/runtime_under_test.hpp"
#include "models/validate/event.hpp"

namespace quiesce::validate {

struct RecordOptions {
  Order order = Order::Tickets;
  std::uint32_t threads = 4;
  std::uint64_t actions = 100'000;  // about so many, by all threads together
  std::uint64_t seed = 1;           // of what the threads ask for; the schedule is the machine's
  LeakPolicy leaks{};
  bool release = false;  // say which names are never used again
  std::function<bool()> go_on = [] { return true; };
};

/// What threads did, in the order in which it is written.
struct Recording {
  Order order = Order::Tickets;
  LeakPolicy leaks{};
  std::vector<Event> events;
  std::vector<TraceSnapshot> snapshots;  // on the way and at the end, in pieces, in order
  std::vector<Released> released;
};

/// Runs threads that share regions, tasks and obligations on a runtime of their own, then ends
/// everything that they left, until the root is Closed. They stand still some times on the way:
/// then the rows that have not ended are written down, and at the end all rows, if they are not too
/// many.
///   state    thread 0 ends what is left; the others are 1, 2, … Each event is recorded as it was
///            issued: a Name that no entity had yet is none
///   refuses  the order tickets on a variant that draws none: `error`
struct Recorded {
  Recording recording;
  std::string error;
};
[[nodiscard]] Recorded record(const refine::Variant& variant, const RecordOptions& options);

/// Writes a trace; empty, or the sentence that says what could not be done.
[[nodiscard]] std::string write_trace(const Recording& recording, const std::string& path);

}  // namespace quiesce::validate
