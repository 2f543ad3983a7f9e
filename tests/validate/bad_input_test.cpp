// Bad input: one sentence that names file and line, what is wrong and what to do. And the format:
// what is written is read back.
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "models/refine/generator.hpp"
#include "models/validate/compare.hpp"
#include "models/validate/line_reader.hpp"
#include "tests/validate/traces.hpp"

using namespace quiesce;
using namespace quiesce::validate;
using namespace quiesce::validate::traces;

namespace {

struct BadTrace {
  std::string text;
  std::string says;
};

const std::string spawned = R"j("action":"spawn","name":"t1","region":"r0","answer":"Done"})j"
                            "\n";

std::string polled_by_2(int ticket) {
  return R"j({"ticket":)j" + std::to_string(ticket) +
         R"j(,"thread":2,"action":"poll(t1)","answer":"PollGranted"})j" + "\n";
}

void each_is_refused(const std::vector<BadTrace>& table) {
  for (const BadTrace& bad : table) {
    const Report report = verdict_on(bad.text);
    BOOST_TEST((report.verdict == Verdict::BadInput), bad.text);
    BOOST_TEST(report.sentence.find(bad.says) != std::string::npos,
               report.sentence << "\n  should say " << bad.says);
    BOOST_TEST(report.sentence.find('\n') == std::string::npos, report.sentence);
    BOOST_TEST(report.sentence.rfind("build/validate_test/trace.jsonl:", 0) == 0U, report.sentence);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(validate_bad_input)

BOOST_AUTO_TEST_CASE(a_header_that_is_none_is_refused) {
  each_is_refused({
      {"", ":1: the file is empty; a trace starts with its header line"},
      {"\n\n", ":1: the file is empty"},
      {R"j({"ticket":1,"thread":1,)j" + spawned, ":1: the first line is the header: {\"format\""},
      {R"j({"format":"jaeger","version":1,"order":"tickets"})j",
       ":1: the first line is the header"},
      {R"j({"format":"quiesce-trace","version":2,"order":"tickets"})j",
       ":1: this is version 2 of the format, and version 1 is what this program reads"},
      {R"j({"format":"quiesce-trace","order":"tickets"})j", ":1: the header has no 'version'"},
      {R"j({"format":"quiesce-trace","version":1})j",
       R"j(:1: 'order' is "tickets" or "intervals")j"},
      {R"j({"format":"quiesce-trace","version":1,"order":"tickets","sed":1})j",
       ":1: 'sed' is no field of the header; it has format, version, order"},
      {R"j({"format":"quiesce-trace","version":1,"order":"tickets","leaks":{"response":"Loud"}})j",
       ":1: response is \"Loud\"; it is one of Log, Silent, Recover, Panic"},
      {R"j({"format":"quiesce-trace","version":1,"order":"tickets","initial":{"tasks":[]}})j",
       ":1: the initial state has no region r0"},
  });
}

BOOST_AUTO_TEST_CASE(a_line_that_is_no_event_is_refused) {
  const std::string head = tickets_header();
  const std::string start = head + R"j({"ticket":1,"thread":1,)j";
  each_is_refused({
      {head + "{\"ticket\":1,\"thre", ":2: the line stops in the middle of its JSON"},
      {head + "ticket 1\n", ":2: this is not JSON"},
      {head + "[1,2]\n", ":2: a line is a JSON object"},
      {head + "{\"ticket\":1}\n", ":2: this is no event, snapshot or release"},
      {start + R"j("action":"spam","answer":"Done"})j", ":2: 'spam' is not an action; there is "},
      {start + R"j("action":7,"answer":"Done"})j", ":2: 'action' is a word"},
      {start + R"j("action":"spawn(t1 r0)","answer":"Done"})j",
       ":2: 'action' is wrong at its column 10: ',' is missing here"},
      {start + R"j("action":"spawn","name":"t1","answer":"Done"})j",
       ":2: an event has no 'region'"},
      {start + R"j("action":"spawn","name":"r1","region":"r0","answer":"Done"})j",
       R"j(:2: name is "r1"; a task is written "t0", "t1")j"},
      {start + R"j("action":"spawn","name":"t?","region":"r0","answer":"Done"})j",
       ":2: what an action creates needs a name of its own"},
      {start + R"j("action":"spawn","name":"t4294967295","region":"r0","answer":"Done"})j",
       ":2: name is \"t4294967295\""},
      {start + R"j("action":"spawn","name":"t1","regon":"r0","region":"r0","answer":"Done"})j",
       ":2: 'regon' is no field of an event; it has name, region, budget"},
      {start + R"j("action":"cancel_task","task":"t1","kind":"Usr","answer":"Done"})j",
       ":2: kind is \"Usr\"; it is one of User, Timeout"},
      {start + R"j("action":"enter_mask","task":"t1","units":256,"answer":"Done"})j",
       ":2: units is 256; it is a whole number from 0 to 255"},
      {start + R"j("action":"advance_time","to":-1,"answer":"Done"})j", ":2: to is -1"},
      {start + R"j("action":"advance_time","to":1.5,"answer":"Done"})j", ":2: to is 1.5E0"},
      {start + R"j("action":"advance_time","to":99999999999999999999,"answer":"Done"})j",
       ":2: to is"},
      {start +
           R"j("action":"return","task":"t1","outcome":"Ok","kind":"Timeout","answer":"Done"})j",
       ":2: only a Cancelled return has a 'kind'"},
      {start +
           R"j("action":"abort","obligation":"o1","actor":"t1","reason":"Cancel","answer":"Done"})j",
       ":2: an action aborts with Error or Explicit"},
      {start + R"j("action":"start","task":"t1","answer":"Fine"})j",
       ":2: answer is \"Fine\"; it is one of Done, Continue"},
      {start + R"j("action":"start","task":"t1","answer":{"Refused":"RegionOpn"}})j",
       ":2: Refused is \"RegionOpn\"; it is one of RegionExists"},
      {start + R"j("action":"start","task":"t1"})j", ":2: an event has no 'answer'"},
      {head + R"j({"ticket":1,)j" + spawned, ":2: an event has no 'thread'"},
      {head + R"j({"thread":1,)j" + spawned, ":2: an event has no 'ticket'"},
      {head + R"j({"ticket":"1","thread":1,)j" + spawned, ":2: ticket is \"1\"; it is a whole"},
      {head + R"j({"ticket":0,"thread":1,)j" + spawned,
       ":2: ticket 0 comes before the first one, 1"},
      {head + R"j({"ticket":2,"thread":1,)j" + spawned, ":2: ticket 1 is missing"},
  });
}

BOOST_AUTO_TEST_CASE(order_stamps_of_the_other_kind_and_impossible_ones_are_refused) {
  const std::string tickets = tickets_header();
  const std::string intervals = intervals_header();
  const std::string first = intervals + R"j({"thread":1,"begin":3,"end":5,)j" + spawned;
  each_is_refused({
      {tickets + R"j({"thread":1,"begin":1,"end":2,)j" + spawned,
       ":2: 'begin' and 'end' are for the order intervals; the header says tickets"},
      {tickets + R"j({"ticket":1,"thread":1,"begin":1,"end":2,)j" + spawned,
       ":2: 'begin' and 'end' are for the order intervals"},
      {intervals + R"j({"ticket":1,"thread":1,)j" + spawned,
       ":2: a 'ticket' is for the order tickets; the header says intervals"},
      {intervals + R"j({"thread":1,"begin":2,"end":1,)j" + spawned,
       ":2: the end 1 comes before the begin 2"},
      {intervals + R"j({"thread":1,"begin":2,)j" + spawned, ":2: an event has no 'end'"},
      {first + R"j({"thread":1,"begin":4,"end":6,"action":"start(t1)","answer":"Done"})j",
       ":3: thread 1 begins this at 4, before its event of line 2 ends at 5"},
  });
}

BOOST_AUTO_TEST_CASE(a_key_that_stands_twice_in_an_object_is_refused) {
  const std::string start = tickets_header() + R"j({"ticket":1,"thread":1,)j";
  const std::string budget = R"j("action":"spawn","name":"t1","region":"r0","budget":)j";
  each_is_refused({
      {R"j({"format":"quiesce-trace","version":1,"order":"tickets","version":1})j",
       ":1: 'version' stands twice in one object; take one of them out"},
      {start + R"j("thread":2,)j" + spawned, ":2: 'thread' stands twice in one object"},
      {start + R"j("answer":{"Refused":"RegionOpen"},)j" + spawned, ":2: 'answer' stands twice"},
      {start + R"j("\u0061nswer":"Done",)j" + spawned, ":2: 'answer' stands twice"},
      {start + budget + R"j({"polls":1,"polls":1},"answer":"Done"})j", ":2: 'polls' stands twice"},
      {start + R"j("note":{"a":[{"b":1,"b":2}]},)j" + spawned, ":2: 'b' stands twice"},
      {tickets_header() + R"j({"snapshot":{"after":0},"snapshot":{"after":0}})j",
       ":2: 'snapshot' stands twice"},
  });
}

/// Colons, quotes and braces in strings are no members, and a key may stand in two objects.
BOOST_AUTO_TEST_CASE(what_only_looks_like_a_key_twice_is_read) {
  const std::string start = tickets_header() + R"j({"ticket":1,"thread":1,)j";
  for (const std::string note : {R"j("a: \"b\": {c: \\")j", R"j([{"b":1},{"b":2},{"c":{"b":3}}])j",
                                 R"j({"note":":"})j", R"j("\": :")j"}) {
    const Report report = verdict_on(start + "\"note\":" + note + "," + spawned);
    BOOST_TEST((report.verdict == Verdict::Allowed), report.sentence);
  }
}

/// A ticket is the recorder's: the specification has nothing to say of it.
BOOST_AUTO_TEST_CASE(tickets_that_two_events_have_are_refused) {
  const std::string text = text_of(events_of({"spawn(t1, r0)", "start(t1)"}));
  each_is_refused({
      {text + R"j({"ticket":1,"thread":1,"action":"poll(t?)","answer":{"Refused":"TaskExists"}})j",
       ":4: ticket 1 was drawn by line 2 already; each event has a ticket of its own"},
      {text + R"j({"ticket":1,"thread":7,"action":"poll(t?)","answer":{"Refused":"TaskExists"}})j",
       ":4: ticket 1 was drawn by line 2 already; each event has a ticket of its own"},
      {text + R"j({"ticket":2,"thread":2,"action":"poll(t?)","answer":{"Refused":"TaskExists"}})j",
       ":4: ticket 2 was drawn by line 3 already; each event has a ticket of its own"},
      {text + polled_by_2(4) +
           R"j({"ticket":4,"thread":3,"action":"poll(t1)","answer":"PollGranted"})j",
       ":5: ticket 4 was drawn by line 4 already; each event has a ticket of its own"},
      {text + polled_by_2(3) + polled_by_2(3),
       ":5: ticket 3 was drawn by line 4 already; each event has a ticket of its own"},
      {text + polled_by_2(4) + polled_by_2(3),
       ":5: thread 2 has ticket 3 here and ticket 4 on line 4"},
  });
}

BOOST_AUTO_TEST_CASE(bad_snapshots_and_releases_are_refused) {
  const std::string text = text_of(events_of({"spawn(t1, r0)"}));
  each_is_refused({
      {text + R"j({"snapshot":{"tasks":[]}})j", ":3: a snapshot has no 'after'"},
      {text + R"j({"snapshot":{"after":1},"thread":1})j",
       ":3: nothing may stand beside 'snapshot'"},
      {text + R"j({"snapshot":{"after":1,"tasks":[{"phase":"Running"}]}})j",
       ":3: a row of 'tasks' has no 'name'"},
      {text + R"j({"snapshot":{"after":1,"tasks":[{"name":"t1","fase":"Running"}]}})j",
       ":3: 'fase' is no field of a row of 'tasks'; it has name, owner, phase"},
      {text + R"j({"snapshot":{"after":1,"tasks":[{"name":"t1"},{"name":"t1"}]}})j",
       ":3: the rows of a snapshot stand in the order of their names, each once"},
      {text + R"j({"snapshot":{"after":1,"counts":{"tasks":1}}})j",
       ":3: 'counts' has no 'regions'"},
      {text + R"j({"snapshot":{"after":9}})j",
       ":3: this stands after ticket 9, and the last ticket is 1"},
      {text + R"j({"released":{"after":1,"tasks":["t1"]}})j" +
           "\n"
           R"j({"released":{"after":1,"tasks":["t1"]}})j",
       ":4: t1 is released twice"},
      {text + R"j({"released":{"after":1,"tasks":["t1"]}})j" +
           "\n"
           R"j({"snapshot":{"after":1,"counts":{"regions":1,"tasks":1,"obligations":0}}})j",
       ":4: a snapshot has no 'counts' once names were released"},
  });
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_said) {
  const Report folder = validate::validate("tests");
  BOOST_TEST((folder.verdict == Verdict::BadInput));
  BOOST_TEST(folder.sentence == "cannot read 'tests': it is a folder; name the trace file in it");
  const Report missing = validate::validate("build/no_such_trace.jsonl");
  BOOST_TEST(missing.sentence ==
             "cannot read 'build/no_such_trace.jsonl': No such file or directory");
  if (::geteuid() != 0) {  // root reads everything
    const std::string path = file_with("x", "secret.jsonl");
    ::chmod(path.c_str(), 0);
    BOOST_TEST(validate::validate(path).sentence ==
               "cannot read '" + path + "': Permission denied");
    ::chmod(path.c_str(), 0600);
  }
}

BOOST_AUTO_TEST_CASE(a_line_that_is_too_long_is_refused) {
  const std::string text = tickets_header() + R"j({"note":")j" +
                           std::string(LineReader::longest_line + 1, 'x') + "\"}\n";
  each_is_refused({{text, ":2: the line is longer than 16 MiB"}});
}

BOOST_AUTO_TEST_CASE(a_truncated_file_is_refused_at_its_last_line_wherever_it_was_cut) {
  const std::string whole = text_of(small_trace());
  std::size_t stops = 0;
  for (std::size_t cut = 1; cut < whole.size(); ++cut) {
    const Report report = verdict_on(whole.substr(0, cut));
    if (report.verdict == Verdict::Allowed) {  // between two lines
      BOOST_TEST((whole[cut] == '\n' || whole[cut - 1] == '\n'), cut);
      continue;
    }
    BOOST_TEST((report.verdict == Verdict::BadInput), cut);
    BOOST_TEST(report.sentence.find("the line stops in the middle") != std::string::npos,
               report.sentence);
    ++stops;
  }
  BOOST_TEST(stops > 500U);
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_back) {
  std::vector<std::size_t> seen(action_count, 0);
  for (std::uint64_t index = 0; index < 200; ++index) {
    const refine::Script script = refine::generate_sequence(3, index, 40);
    spec::State state = spec::initial(script.leaks);
    Header head;
    head.leaks = script.leaks;
    LineParser parser;
    const ReadLine header_read = parser.read(line_of(head), 1);
    BOOST_TEST_REQUIRE(header_read.error == "");
    BOOST_TEST((std::get<Header>(header_read.line).leaks == script.leaks));
    Event event;
    for (const Action& action : script.prefix) {
      ++seen[action.index()];
      ++event.ticket;
      event.thread = event.ticket % 3;
      event.action = action;
      event.answer = spec::apply(state, action);
      const ReadLine read = parser.read(line_of(event, Order::Tickets), 2);
      BOOST_TEST_REQUIRE(read.error == "", line_of(event, Order::Tickets));
      const Event& again = std::get<Event>(read.line);
      BOOST_TEST_REQUIRE((again.action == event.action && again.answer == event.answer &&
                          again.ticket == event.ticket && again.thread == event.thread),
                         line_of(event, Order::Tickets));
    }
    // Every field of every row comes back: a row that gains one must gain it in the format too.
    const TraceSnapshot snapshot = whole_snapshot(state);
    const ReadLine read = parser.read(line_of(snapshot, Order::Tickets), 3);
    BOOST_TEST_REQUIRE(read.error == "");
    Header header = head;
    header.initial = std::get<TraceSnapshot>(read.line);
    const InitialState again = initial_state(header);
    BOOST_TEST_REQUIRE(again.error == "");
    std::string fact;
    for (const std::string& line : differences(snapshot, again.state, {})) fact += line + "\n";
    BOOST_TEST_REQUIRE((again.state == state), fact);
  }
  for (std::size_t i = 0; i < seen.size(); ++i) BOOST_TEST(seen[i] > 0U, action_verb(i));
}

BOOST_AUTO_TEST_SUITE_END()
