// Progress of long work: a bar on a terminal, a plain line now and then otherwise.
#pragma once

#include <cstdint>
#include <string>

namespace quiesce::cli {

/// Shows how far some work is, on standard error.
///   cost     a bar is drawn at most ten times a second, a plain line at most every ten seconds
class Progress {
 public:
  explicit Progress(std::string noun);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `permille` of the work is done (0..1000); `detail` says how it goes.
  void show(std::uint32_t permille, const std::string& detail);
  /// Takes the bar away, so that a report starts on a clean line.
  void clear();

  /// Seconds since the start; for display and budgets, never for a decision about schedules.
  [[nodiscard]] double seconds() const;

 private:
  std::string noun_;
  bool terminal_;
  bool drawn_ = false;
  double started_ = 0;
  double last_shown_ = 0;
};

}  // namespace quiesce::cli
