// Running Debian's spin and rumur on the models of models/external, and reading what they report.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/external/counts_table.hpp"

namespace quiesce::external {

/// What a search counted, or the sentence that says why its counts mean nothing.
struct Counted {
  std::uint64_t states = 0;
  std::uint64_t transitions = 0;
  std::string failure;  // empty if the search was complete, exact and found no error
};

/// Reads pan's report. Its transitions are stored + matched, and one of the stored states, the
/// initial one, was reached by none.
[[nodiscard]] Counted read_spin_report(std::string_view report);
/// Reads the report of rumur's checker.
[[nodiscard]] Counted read_rumur_report(std::string_view report);

/// The sentence for the tools that are not on the PATH, with the packages that have them.
[[nodiscard]] std::optional<std::string> missing(const std::vector<std::string>& tools);
/// What the two checkers need.
[[nodiscard]] const std::vector<std::string>& needed_tools();

/// A folder for one run of a tool, removed with everything in it.
class Workroom {
 public:
  Workroom();
  ~Workroom();
  Workroom(const Workroom&) = delete;
  Workroom& operator=(const Workroom&) = delete;

  /// Writes a file into the room.
  void put(std::string_view name, std::string_view text) const;
  /// Runs a shell command in the room; its output and errors, and in `failed` whether it failed.
  [[nodiscard]] std::string run(const std::string& command, bool& failed) const;

 private:
  std::filesystem::path folder_;
};

[[nodiscard]] std::string text_of(const std::filesystem::path& path);
/// The text with `from`, which must stand in it once, replaced; throws std::runtime_error if not.
[[nodiscard]] std::string replaced(std::string text, std::string_view from, std::string_view to);

/// models/external/murphi/house.m with its constants set.
[[nodiscard]] std::string murphi_text(const Bounds& bounds);

[[nodiscard]] Counted count_with_spin(const Bounds& bounds);
/// `model` is a Murphi text, its constants set.
[[nodiscard]] Counted count_with_rumur(std::string_view model);

/// What pan prints on wrong_states.pml.
[[nodiscard]] std::string spin_on_wrong_states(const Bounds& bounds);
/// What the checker prints on house.m with wrong_states.m behind it.
[[nodiscard]] std::string rumur_on_wrong_states(const Bounds& bounds);

}  // namespace quiesce::external
