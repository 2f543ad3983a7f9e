// A traced execution as a table: one column a thread, time downwards.
#pragma once

#include <string>
#include <vector>

#include "models/interleave/trace.hpp"

namespace quiesce::interleave {

/// Collects a trace and prints it.
///   state    an operation is a row "lock A"; a note is a row, indented; the reason why another
///            thread runs stands in a row of its own, in the column of the thread that stopped
class Columns final : public TraceSink {
 public:
  void operation(const TracedOperation& operation) override;
  void note(unsigned thread, std::string_view text) override;

  /// The table; every line ends with a newline.
  std::string text() const;

 private:
  struct Row {
    unsigned thread;
    std::string text;
  };
  std::vector<Row> rows_;
  unsigned threads_ = 1;
};

}  // namespace quiesce::interleave
