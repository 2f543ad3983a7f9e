#include "models/report/atomic_file.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

namespace quiesce::report {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

std::string why(const std::string& what, const std::string& path) {
  return what + " '" + path + "': " + std::strerror(errno);
}

std::string neighbour(const std::string& path) {
  return path + ".new";
}

}  // namespace

std::string write_whole_file(const std::string& path, std::string_view text) {
  const std::string beside = neighbour(path);
  File file{std::fopen(beside.c_str(), "wb")};
  if (!file) return why("cannot write", path);
  const bool written = std::fwrite(text.data(), 1, text.size(), file.get()) == text.size() &&
                       std::fflush(file.get()) == 0 && ::fsync(::fileno(file.get())) == 0;
  if (!written) {
    std::string sentence = why("cannot write", path);
    file.reset();
    std::remove(beside.c_str());
    return sentence;
  }
  file.reset();
  if (std::rename(beside.c_str(), path.c_str()) != 0) {
    std::string sentence = why("cannot write", path);
    std::remove(beside.c_str());
    return sentence;
  }
  return {};
}

std::string cannot_write(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    return "cannot write '" + path + "': it is a folder; name a file in it";
  }
  const std::string beside = neighbour(path);
  File file{std::fopen(beside.c_str(), "wb")};
  if (!file) return why("cannot write", path);
  file.reset();
  std::remove(beside.c_str());
  return {};
}

FileText read_whole_file(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    return {{}, "cannot read '" + path + "': it is a folder"};
  const File file{std::fopen(path.c_str(), "rb")};
  if (!file) return {{}, why("cannot read", path)};
  std::string text;
  std::array<char, 65536> buffer{};
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), file.get()))
    text.append(buffer.data(), got);
  if (std::ferror(file.get()) != 0) return {{}, why("cannot read", path)};
  return {std::move(text), {}};
}

}  // namespace quiesce::report
