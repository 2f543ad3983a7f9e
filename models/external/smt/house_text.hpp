// The SMT text of the house, read into parts that queries and samples are put together from.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "models/external/smt/expression.hpp"

namespace quiesce::smt {

/// A seeded fault: the first place of `from` in a piece becomes `to`.
struct Fault {
  std::string piece;  // "rules_task"
  std::string from;
  std::string to;
};

/// `(define-fun name (parameters) sort body)` or `(declare-fun name (sorts) sort)`.
struct Function {
  std::string name;
  std::vector<Expression> parameters;  // (name sort) pairs of a definition, sorts of a declaration
  std::string sort;
};

/// The pieces in models/external/smt/house, each a list of SMT-LIB commands.
class HouseText {
 public:
  /// Reads every piece of the folder.
  ///   refuses  a missing piece, unbalanced text, a fault whose place is not found: throws
  ///            std::invalid_argument naming it
  static HouseText read(const std::string& folder, const std::vector<Fault>& faults = {});

  [[nodiscard]] const std::vector<Expression>& piece(std::string_view name) const;
  /// The declared functions of a piece, in its order.
  [[nodiscard]] std::vector<Function> declared(std::string_view piece_name) const;
  /// The names that a piece defines, in its order, with this beginning.
  [[nodiscard]] std::vector<std::string> defined(std::string_view piece_name,
                                                 std::string_view beginning = "") const;
  /// The ids of the rules, "rule.task.start", in the order of the text.
  [[nodiscard]] std::vector<std::string> rules() const;
  [[nodiscard]] bool has_rule_part(const std::string& rule, const std::string& part) const {
    return rule_parts_.contains(rule + "/" + part);
  }
  /// All commands of the rule pieces.
  [[nodiscard]] std::vector<Expression> rule_commands() const;

 private:
  std::map<std::string, std::vector<Expression>, std::less<>> pieces_;
  std::set<std::string> rule_parts_;  // "rule.task.start/t.phase"
};

[[nodiscard]] inline bool is_definition(const Expression& command) {
  return command.is_list_of("define-fun");
}
/// The name that a declaration or definition gives.
[[nodiscard]] inline const std::string& name_of(const Expression& command) {
  return command.items.at(1).word;
}

/// The expression with other words in the place of some.
[[nodiscard]] Expression renamed(const Expression& expression,
                                 const std::map<std::string, std::string>& names);

}  // namespace quiesce::smt
