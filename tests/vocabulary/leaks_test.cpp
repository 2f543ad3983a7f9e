// Leak policies in words, and back.
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "spec/vocabulary/leaks.hpp"

using namespace quiesce;

BOOST_AUTO_TEST_SUITE(leaks)

BOOST_AUTO_TEST_CASE(every_leak_policy_has_a_text_form_that_parses_back) {
  for (int response = 0; response < leak_response_count; ++response) {
    for (const std::uint32_t after : {1U, 2U, ~std::uint32_t{0}}) {
      for (int next = 0; next < leak_response_count; ++next) {
        const LeakPolicy policy{static_cast<LeakResponse>(response), after,
                                static_cast<LeakResponse>(next)};
        const ParsedLeakPolicy parsed = parse_leak_policy(to_text(policy));
        BOOST_TEST(parsed.error == "");
        BOOST_TEST((parsed.policy == policy));
      }
    }
    const LeakPolicy alone{.response = static_cast<LeakResponse>(response)};
    BOOST_TEST((parse_leak_policy(to_text(alone)).policy == alone));
  }
  BOOST_TEST(to_text(LeakPolicy{}) == "Log");
  BOOST_TEST(to_text(LeakPolicy{LeakResponse::Recover, 2, LeakResponse::Panic}) ==
             "Recover, after 2 Panic");
}

BOOST_AUTO_TEST_CASE(spaces_between_words_are_free) {
  const LeakPolicy policy{LeakResponse::Silent, 12, LeakResponse::Log};
  BOOST_TEST((parse_leak_policy("Silent,after 12 Log").policy == policy));
  BOOST_TEST((parse_leak_policy("  Silent ,  after   12  Log ").policy == policy));
}

BOOST_AUTO_TEST_CASE(a_bad_leak_policy_says_what_is_wrong) {
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"", "'' is not Log, Silent, Recover or Panic"},
      {"log", "'log' is not Log, Silent, Recover or Panic"},
      {"Log after 2 Panic", "a leak policy goes on with ', after N RESPONSE'"},
      {"Log, 2 Panic", "a leak policy goes on with ', after N RESPONSE'"},
      {"Log, after 0 Panic", "'0' is not a number of leaks from 1 on"},
      {"Log, after 4294967296 Panic", "'4294967296' is not a number of leaks from 1 on"},
      {"Log, after two Panic", "'two' is not a number of leaks from 1 on"},
      {"Log, after 2", "'' is not Log, Silent, Recover or Panic"},
      {"Log, after 2 Panic, then", "nothing may follow the leak policy"}};
  for (const auto& [text, error] : wrong) {
    BOOST_TEST_CONTEXT(text) {
      const ParsedLeakPolicy parsed = parse_leak_policy(text);
      BOOST_TEST(!parsed.ok);
      BOOST_TEST(parsed.error == error);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
