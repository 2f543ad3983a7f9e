// docs/how_to/validate_a_trace.md: its examples are read and judged, and it names every word of the
// format.
#include <boost/test/unit_test.hpp>
#include <sstream>

#include "models/report/atomic_file.hpp"
#include "models/validate/fields.hpp"
#include "models/validate/json_values.hpp"
#include "tests/validate/traces.hpp"

using namespace quiesce;
using namespace quiesce::validate;
using namespace quiesce::validate::traces;

namespace {

const std::string& document() {
  static const std::string text = report::read_whole_file("docs/how_to/validate_a_trace.md").text;
  return text;
}

/// The lines of a part of the page that are lines of a trace.
std::string trace_in(const std::string& part) {
  std::istringstream in(part);
  std::string text;
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("{\"", 0) == 0) text += line + "\n";
  }
  return text;
}

std::size_t verdicts_begin() {
  return document().find("## The verdict");
}

void names_word(std::string_view word) {
  const bool named = document().find("`" + std::string(word) + "`") != std::string::npos ||
                     document().find("\"" + std::string(word) + "\"") != std::string::npos;
  BOOST_TEST(named, "the page does not name " << word);
}

template <class T>
void names_fields() {
  for_each_field<T>([](const auto& field) { names_word(field.name); });
}

template <std::size_t index = 0>
void names_actions() {
  names_word(action_verb(index));
  names_fields<std::variant_alternative_t<index, Action>>();
  if constexpr (index + 1 < std::variant_size_v<Action>) names_actions<index + 1>();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(validate_document)

BOOST_AUTO_TEST_CASE(the_examples_of_the_page_are_a_trace_that_is_allowed) {
  const std::string text = trace_in(document().substr(0, verdicts_begin()));
  const Report report = verdict_on(text);
  BOOST_TEST((report.verdict == Verdict::Allowed),
             text << report.sentence << report_text(report, 1));
  BOOST_TEST(report.counts.events == 4U);
  BOOST_TEST(report.counts.snapshots == 1U);
}

BOOST_AUTO_TEST_CASE(the_verdict_of_the_page_is_the_one_on_its_trace) {
  const std::string trace = trace_in(document().substr(verdicts_begin()));
  const Report report = verdict_on(trace);
  BOOST_TEST((report.verdict == Verdict::NotAllowed), trace << report.sentence);
  std::string text = report_text(report, 1);
  const std::string path = "build/validate_test/trace.jsonl";
  text.replace(text.find(path), path.size(), "build/spoiled.jsonl");
  BOOST_TEST(document().find("\n" + text) != std::string::npos, "the page does not say\n" << text);
}

BOOST_AUTO_TEST_CASE(the_page_names_every_word_of_the_format) {
  names_actions();
  names_fields<spec::Region>();
  names_fields<spec::Task>();
  names_fields<spec::Obligation>();
  names_fields<Budget>();
  names_fields<Limits>();
  names_fields<CancelReason>();
  names_fields<LeakPolicy>();
  for (int i = 0; i < leak_response_count; ++i) names_word(to_text(static_cast<LeakResponse>(i)));
  for (int i = 0; i < cancel_kind_count; ++i) names_word(to_text(static_cast<CancelKind>(i)));
  for (int i = 0; i < obligation_kind_count; ++i)
    names_word(to_text(static_cast<ObligationKind>(i)));
  for (int i = 0; i < outcome_kind_count; ++i) names_word(to_text(static_cast<OutcomeKind>(i)));
  for (const char* const word :
       {"Changed", "Acknowledged", "Ready", "Completed", "LeakPanic", "leaks", "Refused", "Done",
        "Continue", "CancelPending", "PollGranted", "PollExhausted", "Registered", "snapshot",
        "released", "counts", "first_ticket"})
    names_word(word);
}

BOOST_AUTO_TEST_SUITE_END()
