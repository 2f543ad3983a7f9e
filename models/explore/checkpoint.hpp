// A search put aside: everything it needs to go on, in one file that is whole or not there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "models/explore/number_set.hpp"

namespace quiesce::explore {

/// What a search knows besides its log of states. Everything is counted between two rounds.
struct Covered {
  std::vector<std::uint64_t> level_starts;  ///< where each level begins in the log
  std::uint64_t level_end = 0;              ///< where the current level ends
  std::uint64_t expanded = 0;               ///< log[0, expanded) has been expanded
  std::uint64_t terminal = 0;
  std::uint64_t deadlocked = 0;
  std::uint64_t graph = 0;                    ///< the digest of what was expanded
  FactSet witnessed;                          ///< the witnesses seen
  std::vector<std::uint64_t> witness_levels;  ///< the level that first showed it
  std::vector<std::uint64_t> shown;    ///< states that show each witness, if they are counted
  std::vector<std::uint64_t> fired;    ///< by action
  std::vector<std::uint64_t> refused;  ///< by the model's cells of action and guard
  std::vector<std::uint64_t> worst;    ///< the least violation so far: fact, state; or empty
  std::vector<std::uint64_t> broke;    ///< states that break each fact; last: deadlocks, if bad
  std::vector<std::uint64_t> broken_levels;  ///< the level that first broke it

  [[nodiscard]] std::vector<std::uint64_t> numbers() const;
  /// False when the numbers are not those of a search of `states` states in this shape: as many
  /// actions, cells and witnesses as `this` has, states of `words` words.
  [[nodiscard]] bool adopt(std::span<const std::uint64_t> numbers, std::uint64_t states,
                           std::size_t words);
};

/// A checkpoint file is: 16 bytes of name, then 64-bit words: version, bytes of identity, count of
/// numbers, bytes of log; the identity padded to words, the numbers, the log; last a checksum of
/// all that precedes it. The identity says what was searched: a checkpoint of anything else is
/// refused. Numbers are those of the machine that wrote them (little-endian on all that we build).
inline constexpr std::uint64_t checkpoint_version = 4;

/// The checkpoint that was there stays beside the new one under this name.
[[nodiscard]] std::string previous_checkpoint(const std::string& path);

/// Returns an empty string, or the sentence that says what could not be done; the checkpoint that
/// was there is then still there.
[[nodiscard]] std::string save_checkpoint(const std::string& path, const std::string& identity,
                                          const Covered& covered, std::span<const std::byte> log);

/// Reads a checkpoint in two steps, so that the log goes straight to its place.
class CheckpointReader {
 public:
  /// Each returns an empty string, or the sentence that says what is wrong with the file.
  [[nodiscard]] std::string open(const std::string& path, const std::string& identity);
  [[nodiscard]] std::string read_log(void* to);

  [[nodiscard]] std::span<const std::uint64_t> numbers() const { return numbers_; }
  [[nodiscard]] std::uint64_t log_bytes() const { return log_bytes_; }
  [[nodiscard]] std::string corrupt(const char* why) const;

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  [[nodiscard]] bool read(void* to, std::size_t bytes);
  [[nodiscard]] std::string read_head(const std::string& identity);

  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
  std::uint64_t sum_ = 0;
  std::uint64_t file_bytes_ = 0;
  std::uint64_t log_bytes_ = 0;
  std::vector<std::uint64_t> numbers_;
};

}  // namespace quiesce::explore
