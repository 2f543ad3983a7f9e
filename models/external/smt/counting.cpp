#include "models/external/smt/counting.hpp"

#include <algorithm>
#include <stdexcept>

namespace quiesce::smt {
namespace {

std::string call(const std::string& name, const std::vector<Expression>& parameters) {
  if (parameters.empty()) return name;
  std::string text = "(" + name;
  for (const Expression& parameter : parameters) text += " " + parameter.items.at(0).word;
  return text + ")";
}

std::string for_all(const std::vector<Expression>& variables, const std::string& formula) {
  if (variables.empty()) return formula;
  return "(forall " + to_text(list(variables)) + " " + formula + ")";
}
std::string is_law(const Counted& counted, const std::string& formula, const std::string& at) {
  std::string bound;
  for (const Expression& parameter : counted.parameters)
    bound += "(" + parameter.items.at(0).word + " " + at + ")";
  return "(assert " + (bound.empty() ? formula : "(let (" + bound + ") " + formula + ")") + ")\n";
}

void add_words(const Expression& expression, std::set<std::string>& words) {
  if (expression.is_word()) words.insert(expression.word);
  for (const Expression& item : expression.items) add_words(item, words);
}

bool speaks_of_the_action(const Counted& counted) {
  const auto words = words_of(counted.formula);
  return std::any_of(words.begin(), words.end(),
                     [](const std::string& word) { return word.starts_with("in."); });
}

/// A set before and after a step, the element a variable, and the count of each.
struct Change {
  std::string element;
  std::string sort;
  std::string before;
  std::string after;
  std::string count;
  std::string count_after;
  std::vector<Expression> variable;

  [[nodiscard]] std::string at(const std::string& formula, const std::string& name) const {
    return "(let ((" + element + " " + name + ")) " + formula + ")";
  }
  [[nodiscard]] std::string becomes(const std::string& set) const {
    return for_all(variable, "(= " + after + " " + set + ")");
  }
  [[nodiscard]] std::string counts(const std::string& value) const {
    return "(= " + count_after + " " + value + ")";
  }
};

std::string law_of_one(const Change& set, const std::string& name) {
  const std::string is_it = "(= " + set.element + " " + name + ")";
  return " (=> (and (not " + set.at(set.before, name) + ") " +
         set.becomes("(or " + set.before + " " + is_it + ")") + ") " +
         set.counts("(plus " + set.count + " one)") + ")" +  //
         " (=> (and " + set.at(set.before, name) + " " +
         set.becomes("(and " + set.before + " (not " + is_it + "))") + ") " +
         set.counts("(minus " + set.count + " one)") + ")";
}

/// `part` is a counted set of the same sort, before the step.
std::string law_of_part(const Change& set, const Counted& part) {
  const std::string in_part = "(let ((" + part.element.items.at(0).word + " " + set.element +
                              ")) " + to_text(part.formula) + ")";
  const auto all = [&](const std::string& formula) {
    return for_all(set.variable, "(=> " + in_part + " " + formula + ")");
  };
  return " (=> (and " + all("(not " + set.before + ")") + " " +
         set.becomes("(or " + set.before + " " + in_part + ")") + ") " +
         set.counts("(plus " + set.count + " " + part.name + ")") + ")" +  //
         " (=> (and " + all(set.before) + " " +
         set.becomes("(and " + set.before + " (not " + in_part + "))") + ") " +
         set.counts("(minus " + set.count + " " + part.name + ")") + ")";
}

}  // namespace

std::vector<Counted> counts(const HouseText& house) {
  std::vector<Counted> all;
  for (const Expression& command : house.piece("counting")) {
    const Expression& body = command.items.at(4);
    if (!is_definition(command) || !body.is_list_of("count"))
      throw std::invalid_argument("no count: " + to_text(command));
    all.push_back({name_of(command), command.items.at(2).items, body.items.at(1).items.at(0),
                   body.items.at(2)});
  }
  return all;
}

std::set<std::string> words_of(const Expression& expression) {
  std::set<std::string> words;
  add_words(expression, words);
  return words;
}

std::string declared_counts(const HouseText& house) {
  std::string text;
  for (const Counted& counted : counts(house)) {
    Expression sorts;
    for (const Expression& parameter : counted.parameters)
      sorts.items.push_back(parameter.items.at(1));
    text += "(declare-fun " + counted.name + " " + to_text(sorts) + " Count)\n(assert " +
            for_all(counted.parameters,
                    "(not (below_count " + call(counted.name, counted.parameters) + " none))") +
            ")\n";
  }
  return text;
}

std::string laws_of_counting(const HouseText& house, const std::set<std::string>& named,
                             const std::string& at) {
  std::string text;
  for (const Counted& counted : counts(house)) {
    if (!named.contains(counted.name)) continue;
    text += is_law(counted,
                   "(=> " + for_all({counted.element}, "(not " + to_text(counted.formula) + ")") +
                       " (= " + call(counted.name, counted.parameters) + " none))",
                   at);
  }
  return text;
}

std::string laws_of_counting(const HouseText& house,
                             const std::map<std::string, std::string>& next_names,
                             const std::set<std::string>& named, const std::string& at) {
  std::string text;
  for (const Counted& counted : counts(house)) {
    if (!named.contains(counted.name)) continue;
    const Change set{counted.element.items.at(0).word,
                     counted.element.items.at(1).word,
                     to_text(counted.formula),
                     to_text(renamed(counted.formula, next_names)),
                     call(counted.name, counted.parameters),
                     call(counted.name + "+", counted.parameters),
                     {counted.element}};
    std::string laws = "(and (=> " + set.becomes("false") + " " + set.counts("none") + ") (=> " +
                       set.becomes(set.before) + " " + set.counts(set.count) + ")";
    for (const Function& input : house.declared("inputs")) {
      if (input.parameters.empty() && input.sort == set.sort) laws += law_of_one(set, input.name);
    }
    for (const Counted& part : counts(house)) {
      if (speaks_of_the_action(part) && part.element.items.at(1).word == set.sort)
        laws += law_of_part(set, part);
    }
    text += is_law(counted, laws + ")", at);
  }
  return text;
}

}  // namespace quiesce::smt
