#include "models/cli/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace quiesce::cli {
namespace {

constexpr double bar_interval_seconds = 0.1;
constexpr double line_interval_seconds = 10.0;
constexpr std::uint32_t bar_columns = 24;

double now_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

Progress::Progress(std::string noun)
    : noun_(std::move(noun)),
      terminal_(::isatty(2) == 1),
      started_(now_seconds()),
      last_shown_(started_) {}

Progress::~Progress() {
  clear();
}

double Progress::seconds() const {
  return now_seconds() - started_;
}

void Progress::show(std::uint32_t permille, const std::string& detail) {
  const double now = now_seconds();
  const double interval = terminal_ ? bar_interval_seconds : line_interval_seconds;
  if (now - last_shown_ < interval) return;
  last_shown_ = now;
  permille = std::min(permille, 1000U);
  if (!terminal_) {
    std::fprintf(stderr, "%s: %u%%, %s\n", noun_.c_str(), permille / 10, detail.c_str());
    return;
  }
  const std::uint32_t full = permille * bar_columns / 1000;
  std::string bar;
  for (std::uint32_t i = 0; i < bar_columns; ++i) bar += i < full ? "█" : "░";
  std::fprintf(stderr, "\r\033[K%s %s %3u%%  %s", noun_.c_str(), bar.c_str(), permille / 10,
               detail.c_str());
  std::fflush(stderr);
  drawn_ = true;
}

void Progress::clear() {
  if (!drawn_) return;
  std::fprintf(stderr, "\r\033[K");
  std::fflush(stderr);
  drawn_ = false;
}

}  // namespace quiesce::cli
