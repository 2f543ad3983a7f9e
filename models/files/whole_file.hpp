// A file that is either whole or not there, written piece by piece.
#pragma once

#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>

namespace quiesce::files {

/// WholeFile collects bytes in a neighbour of `path` and takes its place in one rename, so that a
/// reader sees the old file or the new one. A device or a pipe is written directly.
///   refuses  a folder, a path that may not be written, a full disk: the sentence says which
class WholeFile {
 public:
  WholeFile() = default;
  ~WholeFile();
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;

  /// Each returns an empty string, or the sentence that says what could not be done.
  [[nodiscard]] std::string open(const std::string& path);
  [[nodiscard]] std::string write(const void* bytes, std::size_t count);
  /// Everything is on disk under its name when this succeeds; the old file is untouched when not.
  /// `keep_previous`: the old file stays under the name it is given.
  [[nodiscard]] std::string commit(const std::string& keep_previous = {});

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  [[nodiscard]] std::string failed();

  std::string path_;
  std::string beside_;  ///< empty: the path is written directly
  std::unique_ptr<std::FILE, Close> file_;
};

/// Whether two paths lead to one regular file, there or not yet: what is written last would be all
/// that stays. Devices and pipes take what comes, and an empty path is none.
[[nodiscard]] bool is_same_file(const std::string& one, const std::string& other);

}  // namespace quiesce::files
