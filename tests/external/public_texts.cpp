#include "tests/external/public_texts.hpp"

#include <array>
#include <utility>

namespace quiesce::external {
namespace {

std::array<std::pair<const char*, int>, 4> constants(const PublicBounds& bounds) {
  return {{{"TASKS", bounds.tasks},
           {"REGIONS", bounds.regions},
           {"OBLIGATIONS", bounds.obligations},
           {"MASK", bounds.mask}}};
}

}  // namespace

std::string public_promela_text() {
  return text_of("models/external/promela/public.pml");
}

std::string public_macros(const PublicBounds& bounds) {
  std::string text;
  for (const auto& [name, value] : constants(bounds)) {
    text += std::string(" -D") + name + "=" + std::to_string(value);
  }
  return text;
}

std::string public_murphi_text(const PublicBounds& bounds) {
  std::string text = text_of("models/external/murphi/public.m");
  const PublicBounds as_written;
  const auto written = constants(as_written);
  const auto wanted = constants(bounds);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const std::string constant = std::string("\n  ") + wanted[i].first + ": ";
    text = replaced(std::move(text), constant + std::to_string(written[i].second) + ";",
                    constant + std::to_string(wanted[i].second) + ";");
  }
  return text;
}

Counted count_public_with_spin(const std::string& text, const PublicBounds& bounds) {
  const Workroom room;
  room.put("public.pml", text);
  bool failed = false;
  const std::string report =
      room.run("spin -o1 -o2 -a" + public_macros(bounds) +
                   " public.pml && gcc -O0 -w -DSAFETY -DNOREDUCE -o pan pan.c && ./pan -m10000",
               failed);
  if (failed) return {.failure = "spin failed:\n" + report};
  return read_spin_report(report);
}

}  // namespace quiesce::external
