#include <cstdio>

#include "models/report/check_report.hpp"
#include "models/report/failure_text.hpp"

namespace quiesce::report {
namespace {

std::string escaped(std::string_view words) {
  std::string out;
  for (const char c : words) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string test_case(std::string_view suite, std::string_view name, const std::string& message,
                      const std::string& body) {
  std::string out =
      "  <testcase classname=\"quiesce." + escaped(suite) + "\" name=\"" + escaped(name) + "\"";
  if (message.empty()) return out + "/>\n";
  return out + ">\n    <failure message=\"" + escaped(message) + "\">" + escaped(body) +
         "</failure>\n  </testcase>\n";
}

}  // namespace

std::string check_junit(const CheckContext& context, const refine::CampaignResult& result,
                        const std::optional<Counterexample>& counterexample) {
  const std::string suite =
      context.variant != nullptr ? std::string(context.variant->name) : std::string("check");
  std::string message;
  std::string body;
  if (result.failure) {
    message = result.failure->id + ": " + result.failure->sentence;
    if (counterexample)
      body = failure_text(*result.failure, counterexample->run, counterexample->replay);
  } else if (result.verdict == refine::Verdict::Nondeterminism) {
    message = "uncontrolled nondeterminism: " + result.nondeterminism;
  }
  const std::string failed_id = result.failure ? result.failure->id : std::string();
  std::string cases = test_case(suite, "agrees with the specification", message, body);
  for (const refine::Witness& witness : result.totals.witnesses) {
    const bool failed = witness.id == failed_id;
    cases += test_case(suite, witness.id, failed ? message : "", failed ? body : "");
  }
  const std::size_t failures = (message.empty() ? 0U : 1U) + [&] {
    std::size_t count = 0;
    for (const refine::Witness& witness : result.totals.witnesses)
      count += witness.id == failed_id ? 1U : 0U;
    return count;
  }();
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.3f", result.seconds);
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"quiesce check " +
         escaped(suite) + "\" tests=\"" + std::to_string(result.totals.witnesses.size() + 1) +
         "\" failures=\"" + std::to_string(failures) + "\" errors=\"0\" time=\"" + seconds +
         "\">\n" + cases + "</testsuite>\n";
}

}  // namespace quiesce::report
