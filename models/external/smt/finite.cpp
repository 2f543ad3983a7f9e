#include "models/external/smt/finite.hpp"

#include <bit>
#include <numeric>
#include <stdexcept>

namespace quiesce::smt {
namespace {

std::string line_of(const Expression& command) {
  return to_text(command) + "\n";
}

std::string extract(const std::string& pattern, std::uint32_t from, std::uint32_t width) {
  return "((_ extract " + std::to_string(from + width - 1) + " " + std::to_string(from) + ") " +
         pattern + ")";
}

std::string definition(const std::string& name, const std::string& parameters,
                       const std::string& sort, const std::string& body) {
  return "(define-fun " + name + " (" + parameters + ") " + sort + " " + body + ")\n";
}

/// Where the cell of the arguments begins in its field, as a number as wide as the field.
std::string place_of(const Field& field) {
  std::string index = "x0";
  for (std::size_t i = 1; i < field.argument_widths.size(); ++i)
    index = "(concat " + index + " x" + std::to_string(i) + ")";
  const auto shift = static_cast<std::uint32_t>(std::countr_zero(field.pitch()));
  if (shift > 0) index = "(concat " + index + " " + bits(0, shift) + ")";
  const std::uint32_t all = field.cells() * field.pitch();
  return "((_ zero_extend " + std::to_string(all - field.index_width() - shift) + ") " + index +
         ")";
}

}  // namespace

std::string bits(std::uint32_t value, std::uint32_t width) {
  std::string text = "#b";
  for (std::uint32_t bit = width; bit-- > 0;) text += ((value >> bit) & 1U) != 0 ? '1' : '0';
  return text;
}

std::uint32_t Field::pitch() const {
  return std::bit_ceil(width);
}

std::uint32_t Layout::bit_of_a_value(std::uint32_t number) const {
  for (const Field& field : fields) {
    const std::uint32_t bits = field.cells() * field.width;
    if (number < bits)
      return field.offset + number / field.width * field.pitch() + number % field.width;
    number -= bits;
  }
  throw std::invalid_argument("the layout has fewer bits");
}

std::uint32_t Layout::bits_of_values() const {
  std::uint32_t bits = 0;
  for (const Field& field : fields) bits += field.cells() * field.width;
  return bits;
}

std::uint32_t Field::index_width() const {
  return std::accumulate(argument_widths.begin(), argument_widths.end(), 0U);
}

Finite::Finite(const HouseText& house) : house_(house) {
  widths_["Bool"] = 1;
  for (const Expression& command : house.piece("sorts_finite")) {
    if (command.is_list_of("define-sort"))
      widths_[name_of(command)] =
          static_cast<std::uint32_t>(std::stoul(command.items.at(3).items.at(2).word));
  }
  for (const Expression& command : house.piece("enumerations")) {
    if (command.is_list_of("declare-datatypes")) add_enumeration(command);
  }
  state_ = layout_of(house.declared("state"));
  inputs_ = layout_of(house.declared("inputs"));
}

void Finite::add_enumeration(const Expression& command) {
  const std::string& sort = command.items.at(1).items.at(0).items.at(0).word;
  const auto& words = command.items.at(2).items.at(0).items;
  const auto width = static_cast<std::uint32_t>(std::bit_width(words.size() - 1));
  widths_[sort] = width;
  enumerations_ += "(define-sort " + sort + " () (_ BitVec " + std::to_string(width) + "))\n";
  for (std::uint32_t number = 0; number < words.size(); ++number) {
    const std::string& name = words[number].items.at(0).word;
    numbers_[name] = number;
    enumerations_ += definition(name, "", sort, bits(number, width));
  }
}

std::uint32_t Finite::number_of(std::string_view enumerator) const {
  const auto found = numbers_.find(enumerator);
  if (found == numbers_.end())
    throw std::invalid_argument("the text has no word " + std::string(enumerator));
  return found->second;
}

Layout Finite::layout_of(const std::vector<Function>& functions) const {
  Layout layout;
  for (const Function& function : functions) {
    Field field;
    field.name = function.name;
    field.width = widths_.at(function.sort);
    field.offset = layout.width;
    for (const Expression& sort : function.parameters)
      field.argument_widths.push_back(widths_.at(sort.word));
    layout.width += field.cells() * field.pitch();
    layout.fields.push_back(std::move(field));
  }
  layout.width = (layout.width + 3) / 4 * 4;
  return layout;
}

std::string Finite::accessors(const Layout& layout, const std::vector<Function>& functions,
                              const std::string& pattern, const std::string& ending) const {
  std::string text;
  for (std::size_t i = 0; i < layout.fields.size(); ++i) {
    const Field& field = layout.fields[i];
    const Function& function = functions[i];
    std::string parameters;
    for (std::size_t j = 0; j < function.parameters.size(); ++j)
      parameters += "(x" + std::to_string(j) + " " + function.parameters[j].word + ")";
    std::string body = extract(pattern, field.offset, field.cells() * field.pitch());
    if (!function.parameters.empty()) body = "(bvlshr " + body + " " + place_of(field) + ")";
    body = extract(body, 0, field.width);
    if (function.sort == "Bool") body = "(= " + body + " #b1)";
    text += definition(function.name + ending, parameters, function.sort, body);
  }
  return text;
}

/// (forall ((r Region)) body) -> (and (let ((r #b00)) body) (let ((r #b01)) body) …); the same with
/// `or` for exists and `+` for count
Expression Finite::instances(const Expression& quantified) const {
  const auto& variables = quantified.items.at(1).items;
  const Expression body = written_out(quantified.items.at(2));
  std::uint32_t total_width = 0;
  for (const Expression& variable : variables) total_width += widths_.at(variable.items.at(1).word);

  Expression all;
  all.items.push_back(word(quantified.is_list_of("forall") ? "and" : "or"));
  const bool counts = quantified.is_list_of("count");
  for (std::uint32_t index = 0; index < (1U << total_width); ++index) {
    Expression bindings;
    std::uint32_t rest = index;
    for (const Expression& variable : variables) {
      const std::uint32_t width = widths_.at(variable.items.at(1).word);
      bindings.items.push_back(list({variable.items.at(0), word(bits(rest, width))}));
      rest >>= width;
    }
    all.items.push_back(list({word("let"), bindings, body}));
  }
  return counts ? sum(all) : all;
}

/// (or a b …) -> (bvadd (ite a one none) (bvadd (ite b one none) …))
Expression Finite::sum(const Expression& instances) const {
  Expression total = word("none");
  for (std::size_t i = 1; i < instances.items.size(); ++i) {
    total = list(
        {word("bvadd"), list({word("ite"), instances.items[i], word("one"), word("none")}), total});
  }
  return total;
}

Expression Finite::written_out(const Expression& expression) const {
  if (expression.is_word()) return expression;
  if (expression.is_list_of("forall") || expression.is_list_of("exists") ||
      expression.is_list_of("count"))
    return instances(expression);
  Expression result;
  for (const Expression& item : expression.items) result.items.push_back(written_out(item));
  return result;
}

/// Every function of the state is, after the step, what the rule says, or what it was.
std::string Finite::as_said(const std::string& rule) const {
  std::string text = "(and true";
  for (const Function& function : house_.declared("state")) {
    std::string variables;
    std::string arguments;
    for (std::size_t i = 0; i < function.parameters.size(); ++i) {
      variables += "(x" + std::to_string(i) + " " + function.parameters[i].word + ")";
      arguments += " x" + std::to_string(i);
    }
    const std::string now =
        house_.has_rule_part(rule, function.name) ? rule + "/" + function.name : function.name;
    if (function.parameters.empty()) {
      text += " (= " + function.name + ".after " + now + ")";
    } else {
      text += " (forall (" + variables + ") (= (" + function.name + ".after" + arguments + ") (" +
              now + arguments + ")))";
    }
  }
  return text + ")";
}

std::string Finite::written_out_definitions(const std::vector<Expression>& commands) const {
  std::string text;
  for (const Expression& command : commands) {
    if (is_definition(command)) text += line_of(written_out(command));
  }
  return text;
}

std::string Finite::sorts() const {
  std::string text = "(set-logic QF_BV)\n" + enumerations_;
  for (const std::string_view piece : {"sorts_finite", "enumerations", "lattices"}) {
    for (const Expression& command : house_.piece(piece)) {
      if (is_definition(command) || command.is_list_of("define-sort")) text += line_of(command);
    }
  }
  return text;
}

/// Everything that rules and sentences speak of, read from the patterns of one sample.
std::string Finite::vocabulary() const {
  std::string text = sorts();
  const std::string state_sort = "(_ BitVec " + std::to_string(state_.width) + ")";
  text += "(declare-const before " + state_sort + ")\n(declare-const after " + state_sort + ")\n";
  text += "(declare-const input (_ BitVec " + std::to_string(inputs_.width) + "))\n";
  text += "(declare-const answer Answer)\n";
  text += accessors(state_, house_.declared("state"), "before", "");
  text += accessors(state_, house_.declared("state"), "after", ".after");
  text += accessors(inputs_, house_.declared("inputs"), "input", "");
  for (const std::string_view piece : {"state", "inputs", "counting"})
    text += written_out_definitions(house_.piece(piece));
  return text;
}

std::string Finite::agrees_if(const std::string& formula) const {
  return "(declare-const agrees Bool)\n(assert (= agrees " +
         to_text(written_out(parse(formula).front())) + "))\n";
}

std::string Finite::agreement(const std::string& rule) const {
  std::vector<Expression> commands;
  for (const Expression& command : house_.rule_commands()) {
    const std::string& name = name_of(command);
    if (!name.starts_with("rule.") || name.starts_with(rule + "/")) commands.push_back(command);
  }
  std::string given = "inputs.sound inputs.exact";
  for (const std::string part : {"given", "exact"}) {
    if (house_.has_rule_part(rule, part)) given += " " + rule + "/" + part;
  }
  const bool internal = house_.has_rule_part(rule, "enabled");
  const std::string answered =
      internal ? "(= (= answer |Done|) " + rule + "/enabled)" : "(= answer " + rule + "/answer)";
  return vocabulary() + written_out_definitions(commands) +
         agrees_if("(and " + given + " " + answered + " (ite (accepted answer) " + as_said(rule) +
                   " (= before after)))");
}

std::string Finite::sentences() const {
  std::string text = vocabulary();
  std::string all = "(and true";
  for (const std::string_view piece : {"invariants", "lemmas"}) {
    text += written_out_definitions(house_.piece(piece));
    for (const std::string_view beginning : {"inv.", "lemma."}) {
      for (const std::string& name : house_.defined(piece, beginning)) all += " " + name;
    }
  }
  return text + agrees_if(all + ")");
}

}  // namespace quiesce::smt
