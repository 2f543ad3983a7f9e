// The order of tickets: a good trace passes, and a spoiled one is caught at the event that is
// wrong.
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include "models/refine/generator.hpp"
#include "models/validate/compare.hpp"
#include "models/validate/ended_rows.hpp"
#include "spec/invariants.hpp"
#include "tests/validate/traces.hpp"

using namespace quiesce;
using namespace quiesce::validate;
using namespace quiesce::validate::traces;

BOOST_AUTO_TEST_SUITE(validate_tickets)

BOOST_AUTO_TEST_CASE(a_trace_that_the_specification_gave_is_allowed) {
  const Report report = verdict_on(text_of(small_trace()));
  BOOST_TEST((report.verdict == Verdict::Allowed), report.sentence);
  BOOST_TEST(report.counts.events == 8U);
  BOOST_TEST(report.counts.threads == 2U);
  BOOST_TEST((report.counts.rows == RowCounts{2, 1, 1}));
}

BOOST_AUTO_TEST_CASE(an_answer_that_differs_is_named_with_line_guard_and_rows) {
  std::vector<Event> events = small_trace();
  events[7].answer = done();  // spawn(t2, r1) into a region that is Closed
  const Report report = verdict_on(text_of(events));
  BOOST_TEST_REQUIRE((report.verdict == Verdict::NotAllowed));
  BOOST_TEST(report.first->line == 9U);
  BOOST_TEST(report.first->spec_says ==
             "Refused{RegionOpen}: it is not true that the region is Open");
  BOOST_TEST(report.first->rows.front() == "region r1: Closed, parent r0");
  BOOST_TEST(event_text(*report.first->event) == "spawn(t2, r1) answered Done");
  BOOST_TEST(report.first->before.back().line == 8U);
  BOOST_TEST(report.counts.events == 7U);
}

BOOST_AUTO_TEST_CASE(a_refusal_that_the_specification_does_not_give_is_named_with_the_guard) {
  std::vector<Event> events = small_trace();
  events[1].answer = refused(Guard::RegionOpen);
  const Report report = verdict_on(text_of(events));
  BOOST_TEST_REQUIRE((report.verdict == Verdict::NotAllowed));
  BOOST_TEST(report.first->line == 3U);
  BOOST_TEST(report.first->spec_says ==
             "Done: every guard holds, it is true that the region is Open");
  BOOST_TEST(report.first->rows.front() == "region r1: Open, parent r0");  // as it was before
}

BOOST_AUTO_TEST_CASE(two_swapped_tickets_are_caught_at_the_event_that_came_too_early) {
  std::vector<Event> events = small_trace();
  std::swap(events[1].ticket, events[2].ticket);  // start(t1) before spawn(t1, r1)
  const Report report = verdict_on(text_of(events));
  BOOST_TEST_REQUIRE((report.verdict == Verdict::NotAllowed));
  BOOST_TEST(report.first->line == 4U);
  BOOST_TEST(event_text(*report.first->event) == "start(t1) answered Done");
  BOOST_TEST(report.first->spec_says == "Refused{TaskExists}: it is not true that the task exists");
  BOOST_TEST(report.first->rows.front() == "task t1: there is none");
}

BOOST_AUTO_TEST_CASE(a_dropped_event_is_a_missing_ticket_or_if_renumbered_an_event_unexplained) {
  std::vector<Event> events = small_trace();
  events.erase(events.begin() + 2);  // start(t1)
  const Report missing = verdict_on(text_of(events));
  BOOST_TEST((missing.verdict == Verdict::BadInput));
  BOOST_TEST(missing.sentence.find(":4: ticket 3 is missing: ticket 4 stands on this line") !=
                 std::string::npos,
             missing.sentence);
  for (std::size_t i = 0; i < events.size(); ++i) events[i].ticket = i + 1;
  const Report renumbered = verdict_on(text_of(events));
  BOOST_TEST_REQUIRE((renumbered.verdict == Verdict::NotAllowed));
  BOOST_TEST(event_text(*renumbered.first->event) == "return(t1, Ok) answered Done{Completed(Ok)}");
  BOOST_TEST(renumbered.first->line == 6U);
}

