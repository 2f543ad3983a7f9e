// Files that are either whole or not there.
#pragma once

#include <string>
#include <string_view>

namespace quiesce::report {

/// Writes a file by way of a neighbour and a rename, so that a reader sees the old text or the new
/// one. Returns an empty string, or the sentence that says what could not be done.
///   refuses  a folder that is not there, a path that may not be written, a full disk
[[nodiscard]] std::string write_whole_file(const std::string& path, std::string_view text);

/// Tries whether `write_whole_file` could write there, before the work whose result goes there.
[[nodiscard]] std::string cannot_write(const std::string& path);

/// Reads a file to its end; `error` is a sentence if that failed.
struct FileText {
  std::string text;
  std::string error;
};
[[nodiscard]] FileText read_whole_file(const std::string& path);

}  // namespace quiesce::report
