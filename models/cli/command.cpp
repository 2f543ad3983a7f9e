#include "models/cli/command.hpp"

#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "models/cli/nearest.hpp"
#include "models/files/whole_file.hpp"
#include "models/refine/campaign.hpp"
#include "models/refine/runtime_under_test.hpp"

namespace quiesce::cli {
namespace {

refine::StopFlag stop_flag;

void on_interrupt(int signal) {
  stop_flag.set();
  std::signal(signal, SIG_DFL);
}

}  // namespace

ExitCode refuse(const std::string& sentence) {
  std::fprintf(stderr, "quiesce: %s\n", sentence.c_str());
  return ExitCode::Usage;
}

const refine::Variant* variant_or_complain(std::string_view name) {
  if (const refine::Variant* variant = refine::find_variant(name)) return variant;
  std::vector<std::string_view> names;
  for (const refine::Variant& variant : refine::variants()) names.push_back(variant.name);
  refuse("there is no variant '" + std::string(name) + "'" + did_you_mean(name, names));
  return nullptr;
}

bool to_number(const std::string& word, std::uint64_t& number) {
  const char* const end = word.data() + word.size();
  const auto read = std::from_chars(word.data(), end, number);
  return read.ec == std::errc{} && read.ptr == end && !word.empty();
}

std::string read_bounded(const char* flag, const std::string& word, std::uint64_t least,
                         std::uint64_t most, std::uint64_t& number) {
  if (to_number(word, number) && number >= least && number <= most) return {};
  return std::string(flag) + " is '" + word + "'; it takes a whole number from " +
         std::to_string(least) + " to " + std::to_string(most);
}

void enter_project() {
  const char* const project = std::getenv("QUIESCE_PROJECT");
  std::error_code ignored;  // what is not there is missed by name
  if (project != nullptr) std::filesystem::current_path(project, ignored);
}

std::string one_file_for_two(const std::string& flag, const std::string& path,
                             const std::string& other_flag, const std::string& other_path) {
  if (!files::is_same_file(path, other_path)) return {};
  return flag + " and " + other_flag + " are both '" + path + "'; name two files";
}

refine::StopFlag& interrupted() {
  static const bool installed = [] {
    struct sigaction action {};
    action.sa_handler = on_interrupt;  // without SA_RESTART
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    return true;
  }();
  static_cast<void>(installed);
  return stop_flag;
}

}  // namespace quiesce::cli