BOOST_AUTO_TEST_CASE(an_event_twice_is_a_ticket_twice_or_if_renumbered_an_event_unexplained) {
  std::vector<Event> events = small_trace();
  events.insert(events.begin() + 5, events[4]);  // commit(o1, t1)
  const Report twice = verdict_on(text_of(events));
  BOOST_TEST((twice.verdict == Verdict::BadInput));
  BOOST_TEST(twice.sentence.find(":7: ticket 5 was drawn by line 6 already") != std::string::npos,
             twice.sentence);
  for (std::size_t i = 0; i < events.size(); ++i) {
    events[i].ticket = i + 1;
    events[i].thread = i;
  }
  const Report renumbered = verdict_on(text_of(events));
  BOOST_TEST_REQUIRE((renumbered.verdict == Verdict::NotAllowed));
  BOOST_TEST(renumbered.first->line == 7U);
  BOOST_TEST(renumbered.first->spec_says ==
             "Refused{ObligationReserved}: it is not true that the obligation is Reserved");
}

BOOST_AUTO_TEST_CASE(lines_out_of_order_are_put_in_order_within_the_window) {
  std::vector<Event> events = small_trace();
  for (std::size_t i = 0; i < events.size(); ++i) events[i].thread = i;
  std::vector<Event> backwards(events.rbegin(), events.rend());
  BOOST_TEST((verdict_on(text_of(backwards)).verdict == Verdict::Allowed));
  Options narrow;
  narrow.spending.window = 3;
  const Report report = verdict_on(text_of(backwards), narrow);
  BOOST_TEST((report.verdict == Verdict::BadInput));
  BOOST_TEST(report.sentence.find("ticket 1 is missing") != std::string::npos, report.sentence);
  BOOST_TEST(report.sentence.find("--window") != std::string::npos, report.sentence);
}

BOOST_AUTO_TEST_CASE(a_snapshot_is_compared_field_by_field) {
  const std::string good = R"({"snapshot":{"after":3,"now":0,"counts":{"regions":2,"tasks":1,)"
                           R"("obligations":0},"tasks":[{"name":"t1","phase":"Running"}]}})"
                           "\n";
  const std::string wrong = R"({"snapshot":{"after":3,"tasks":[{"name":"t1","phase":"Created"}]}})"
                            "\n";
  const std::string trace = text_of(small_trace());
  const std::size_t after_third = trace.find(R"({"ticket":4)");
  const auto with = [&](std::string snapshot) {
    return trace.substr(0, after_third) + std::move(snapshot) + trace.substr(after_third);
  };
  const Report allowed = verdict_on(with(good));
  BOOST_TEST((allowed.verdict == Verdict::Allowed), report_text(allowed, 1));
  BOOST_TEST(allowed.counts.snapshots == 1U);
  const Report differs = verdict_on(with(wrong));
  BOOST_TEST_REQUIRE((differs.verdict == Verdict::NotAllowed));
  BOOST_TEST(differs.first->line == 5U);
  BOOST_TEST(differs.first->sentence ==
             "task t1: phase is \"Running\" in the specification, \"Created\" in the trace");
  // Early in the file it waits for its ticket; late it is refused.
  BOOST_TEST((verdict_on(tickets_header() + good + trace.substr(tickets_header().size())).verdict ==
              Verdict::Allowed));
  for (int ticket = 1; ticket <= 4; ++ticket) {
    const std::size_t place = trace.find(R"({"ticket":)" + std::to_string(ticket));
    const auto at_place = [&](const std::string& snapshot) {
      return verdict_on(trace.substr(0, place) + snapshot + trace.substr(place));
    };
    BOOST_TEST(at_place(good).counts.snapshots == 1U);
    BOOST_TEST((at_place(wrong).verdict == Verdict::NotAllowed));
  }
  const Report late = verdict_on(trace + good);
  BOOST_TEST((late.verdict == Verdict::BadInput));
  BOOST_TEST(late.sentence.find("put it before the line of ticket 4") != std::string::npos,
             late.sentence);
}

