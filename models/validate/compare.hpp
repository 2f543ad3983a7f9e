// What a snapshot says against what the specification says, and rows in words.
#pragma once

#include <string>
#include <vector>

#include "models/validate/ended_rows.hpp"
#include "models/validate/event.hpp"
#include "models/validate/judge.hpp"

namespace quiesce::validate {

/// Every field that a snapshot gives and that the specification has otherwise:
/// "task t1: phase is Running in the specification, Created in the trace". Empty if all agree.
[[nodiscard]] std::vector<std::string> differences(const TraceSnapshot& snapshot,
                                                   const spec::State& state,
                                                   const EndedRows& ended);

/// The report of a snapshot that differs; a sentence of the catalogue that it breaks gives the id.
[[nodiscard]] Unexplained unexplained_snapshot(const TraceSnapshot& snapshot,
                                               const LeakPolicy& leaks,
                                               std::vector<std::string> differences);

/// "region r3: Closing, parent r0, reason User@4 from r3, tasks [t5]": the rows that an action
/// reads, what they lean on, and the time.
[[nodiscard]] std::vector<std::string> rows_in_words(const Action& action,
                                                     const spec::State& state);

/// True if an event names an entity of the list or creates it.
[[nodiscard]] bool concerns(const Event& event, const NamedRows& named);
/// The entities of an action, what it creates included, and what these lean on.
[[nodiscard]] NamedRows concerned_by(const Action& action, const spec::State& state);

/// "Refused{RegionOpen}: it is not true that the region is Open"
[[nodiscard]] std::string in_words(const Answer& spec_says, const Answer& trace_says);

/// The report of an event whose answer is not the specification's.
[[nodiscard]] Unexplained unexplained_answer(const Event& event, const Answer& spec_says);

/// "start(t1) answered Done{changed}"
[[nodiscard]] std::string event_text(const Event& event);

}  // namespace quiesce::validate
