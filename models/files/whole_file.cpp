#include "models/files/whole_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace quiesce::files {

bool is_same_file(const std::string& one, const std::string& other) {
  if (one.empty() || other.empty()) return false;
  std::error_code ignored;
  if (std::filesystem::exists(one, ignored) && !std::filesystem::is_regular_file(one, ignored))
    return false;
  const auto place = [&](const std::string& path) {
    return std::filesystem::weakly_canonical(std::filesystem::absolute(path, ignored), ignored);
  };
  return place(one) == place(other) || std::filesystem::equivalent(one, other, ignored);
}

WholeFile::~WholeFile() {
  if (!beside_.empty()) std::remove(beside_.c_str());
}

std::string WholeFile::failed() {
  std::string sentence = "cannot write '" + path_ + "': " + std::strerror(errno);
  file_.reset();
  return sentence;
}

std::string WholeFile::open(const std::string& path) {
  path_ = path;
  std::error_code ignored;
  const auto kind = std::filesystem::status(path, ignored).type();
  if (kind == std::filesystem::file_type::directory) {
    return "cannot write '" + path + "': it is a folder; name a file in it";
  }
  const bool replaceable =
      kind == std::filesystem::file_type::not_found || kind == std::filesystem::file_type::regular;
  const std::string target = replaceable ? path + ".part" : path;
  file_.reset(std::fopen(target.c_str(), "wb"));
  if (!file_) return failed();
  if (replaceable) beside_ = target;
  return {};
}

std::string WholeFile::write(const void* bytes, std::size_t count) {
  if (std::fwrite(bytes, 1, count, file_.get()) != count) return failed();
  return {};
}

std::string WholeFile::commit(const std::string& keep_previous) {
  if (std::fflush(file_.get()) != 0) return failed();
  if (beside_.empty()) {
    file_.reset();
    return {};
  }
  if (::fsync(::fileno(file_.get())) != 0) return failed();
  file_.reset();
  if (!keep_previous.empty()) {
    // A second name, not a move: at no moment is there no file. None at all is no error.
    (void)::unlink(keep_previous.c_str());
    (void)::link(path_.c_str(), keep_previous.c_str());
  }
  if (std::rename(beside_.c_str(), path_.c_str()) != 0) return failed();
  beside_.clear();
  return {};
}

}  // namespace quiesce::files