BOOST_AUTO_TEST_CASE(a_whole_snapshot_that_breaks_an_invariant_gives_its_id) {
  spec::State state = spec::initial();
  for (const Event& event : small_trace()) static_cast<void>(spec::apply(state, event.action));
  TraceSnapshot snapshot = whole_snapshot(state);
  snapshot.after = 8;
  const std::string good = text_of(small_trace()) + line_of(snapshot, Order::Tickets) + "\n";
  BOOST_TEST((verdict_on(good).verdict == Verdict::Allowed));
  snapshot.tasks[0].row.phase = TaskPhase::Running;  // in a region that is Closed
  const Report report =
      verdict_on(text_of(small_trace()) + line_of(snapshot, Order::Tickets) + "\n");
  BOOST_TEST_REQUIRE((report.verdict == Verdict::NotAllowed));
  BOOST_TEST(report.first->id.rfind("inv.", 0) == 0U, report.first->id);
}

BOOST_AUTO_TEST_CASE(a_trace_may_start_in_a_state_of_its_own) {
  spec::State state = spec::initial();
  for (const char* const text : {"spawn(t1, r0)", "start(t1)", "cancel_task(t1, User)"})
    static_cast<void>(spec::apply(state, parse_action(text).action));
  Header header;
  header.first_ticket = 40;
  header.initial = whole_snapshot(state);
  Event event;
  event.ticket = 40;
  event.action = Checkpoint{TaskName{1}};
  event.answer = spec::apply(state, event.action);
  const auto text = [&] { return line_of(header) + "\n" + line_of(event, Order::Tickets) + "\n"; };
  BOOST_TEST((verdict_on(text()).verdict == Verdict::Allowed));
  event.answer = done_with(Continue{});
  BOOST_TEST((verdict_on(text()).verdict == Verdict::NotAllowed));
  header.initial->tasks[0].row.owner = RegionName{7};  // no such region
  const Report broken = verdict_on(text());
  BOOST_TEST((broken.verdict == Verdict::BadInput));
  BOOST_TEST(broken.sentence.find(":1: the initial state breaks inv.") != std::string::npos,
             broken.sentence);
}

BOOST_AUTO_TEST_CASE(what_has_ended_is_put_away_and_nothing_is_answered_otherwise) {
  // Long sequences that come back to ended entities again and again, with and without.
  std::size_t most_away = 0;
  for (std::uint64_t index = 0; index < 60; ++index) {
    const refine::Script script = refine::generate_sequence(7, index, 400);
    spec::State all = spec::initial(script.leaks);
    spec::State some = spec::initial(script.leaks);
    EndedRows ended;
    for (std::size_t i = 0; i < script.prefix.size(); ++i) {
      const Action& action = script.prefix[i];
      insert_rows(some, ended.bring_back(named_by(action)));
      const Answer spec_says = spec::apply(all, action);
      BOOST_TEST_REQUIRE((spec::apply(some, action) == spec_says), to_text(action));
      if (i % 3 == 0) ended.put_away(some);
      most_away = std::max(most_away, ended.counts().tasks);
      if (i % 16 == 0) BOOST_TEST_REQUIRE((ended.whole(some) == all), to_text(action));
    }
    BOOST_TEST_REQUIRE((ended.whole(some) == all));
  }
  BOOST_TEST(most_away > 10U);
}

