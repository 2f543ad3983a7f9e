// The text over a few names: sorts become bit patterns, quantifiers are written out, the functions
// of the state are read from one long bit pattern. So z3 evaluates a rule on concrete states.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "models/external/smt/house_text.hpp"

namespace quiesce::smt {

/// Where one function's values stand in a long bit pattern: `cells` times `pitch` bits from
/// `offset` up, the cell of the arguments (a, b) at index a, b read as one number, `width` bits in
/// use.
struct Field {
  std::string name;
  std::vector<std::uint32_t> argument_widths;
  std::uint32_t width = 1;
  std::uint32_t offset = 0;

  [[nodiscard]] std::uint32_t index_width() const;
  /// A power of two: then a shift, and no product, leads to a cell.
  [[nodiscard]] std::uint32_t pitch() const;
  [[nodiscard]] std::uint32_t cells() const { return 1U << index_width(); }
};

/// The functions that a piece declares, one after the other.
struct Layout {
  std::vector<Field> fields;
  std::uint32_t width = 0;  // a multiple of four

  /// The bits in use, and the place of one of them.
  [[nodiscard]] std::uint32_t bits_of_values() const;
  [[nodiscard]] std::uint32_t bit_of_a_value(std::uint32_t number) const;
};

/// The widths of all sorts, and the numbers of the words of the enumerations.
class Finite {
 public:
  explicit Finite(const HouseText& house);

  [[nodiscard]] const Layout& state() const { return state_; }
  [[nodiscard]] const Layout& inputs() const { return inputs_; }
  /// The number of a word of an enumeration.
  ///   refuses  a word that is none: throws std::invalid_argument
  [[nodiscard]] std::uint32_t number_of(std::string_view enumerator) const;

  /// The text in which `agrees` says of a rule and the patterns before, input, after and the
  /// answer's number whether they are what the text says: an accepted action's state, cell by cell;
  /// a refusal by the same guard, with nothing changed.
  [[nodiscard]] std::string agreement(const std::string& rule) const;
  /// The text in which `agrees` says of the pattern before whether every invariant and lemma is
  /// true.
  [[nodiscard]] std::string sentences() const;
  /// The text of sorts and lattices alone, for questions about any value of theirs.
  [[nodiscard]] std::string sorts() const;

  [[nodiscard]] std::uint32_t answer_width() const { return widths_.at("Answer"); }

 private:
  void add_enumeration(const Expression& command);
  [[nodiscard]] Layout layout_of(const std::vector<Function>& functions) const;
  [[nodiscard]] Expression written_out(const Expression& expression) const;
  [[nodiscard]] Expression instances(const Expression& quantified) const;
  [[nodiscard]] Expression sum(const Expression& instances) const;
  [[nodiscard]] std::string accessors(const Layout& layout, const std::vector<Function>& functions,
                                      const std::string& pattern, const std::string& ending) const;
  [[nodiscard]] std::string written_out_definitions(const std::vector<Expression>& commands) const;
  [[nodiscard]] std::string vocabulary() const;
  [[nodiscard]] std::string agrees_if(const std::string& formula) const;
  [[nodiscard]] std::string as_said(const std::string& rule) const;

  const HouseText& house_;
  std::map<std::string, std::uint32_t, std::less<>> widths_;
  std::map<std::string, std::uint32_t, std::less<>> numbers_;
  std::string enumerations_;
  Layout state_;
  Layout inputs_;
};

/// "#b0101": the low bits of a number.
[[nodiscard]] std::string bits(std::uint32_t value, std::uint32_t width);

}  // namespace quiesce::smt
