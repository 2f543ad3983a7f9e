#include "models/explore/checkpoint.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "models/explore/key_set.hpp"
#include "models/files/whole_file.hpp"

namespace quiesce::explore {
namespace {

constexpr std::array<char, 16> file_name{'q', 'u', 'i', 'e', 's', 'c', 'e', ' ',
                                         'e', 'x', 'p', 'l', 'o', 'r', 'e', '\n'};
constexpr std::uint64_t most_identity_bytes = 4096;
constexpr std::uint64_t most_numbers = std::uint64_t{1} << 24;

/// Continues a checksum over whole words.
std::uint64_t summed(std::uint64_t sum, const void* bytes, std::size_t count) {
  const auto* at = static_cast<const unsigned char*>(bytes);
  for (std::size_t i = 0; i + 8 <= count; i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at + i, 8);
    sum = mix(sum ^ word) + 0x2545'F491'4F6C'DD1DU;
  }
  return sum;
}

std::string padded(std::string text) {
  text.resize((text.size() + 7) / 8 * 8, '\0');
  return text;
}

}  // namespace

std::vector<std::uint64_t> Covered::numbers() const {
  std::vector<std::uint64_t> all{level_end,  expanded, terminal,
                                 deadlocked, graph,    witnessed.size()};
  witnessed.for_each([&](std::size_t witness) { all.push_back(witness); });
  for (const auto* list :
       {&level_starts, &witness_levels, &shown, &fired, &refused, &worst, &broke, &broken_levels}) {
    all.push_back(list->size());
    all.insert(all.end(), list->begin(), list->end());
  }
  return all;
}

bool Covered::adopt(std::span<const std::uint64_t> numbers, std::uint64_t states,
                    std::size_t words) {
  if (numbers.size() < 5) return false;
  Covered read;
  read.level_end = numbers[0];
  read.expanded = numbers[1];
  read.terminal = numbers[2];
  read.deadlocked = numbers[3];
  read.graph = numbers[4];
  std::vector<std::uint64_t> seen;
  std::size_t at = 5;
  for (auto* list : {&seen, &read.level_starts, &read.witness_levels, &read.shown, &read.fired,
                     &read.refused, &read.worst, &read.broke, &read.broken_levels}) {
    if (at >= numbers.size() || numbers[at] > numbers.size() - at - 1) return false;
    const auto begin = numbers.begin() + static_cast<std::ptrdiff_t>(at) + 1;
    list->assign(begin, begin + static_cast<std::ptrdiff_t>(numbers[at]));
    at += 1 + list->size();
  }
  const bool in_shape =
      at == numbers.size() && read.fired.size() == fired.size() &&
      read.refused.size() == refused.size() && read.shown.size() == shown.size() &&
      read.witness_levels.size() == witness_levels.size() && read.broke.size() == broke.size() &&
      read.broken_levels.size() == broken_levels.size() &&
      (read.worst.empty() || read.worst.size() == words + 1);
  const auto& starts = read.level_starts;
  const bool of_witnesses = std::all_of(seen.begin(), seen.end(),
                                        [&](std::uint64_t w) { return w < witness_levels.size(); });
  const bool of_levels = std::all_of(
      read.broken_levels.begin(), read.broken_levels.end(),
      [&](std::uint64_t level) { return level < std::max<std::size_t>(starts.size(), 1); });
  const bool in_order = !starts.empty() && starts.front() == 0 &&
                        std::is_sorted(starts.begin(), starts.end()) &&
                        starts.back() < read.level_end && read.level_end <= states &&
                        starts.back() <= read.expanded && read.expanded <= read.level_end;
  if (!in_shape || !of_witnesses || !of_levels || !in_order) return false;
  for (const std::uint64_t witness : seen) read.witnessed.add(witness);
  *this = std::move(read);
  return true;
}

std::string previous_checkpoint(const std::string& path) {
  return path + ".previous";
}

std::string save_checkpoint(const std::string& path, const std::string& identity,
                            const Covered& covered, std::span<const std::byte> log) {
  const std::vector<std::uint64_t> numbers = covered.numbers();
  const std::string name = padded(identity);
  const std::array<std::uint64_t, 4> head{checkpoint_version, identity.size(), numbers.size(),
                                          log.size()};
  files::WholeFile file;
  std::string failure = file.open(path);
  std::uint64_t sum = 0;
  const auto put = [&](const void* bytes, std::size_t count) {
    if (!failure.empty()) return;
    sum = summed(sum, bytes, count);
    failure = file.write(bytes, count);
  };
  put(file_name.data(), file_name.size());
  put(head.data(), sizeof(head));
  put(name.data(), name.size());
  put(numbers.data(), numbers.size() * sizeof(std::uint64_t));
  put(log.data(), log.size());
  const std::uint64_t checksum = sum;
  put(&checksum, sizeof(checksum));
  if (failure.empty()) failure = file.commit(previous_checkpoint(path));
  return failure;
}

std::string CheckpointReader::corrupt(const char* why) const {
  return "checkpoint '" + path_ + "' is corrupt: " + why;
}

bool CheckpointReader::read(void* to, std::size_t bytes) {
  if (std::fread(to, 1, bytes, file_.get()) != bytes) return false;
  sum_ = summed(sum_, to, bytes);
  return true;
}

std::string CheckpointReader::open(const std::string& path, const std::string& identity) {
  path_ = path;
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    return "cannot read checkpoint '" + path + "': it is a folder";
  }
  file_.reset(std::fopen(path.c_str(), "rb"));
  if (!file_) return "cannot read checkpoint '" + path + "': " + std::strerror(errno);
  file_bytes_ = std::filesystem::file_size(path, error);
  if (error) return "cannot read checkpoint '" + path + "': " + error.message();
  return read_head(identity);
}

std::string CheckpointReader::read_head(const std::string& identity) {
  std::array<char, file_name.size()> name{};
  if (!read(name.data(), name.size()) || name != file_name) {
    return "'" + path_ + "' is not a checkpoint of quiesce explore";
  }
  std::array<std::uint64_t, 4> head{};
  if (!read(head.data(), sizeof(head))) return corrupt("it ends too early");
  const auto [version, identity_bytes, number_count, log_bytes] = head;
  if (version != checkpoint_version) {
    return "checkpoint '" + path_ + "' has version " + std::to_string(version) +
           "; this program reads version " + std::to_string(checkpoint_version);
  }
  if (identity_bytes > most_identity_bytes || number_count > most_numbers) {
    return corrupt("its head is out of range");
  }
  std::string written((identity_bytes + 7) / 8 * 8, '\0');
  const std::uint64_t rest = name.size() + sizeof(head) + written.size() + 8 * number_count + 8;
  if (file_bytes_ < rest || file_bytes_ - rest != log_bytes) {
    return corrupt("its size does not fit its head");
  }
  if (!read(written.data(), written.size())) return corrupt("it ends too early");
  written.resize(identity_bytes);
  if (written != identity) {
    return "checkpoint '" + path_ + "' is of another search: " + written + "; this one is " +
           identity;
  }
  numbers_.resize(number_count);
  if (!read(numbers_.data(), 8 * number_count)) return corrupt("it ends too early");
  log_bytes_ = log_bytes;
  return {};
}

std::string CheckpointReader::read_log(void* to) {
  if (!read(to, log_bytes_)) return corrupt("it ends too early");
  const std::uint64_t sum = sum_;
  std::uint64_t checksum = 0;
  if (!read(&checksum, sizeof(checksum))) return corrupt("it ends too early");
  if (checksum != sum) return corrupt("its checksum does not fit");
  return {};
}

}  // namespace quiesce::explore