BOOST_AUTO_TEST_CASE(released_names_are_forgotten_and_may_not_come_back) {
  const std::string released =
      R"({"released":{"after":8,"regions":["r1"],"tasks":["t1"],"obligations":["o1"]}})"
      "\n";
  Event again;
  again.thread = 9;
  again.ticket = 9;
  again.action = Checkpoint{TaskName{1}};
  again.answer = refused(Guard::TaskLive);
  const std::string late = line_of(again, Order::Tickets) + "\n";
  BOOST_TEST((verdict_on(text_of(small_trace()) + late).verdict == Verdict::Allowed));
  const Report report = verdict_on(text_of(small_trace()) + released + late);
  BOOST_TEST((report.verdict == Verdict::BadInput));
  BOOST_TEST(report.sentence.find(":11: t1 was released by an earlier line") != std::string::npos,
             report.sentence);
  const Report allowed = verdict_on(text_of(small_trace()) + released);
  BOOST_TEST((allowed.verdict == Verdict::Allowed));
}

BOOST_AUTO_TEST_CASE(an_obligation_outlives_the_region_that_was_released) {
  std::vector<Event> events = small_trace();
  const std::string released = R"({"released":{"after":8,"regions":["r1"],"tasks":["t1"]}})"
                               "\n";
  std::string text = text_of(events) + released;
  for (std::uint64_t ticket = 9; ticket < 80; ++ticket) {  // clean-ups come in between
    Event event;
    event.ticket = ticket;
    event.action = Poll{TaskName::none()};
    event.answer = refused(Guard::TaskExists);
    text += line_of(event, Order::Tickets) + "\n";
  }
  Event late;
  late.ticket = 80;
  late.action = Commit{ObligationName{1}, TaskName{2}};
  late.answer = refused(Guard::ActorIsHolder);
  text += line_of(late, Order::Tickets) + "\n";
  BOOST_TEST((verdict_on(text).verdict == Verdict::Allowed));
}

BOOST_AUTO_TEST_CASE(every_state_evaluates_the_catalogue_after_every_event) {
  Options options;
  options.spending.every_state = true;
  const Report report = verdict_on(text_of(small_trace()), options);
  BOOST_TEST((report.verdict == Verdict::Allowed));
  BOOST_TEST(report.counts.steps_judged == 8U);
  BOOST_TEST(report.counts.states_judged == 9U);  // and the whole state at the end
}

BOOST_AUTO_TEST_CASE(each_number_of_rows_is_compared) {
  const std::string trace = text_of(small_trace());
  for (const auto& [counts, sentence] : std::vector<std::pair<std::string, std::string>>{
           {R"({"regions":2,"tasks":1,"obligations":1})", ""},
           {R"({"regions":3,"tasks":1,"obligations":1})",
            "the number of regions is 2 in the specification, 3 in the trace"},
           {R"({"regions":2,"tasks":2,"obligations":1})",
            "the number of tasks is 1 in the specification, 2 in the trace"},
           {R"({"regions":2,"tasks":1,"obligations":0})",
            "the number of obligations is 1 in the specification, 0 in the trace"}}) {
    const Report report =
        verdict_on(trace + R"({"snapshot":{"after":8,"counts":)" + counts + "}}\n");
    BOOST_TEST((report.first ? report.first->sentence : "") == sentence);
  }
}

/// What a whole snapshot breaks is judged under the policy of the header.
BOOST_AUTO_TEST_CASE(a_whole_snapshot_is_judged_under_the_leak_policy) {
  spec::State state = spec::initial({.response = LeakResponse::Recover});
  std::vector<Event> events =
      events_of({"spawn(t1, r0)", "start(t1)", "reserve(o1, t1, r0, Ack)", "return(t1, Ok)"});
  for (const Event& event : events) BOOST_TEST_REQUIRE(is_done(spec::apply(state, event.action)));
  BOOST_TEST_REQUIRE(state.leak_count == 1U);
  std::string trace = text_of(events);
  const std::string header = R"({"format":"quiesce-trace","version":1,"order":"tickets",)"
                             R"("leaks":{"response":"Recover"}})"
                             "\n";
  trace.replace(0, trace.find('\n') + 1, header);
  state.tasks[0].outcome = Outcome::err();
  TraceSnapshot snapshot = whole_snapshot(state);
  snapshot.after = 4;
  const Report report = verdict_on(trace + line_of(snapshot, Order::Tickets) + "\n");
  BOOST_TEST_REQUIRE((report.verdict == Verdict::NotAllowed), report.sentence);
  BOOST_TEST(report.first->id == "inv.region.outcome_joined");
}

