#include "models/external/smt/solver.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "models/external/smt/program.hpp"

namespace quiesce::smt {
namespace {

/// A file of this run's own; it goes when the object goes.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text)
      : path_((std::filesystem::temp_directory_path() / "quiesce_XXXXXX.smt2").string()) {
    const int descriptor = mkstemps(path_.data(), 5);
    if (descriptor < 0) throw std::runtime_error("cannot create " + path_);
    close(descriptor);
    std::ofstream out(path_, std::ios::binary);
    out << text;
    if (!out.flush()) throw std::runtime_error("cannot write " + path_);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace

Solved solve(const std::string& text, std::uint64_t steps_most) {
  const TemporaryFile file(text);
  const std::string command = std::string(solver_program) +
                              " -smt2 rlimit=" + std::to_string(steps_most) + " '" + file.path() +
                              "' 2>&1";
  std::FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run " + command);

  Solved solved;
  std::string line;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) {
    if (c != '\n') {
      line += static_cast<char>(c);
    } else {
      solved.lines.push_back(std::move(line));
      line.clear();
    }
  }
  if (!line.empty()) solved.lines.push_back(std::move(line));
  const int status = pclose(pipe);
  solved.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return solved;
}

}  // namespace quiesce::smt
