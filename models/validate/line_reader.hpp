// LineReader: the lines of a file that may be longer than memory.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace quiesce::validate {

/// Hands out one line after the other.
///   refuses  a folder, a file that cannot be read, a line longer than `longest_line` bytes
///   cost     one buffer, as long as the longest line
class LineReader {
 public:
  static constexpr std::size_t longest_line = std::size_t{16} << 20U;

  /// Empty, or the sentence that says why the file cannot be read.
  [[nodiscard]] std::string open(const std::string& path);
  /// The next line without its end; false at the end of the file or at an error.
  [[nodiscard]] bool next(std::string_view& line);
  /// What ended the reading, if it was not the end of the file.
  [[nodiscard]] const std::string& error() const { return error_; }

  [[nodiscard]] std::uint64_t line_number() const { return line_number_; }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  bool fill();

  std::unique_ptr<std::FILE, Close> file_;
  std::vector<char> buffer_;
  std::size_t from_ = 0;
  std::size_t to_ = 0;
  bool at_end_ = false;
  std::uint64_t line_number_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t size_ = 0;
  std::string error_;
};

}  // namespace quiesce::validate
