#include "models/validate/line_reader.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace quiesce::validate {

std::string LineReader::open(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    return "cannot read '" + path + "': it is a folder; name the trace file in it";
  file_.reset(std::fopen(path.c_str(), "rb"));
  if (!file_) return "cannot read '" + path + "': " + std::strerror(errno);
  if (std::filesystem::is_regular_file(path, ignored))
    size_ = std::filesystem::file_size(path, ignored);
  if (ignored) size_ = 0;
  buffer_.resize(std::size_t{1} << 18U);
  return {};
}

/// Reads more behind what is there; false if there is no more.
bool LineReader::fill() {
  if (at_end_ || !error_.empty()) return false;
  if (from_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + from_, to_ - from_);
    to_ -= from_;
    from_ = 0;
  }
  if (to_ == buffer_.size()) {
    if (buffer_.size() >= longest_line) {
      ++line_number_;
      error_ = "the line is longer than " + std::to_string(longest_line >> 20U) +
               " MiB; a line is one event, and a snapshot may be split into several";
      return false;
    }
    buffer_.resize(buffer_.size() * 2);
  }
  const std::size_t got = std::fread(buffer_.data() + to_, 1, buffer_.size() - to_, file_.get());
  if (got == 0) {
    if (std::ferror(file_.get()) != 0)
      error_ = std::string("cannot be read: ") + std::strerror(errno);
    at_end_ = true;
  }
  to_ += got;
  bytes_ += got;
  return got > 0;
}

bool LineReader::next(std::string_view& line) {
  std::size_t searched = from_;
  while (true) {
    const void* const end =
        searched < to_ ? std::memchr(buffer_.data() + searched, '\n', to_ - searched) : nullptr;
    if (end != nullptr) {
      const char* const first = buffer_.data() + from_;
      line = {first, static_cast<std::size_t>(static_cast<const char*>(end) - first)};
      from_ += line.size() + 1;
      ++line_number_;
      return true;
    }
    const std::size_t unfinished = to_ - from_;
    if (!fill()) break;
    searched = from_ + unfinished;
  }
  if (!error_.empty() || from_ == to_) return false;
  line = {buffer_.data() + from_, to_ - from_};  // a last line without its end
  from_ = to_;
  ++line_number_;
  return true;
}

}  // namespace quiesce::validate
