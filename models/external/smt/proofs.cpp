#include "models/external/smt/proofs.hpp"

#include <algorithm>
#include <stdexcept>

#include "models/external/smt/counting.hpp"
#include "models/external/smt/solver.hpp"

namespace quiesce::smt {
namespace {

// The sentences with an existential in them are assumed only where a goal needs one: elsewhere
// every function and quantifier leads from obligations to tasks to regions, and z3 decides.
const std::map<std::string, std::string> existential_for{
    {"lemma.below_goes_through_a_child", "lemma.below_goes_through_a_child"},
    {"lemma.live_only_below_live", "lemma.below_goes_through_a_child"},
    {"lemma.rows_have_parents", "lemma.rows_have_parents"},
    {"inv.region.outcome_joined", "inv.region.outcome_joined"},
    {"derived.reached_is_listed", "lemma.rows_have_parents"},
    {"inv.region.close_begins", "inputs.exact"},
};
bool needs_existential(const std::string& goal) {
  return existential_for.contains(goal);
}
bool is_existential(const std::string& sentence) {
  const auto found = existential_for.find(sentence);
  return found != existential_for.end() && found->second == sentence;
}

void add(const std::vector<Expression>& commands, std::string& text) {
  for (const Expression& command : commands) text += to_text(command) + "\n";
}

/// `f` -> `f+` for everything that speaks of the state: its functions, its words, the invariants.
std::map<std::string, std::string> next_names(const HouseText& house) {
  std::map<std::string, std::string> names;
  for (const Function& function : house.declared("state"))
    names[function.name] = function.name + "+";
  for (const std::string_view piece : {"state", "counting", "invariants", "lemmas"}) {
    for (const std::string& name : house.defined(piece)) names[name] = name + "+";
  }
  for (const std::string name : {"r.rank", "t.rank", "o.rank"}) names[name] = name + "+";
  return names;
}

/// `f+` for every function of the state: what the rule says, or as before.
void add_next_state(const HouseText& house, const std::string& rule, std::string& text) {
  for (const Function& function : house.declared("state")) {
    std::string parameters;
    std::string arguments;
    for (std::size_t i = 0; i < function.parameters.size(); ++i) {
      const std::string name = "x" + std::to_string(i);
      parameters += "(" + name + " " + function.parameters[i].word + ")";
      arguments += " " + name;
    }
    const bool changed = house.has_rule_part(rule, function.name);
    const std::string now = changed ? rule + "/" + function.name : function.name;
    text += "(define-fun " + function.name + "+ (" + parameters + ") " + function.sort + " " +
            (arguments.empty() ? now : "(" + now + arguments + ")") + ")\n";
  }
}

/// The counts after the step: any that the laws allow.
void add_next_counts(const HouseText& house, std::string& text) {
  for (const Counted& counted : counts(house)) {
    std::string sorts;
    for (const Expression& parameter : counted.parameters)
      sorts += parameter.items.at(1).word + " ";
    text += "(declare-fun " + counted.name + "+ (" + sorts + ") Count)\n";
  }
}

/// `step.rule` and `step.answer`.
void add_step(const HouseText& house, const std::string& rule, std::string& text) {
  text += "(declare-datatypes ((Rule 0)) ((";
  for (const std::string& id : house.rules()) text += "(" + id + ") ";
  text += ")))\n(define-fun step.rule () Rule " + rule + ")\n(define-fun step.answer () Answer " +
          (house.has_rule_part(rule, "enabled") ? "|Done|" : rule + "/answer") + ")\n";
}

void add_next_words(const HouseText& house, std::string& text) {
  const auto names = next_names(house);
  for (const std::string_view piece : {"state", "invariants", "lemmas", "step_properties"}) {
    for (const Expression& command : house.piece(piece)) {
      if (is_definition(command) && names.contains(name_of(command)))
        text += to_text(renamed(command, names)) + "\n";
    }
  }
}

void add_ranks(const HouseText& house, std::string& text) {
  for (const Expression& command : house.piece("step_properties")) {
    if (is_definition(command) && name_of(command).ends_with(".rank"))
      text += to_text(command) + "\n";
  }
}

/// The words of termination that this rule's own goal needs.
void add_termination(const HouseText& house, const std::string& rule, std::string& text) {
  for (const Expression& command : house.piece("termination")) {
    const std::string& name = name_of(command);
    if (!name.starts_with("rule.") || name == rule + "/forward") text += to_text(command) + "\n";
  }
}

void add_properties(const HouseText& house, std::string& text) {
  for (const Expression& command : house.piece("step_properties")) {
    if (is_definition(command) && !name_of(command).ends_with(".rank"))
      text += to_text(command) + "\n";
  }
}

std::vector<std::string> sentences(const HouseText& house) {
  std::vector<std::string> all = house.defined("invariants", "inv.");
  const auto lemmas = house.defined("lemmas", "lemma.");
  all.insert(all.end(), lemmas.begin(), lemmas.end());
  return all;
}

void assume(const std::vector<std::string>& names, const Assumed& assumed, std::string& text) {
  for (const std::string& name : names) {
    if (name != assumed.without && !is_existential(name)) text += "(assert " + name + ")\n";
  }
}

void assume_taken(const HouseText& house, const std::string& rule, std::string& text) {
  text += "(assert inputs.sound)\n";
  if (house.has_rule_part(rule, "given")) text += "(assert " + rule + "/given)\n";
  if (house.has_rule_part(rule, "enabled")) {
    text += "(assert " + rule + "/enabled)\n";
  } else {
    text += "(assert (accepted " + rule + "/answer))\n";
  }
}

std::string vocabulary(const HouseText& house) {
  std::string text = "(set-option :smt.mbqi.max_iterations 10000)\n";
  for (const std::string_view piece : {"enumerations", "sorts", "lattices", "state", "inputs"})
    add(house.piece(piece), text);
  text += declared_counts(house);
  add(house.rule_commands(), text);
  for (const std::string_view piece : {"invariants", "lemmas", "derived"})
    add(house.piece(piece), text);
  return text;
}

/// Everything about one rule up to what is assumed of the state before it.
std::string rule_context(const HouseText& house, const std::string& rule) {
  std::string text = vocabulary(house);
  add_next_state(house, rule, text);
  add_next_counts(house, text);
  add_step(house, rule, text);
  add_ranks(house, text);
  add_next_words(house, text);
  add_properties(house, text);
  add_termination(house, rule, text);
  assume_taken(house, rule, text);
  return text;
}

/// What an invariant that speaks of counts says; null for any other sentence.
const Expression* counting_body(const HouseText& house, const std::string& goal) {
  for (const Expression& command : house.piece("invariants")) {
    if (!is_definition(command) || name_of(command) != goal) continue;
    const auto words = words_of(command);
    const auto counted = house.defined("counting");
    const bool counts = std::any_of(counted.begin(), counted.end(),
                                    [&](const std::string& n) { return words.contains(n); });
    return counts ? &command.items.at(4) : nullptr;
  }
  return nullptr;
}

/// The laws of counting have quantifiers inside, so they are assumed of one region only, the one of
/// which the goal is not true. Nothing else is said of it, so it stands for any.
void add_counting_goal(const HouseText& house, const Expression& body, bool is_rule,
                       std::string& text) {
  const std::string at = "some.region";
  text += "(declare-const " + at + " Region)\n";
  const auto named = words_of(body);
  text += is_rule ? laws_of_counting(house, next_names(house), named, at)
                  : laws_of_counting(house, named, at);
  const Expression said = is_rule ? renamed(body, next_names(house)) : body;
  if (!said.is_list_of("forall")) {
    text += "(assert (not " + to_text(said) + "))\n";
    return;
  }
  const Expression& variable = said.items.at(1).items.at(0);
  text += "(assert (not (let ((" + variable.items.at(0).word + " " + at + ")) " +
          to_text(said.items.at(2)) + ")))\n";
}

bool speaks_of_state_only(const HouseText& house, const std::string& goal) {
  const auto all = sentences(house);
  return std::find(all.begin(), all.end(), goal) != all.end();
}

}  // namespace

std::vector<std::string> origins(const HouseText& house) {
  std::vector<std::string> all{"init", "invariants"};
  const auto rules = house.rules();
  all.insert(all.end(), rules.begin(), rules.end());
  return all;
}

std::vector<std::string> goals(const HouseText& house, const std::string& from) {
  if (from == "init") return sentences(house);
  if (from == "invariants") return house.defined("derived");
  // Those that need the sentence with an existential come first: few other sentences are assumed
  // with it.
  std::vector<std::string> all = sentences(house);
  std::stable_partition(all.begin(), all.end(), needs_existential);
  const auto properties = house.defined("step_properties", "inv.");
  all.insert(all.end(), properties.begin(), properties.end());
  const auto forward = house.defined("termination", from + "/");
  all.insert(all.end(), forward.begin(), forward.end());
  return all;
}

std::string query(const HouseText& house, const std::string& from,
                  const std::vector<std::string>& wanted_goals, const Assumed& assumed) {
  const bool is_rule = from != "init" && from != "invariants";
  std::string text = is_rule ? rule_context(house, from) : vocabulary(house);
  if (from == "init") text += "(assert init)\n";

  bool invariants_follow = from != "init";
  const auto ask = [&](const std::string& goal) {
    const bool primed = is_rule && speaks_of_state_only(house, goal);
    text += "(push)\n";
    const Expression* const counts = counting_body(house, goal);
    if (from != "init" && needs_existential(goal) && existential_for.at(goal) != assumed.without)
      text += "(assert " + existential_for.at(goal) + ")\n";
    if (counts != nullptr) {
      add_counting_goal(house, *counts, is_rule, text);
    } else {
      text += "(assert (not " + goal + (primed ? "+" : "") + "))\n";
    }
    text += "(check-sat)\n(pop)\n";
  };
  if (invariants_follow) assume(house.defined("lemmas", "lemma."), assumed, text);
  for (const std::string& goal : wanted_goals) {
    const bool asks_first = is_rule && needs_existential(goal) && speaks_of_state_only(house, goal);
    if (invariants_follow && !asks_first) {
      assume(house.defined("invariants", "inv."), assumed, text);
      invariants_follow = false;
    }
    ask(goal);
  }
  return text;
}

std::vector<ProofObligation> prove(const HouseText& house, const Wanted& wanted,
                                   const Assumed& assumed) {
  std::vector<ProofObligation> tried;
  for (const std::string& from : origins(house)) {
    if (!wanted.from.empty() && from != wanted.from) continue;
    std::vector<std::string> chosen;
    for (const std::string& goal : goals(house, from)) {
      if ((wanted.goal.empty() || goal == wanted.goal) && goal != assumed.without)
        chosen.push_back(goal);
    }
    if (chosen.empty()) continue;
    const Solved solved = solve(query(house, from, chosen, assumed));
    if (solved.lines.size() != chosen.size())
      throw std::runtime_error("z3 on " + from + ": " +
                               (solved.lines.empty() ? "no answer" : solved.lines.front()));
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      tried.push_back({from, chosen[i], solved.lines[i]});
    }
  }
  return tried;
}

std::vector<ProofObligation> satisfiable_rules(const HouseText& house) {
  std::vector<ProofObligation> tried;
  for (const std::string& rule : house.rules()) {
    std::string text = rule_context(house, rule);
    assume(house.defined("lemmas", "lemma."), {}, text);
    assume(house.defined("invariants", "inv."), {}, text);
    const Solved solved = solve(text + "(check-sat)\n");
    tried.push_back({rule, "", solved.lines.empty() ? "" : solved.lines.front()});
  }
  return tried;
}

}  // namespace quiesce::smt
