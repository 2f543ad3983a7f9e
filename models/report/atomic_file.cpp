#include "models/report/atomic_file.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include "models/files/whole_file.hpp"

namespace quiesce::report {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

std::string why(const std::string& what, const std::string& path) {
  return what + " '" + path + "': " + std::strerror(errno);
}

}  // namespace

std::string write_whole_file(const std::string& path, std::string_view text) {
  files::WholeFile file;
  std::string sentence = file.open(path);
  if (sentence.empty()) sentence = file.write(text.data(), text.size());
  if (sentence.empty()) sentence = file.commit();
  return sentence;
}

std::string cannot_write(const std::string& path) {
  files::WholeFile file;
  return file.open(path);  // without a commit nothing stays
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