/// A finalizer that starts before its turn: its region, and who runs there, are shown.
BOOST_AUTO_TEST_CASE(the_region_of_a_finalizer_that_has_not_started_is_shown) {
  std::vector<Event> events =
      events_of({"defer_finalizer(t1, r0)", "defer_finalizer(t2, r0)", "close_region(r0, Await)"});
  Event early = events.back();
  early.ticket = 4;
  early.action = Start{TaskName{1}};
  early.answer = done();
  events.push_back(early);
  const Report report = verdict_on(text_of(events));
  BOOST_TEST_REQUIRE((report.verdict == Verdict::NotAllowed));
  const std::vector<std::string>& rows = report.first->rows;
  BOOST_TEST(rows.front() == "task t1: there is none");
  const auto shows = [&](std::string_view part) {
    return std::any_of(rows.begin(), rows.end(),
                       [&](const std::string& row) { return row.find(part) != std::string::npos; });
  };
  BOOST_TEST(shows("region r0: Finalizing"));
  BOOST_TEST(shows("task t2: Created"));
}

BOOST_AUTO_TEST_CASE(an_interrupt_leaves_the_verdict_open) {
  Options options;
  options.go_on = [](const ReadSoFar&) { return false; };
  std::string text = tickets_header();
  for (std::uint64_t ticket = 1; ticket <= 5000; ++ticket) {
    Event event;
    event.ticket = ticket;
    event.action = Poll{TaskName::none()};
    event.answer = refused(Guard::TaskExists);
    text += line_of(event, Order::Tickets) + "\n";
  }
  const Report report = verdict_on(text, options);
  BOOST_TEST((report.verdict == Verdict::Undecided));
  BOOST_TEST(report.sentence == "interrupted after line 4096");
  BOOST_TEST(report.counts.events == 4095U);
}

BOOST_AUTO_TEST_CASE(the_report_says_all_of_it_in_words_and_as_json) {
  std::vector<Event> events = small_trace();
  events[7].answer = done();
  const Report report = verdict_on(text_of(events));
  BOOST_TEST(report_text(report, 1) ==
             "FAIL build/validate_test/trace.jsonl:9: the specification cannot explain this event\n"
             "spawn(t2, r1) answered Done   (ticket 8, thread 2)\n"
             "the specification answers Refused{RegionOpen}: it is not true that the region is "
             "Open\n"
             "the specification's rows before it\n"
             "  region r1: Closed, parent r0\n"
             "  now 0\n"
             "the last events on the same entities\n"
             "  line 2: open_region(r1, r0) answered Done   (ticket 1, thread 1)\n"
             "  line 3: spawn(t1, r1) answered Done   (ticket 2, thread 2)\n"
             "  line 5: reserve(o1, t1, r1, Ack) answered Done   (ticket 4, thread 2)\n"
             "  line 8: close_region(r1, Await) answered Done   (ticket 7, thread 1)\n"
             "7 events before it are explained\n");
  const boost::json::value json = boost::json::parse(report_json(report, 1));
  BOOST_TEST(json.at("verdict").as_string() == "not_allowed");
  BOOST_TEST(json.at_pointer("/first/line").to_number<int>() == 9);
  BOOST_TEST(json.at_pointer("/first/event/action").as_string() == "spawn(t2, r1)");
  BOOST_TEST(json.at_pointer("/first/before").as_array().size() == 4U);
}

BOOST_AUTO_TEST_SUITE_END()
