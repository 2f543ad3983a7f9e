// explore_only REPORT MODEL --flag value ...: `quiesce explore` and nothing else, past violations.
// What a mutant of the specification is built into: one source and a link.
#include <charconv>
#include <iostream>
#include <span>
#include <string_view>

#include "models/explore/command.hpp"

namespace {

using quiesce::explore::ExploreArguments;

/// Takes the words from `at` on that belong together; how many, or 0 if they are no flag.
int take(ExploreArguments& arguments, std::span<char* const> words) {
  const std::string_view flag = words[0];
  if (flag == "--progress") {
    arguments.progress = true;
    return 1;
  }
  if (!flag.starts_with("--") || words.size() < 2) return 0;
  const std::string name(flag.substr(2));
  const std::string_view value = words[1];
  std::int64_t number = 0;
  const char* const end = value.data() + value.size();
  if (flag == "--unfair") {
    arguments.unfair = value;
  } else if (flag == "--symmetry") {
    arguments.symmetry = value;
  } else if (std::from_chars(value.data(), end, number).ptr == end) {
    arguments.bounds[name] = number;
  } else {
    arguments.choices[name] = value;
  }
  return 2;
}

}  // namespace

int main(int count, char** words) {
  if (count < 3) {
    std::cerr << "explore_only REPORT MODEL [--flag value]...\n";
    return 2;
  }
  ExploreArguments arguments;
  arguments.json_path = words[1];
  arguments.model = words[2];
  arguments.keep_going = true;
  arguments.threads = 1;
  std::span<char* const> left(words + 3, static_cast<std::size_t>(count - 3));
  while (!left.empty()) {
    const int taken = take(arguments, left);
    if (taken == 0) {
      std::cerr << "'" << left[0] << "' is no --flag with a value\n";
      return 2;
    }
    left = left.subspan(static_cast<std::size_t>(taken));
  }
  return quiesce::explore::explore_command(arguments, std::cout, std::cerr);
}
