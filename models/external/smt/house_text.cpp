#include "models/external/smt/house_text.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace quiesce::smt {
namespace {

constexpr std::array<std::string_view, 16> piece_names{
    "enumerations",   "sorts",      "sorts_finite", "lattices",   "state",
    "inputs",         "counting",   "rules_region", "rules_task", "rules_obligation",
    "rules_internal", "invariants", "lemmas",       "derived",    "step_properties",
    "termination"};
constexpr std::array<std::string_view, 4> rule_pieces{"rules_region", "rules_task",
                                                      "rules_obligation", "rules_internal"};

std::string text_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::invalid_argument("cannot read " + path);
  return {std::istreambuf_iterator<char>(in), {}};
}

void apply(const Fault& fault, std::string& text) {
  const std::size_t at = text.find(fault.from);
  if (at == std::string::npos)
    throw std::invalid_argument("the piece " + fault.piece + " has no " + fault.from);
  text.replace(at, fault.from.size(), fault.to);
}

}  // namespace

HouseText HouseText::read(const std::string& folder, const std::vector<Fault>& faults) {
  HouseText house;
  const auto add = [&](const std::string& name) {
    std::string text = text_of(folder + "/" + name + ".smt2");
    for (const Fault& fault : faults) {
      if (fault.piece == name) apply(fault, text);
    }
    house.pieces_.emplace(name, parse(text));
  };
  for (const std::string_view name : piece_names) add(std::string(name));
  for (const std::string_view name : rule_pieces) {
    for (const Expression& command : house.piece(name)) {
      if (is_definition(command)) house.rule_parts_.insert(name_of(command));
    }
  }
  return house;
}

const std::vector<Expression>& HouseText::piece(std::string_view name) const {
  const auto found = pieces_.find(name);
  if (found == pieces_.end()) throw std::invalid_argument("there is no piece " + std::string(name));
  return found->second;
}

std::vector<Function> HouseText::declared(std::string_view piece_name) const {
  std::vector<Function> functions;
  for (const Expression& command : piece(piece_name)) {
    if (command.is_list_of("declare-fun"))
      functions.push_back({name_of(command), command.items.at(2).items, command.items.at(3).word});
  }
  return functions;
}

std::vector<std::string> HouseText::defined(std::string_view piece_name,
                                            std::string_view beginning) const {
  std::vector<std::string> names;
  for (const Expression& command : piece(piece_name)) {
    if (is_definition(command) && name_of(command).starts_with(beginning))
      names.push_back(name_of(command));
  }
  return names;
}

std::vector<std::string> HouseText::rules() const {
  std::vector<std::string> ids;
  for (const std::string_view name : rule_pieces) {
    for (const std::string& part : defined(name, "rule.")) {
      std::string id = part.substr(0, part.find('/'));
      if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(std::move(id));
    }
  }
  return ids;
}

std::vector<Expression> HouseText::rule_commands() const {
  std::vector<Expression> commands;
  for (const std::string_view name : rule_pieces) {
    const auto& more = piece(name);
    commands.insert(commands.end(), more.begin(), more.end());
  }
  return commands;
}

Expression renamed(const Expression& expression, const std::map<std::string, std::string>& names) {
  if (expression.is_word()) {
    const auto found = names.find(expression.word);
    return found == names.end() ? expression : word(found->second);
  }
  Expression result;
  for (const Expression& item : expression.items) result.items.push_back(renamed(item, names));
  return result;
}

}  // namespace quiesce::smt
