#include "models/validate/validate.hpp"

#include <algorithm>

#include "models/validate/line_reader.hpp"
#include "models/validate/trace_line.hpp"

namespace quiesce::validate {
namespace {

constexpr std::uint64_t lines_between_looks = 4096;

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

/// One pass over one file.
class Reading {
 public:
  Reading(const std::string& path, const Options& options) : options_(options) {
    report_.path = path;
  }

  Report run() {
    std::string error = reader_.open(report_.path);
    if (!error.empty()) {
      report_.sentence = std::move(error);
      return std::move(report_);
    }
    report_.verdict = Verdict::Allowed;
    if (read_lines()) conclude();
    report_.lines = reader_.line_number();
    report_.bytes = reader_.bytes();
    if (judge_) report_.counts = judge_->counts();
    return std::move(report_);
  }

 private:
  /// False if the verdict is there before the end.
  bool read_lines() {
    std::string_view text;
    while (reader_.next(text)) {
      if (is_blank(text)) continue;
      ReadLine read = parser_.read(text, reader_.line_number());
      if (!read.error.empty()) return bad_input(reader_.line_number(), std::move(read.error));
      if (auto* const header = std::get_if<Header>(&read.line)) {
        if (!start(*header)) return false;
      } else if (auto finding = judge_->take(std::move(read.line))) {
        return settle(*std::move(finding));
      }
      if (reader_.line_number() % lines_between_looks == 0 && !look()) return false;
    }
    if (!reader_.error().empty()) return bad_input(reader_.line_number(), reader_.error());
    if (!judge_) return bad_input(1, "the file is empty; a trace starts with its header line");
    return true;
  }

  bool start(const Header& header) {
    InitialState initial = initial_state(header);
    if (!initial.error.empty()) return bad_input(reader_.line_number(), std::move(initial.error));
    report_.order = header.order;
    if (header.order == Order::Intervals && options_.spending.every_state)
      return bad_input(
          reader_.line_number(),
          "--every-state needs one state after each event, and the order intervals has "
          "several; leave it out, or record tickets");
    judge_ = header.order == Order::Tickets
                 ? judge_tickets(header, std::move(initial.state), spending_)
                 : judge_intervals(std::move(initial.state), spending_);
    return true;
  }

  void conclude() {
    if (auto finding = judge_->finish()) settle(*std::move(finding));
  }

  [[nodiscard]] bool goes_on() const {
    const std::uint64_t events = judge_ ? judge_->counts().events : 0;
    return options_.go_on({reader_.bytes(), reader_.size(), events});
  }
  bool look() {
    if (goes_on()) return true;
    report_.verdict = Verdict::Undecided;
    report_.sentence = "interrupted after line " + std::to_string(reader_.line_number());
    return false;
  }

  bool settle(Finding finding) {
    if (finding.verdict == Verdict::BadInput)
      return bad_input(finding.line, std::move(finding.sentence));
    report_.verdict = finding.verdict;
    if (finding.verdict == Verdict::Undecided)
      report_.sentence =
          report_.path + ":" + std::to_string(finding.line) + ": " + finding.sentence;
    report_.first = std::move(finding.unexplained);
    return false;
  }

  bool bad_input(std::uint64_t line, std::string sentence) {
    report_.verdict = Verdict::BadInput;
    report_.sentence = report_.path + ":" + std::to_string(std::max<std::uint64_t>(line, 1)) +
                       ": " + std::move(sentence);
    return false;
  }

  const Options& options_;
  Spending spending_ = [this] {
    Spending spending = options_.spending;
    spending.go_on = [this] { return goes_on(); };
    return spending;
  }();
  Report report_;
  LineReader reader_;
  LineParser parser_;
  std::unique_ptr<Judge> judge_;
};

}  // namespace

Report validate(const std::string& path, const Options& options) {
  return Reading(path, options).run();
}

}  // namespace quiesce::validate
