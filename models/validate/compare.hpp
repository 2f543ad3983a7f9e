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

/// "region r3: Closing, parent r0, reason User@4 from r3, tasks [t5]": the rows that an event
/// reads, what they lean on, and the time.
[[nodiscard]] std::vector<std::string> rows_in_words(const Event& event, const spec::State& state,
                                                     const EndedRows& ended);

/// True if an event names an entity of the list or creates it.
[[nodiscard]] bool concerns(const Event& event, const NamedRows& named);
/// The entities that an event needs, and what these lean on; also who has its Name already.
[[nodiscard]] NamedRows concerned_by(const Event& event, const spec::State& state);

/// What the specification answers to an event, and the state after it. Where an entity has the Name
/// already, it is asked about a creation with a Name of its own.
[[nodiscard]] Answer answer_to(spec::State& state, const Event& event);
/// True if the answer of the trace is the specification's, and creates no Name a second time.
[[nodiscard]] bool explains(const Answer& spec_says, const Event& event);

/// "Refused{RegionOpen}: it is not true that the region is Open"
[[nodiscard]] std::string in_words(const Answer& spec_says, const Answer& trace_says);

/// The report of an event whose answer is not the specification's.
[[nodiscard]] Unexplained unexplained_answer(const Event& event, const Answer& spec_says);

/// "start(t1) answered Done{changed}"
[[nodiscard]] std::string event_text(const Event& event);

}  // namespace quiesce::validate
