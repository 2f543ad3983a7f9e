// quiesce list: what there is to name on the command line and in a report.
#include <array>
#include <cstdio>
#include <memory>
#include <string>

#include "models/cli/arguments.hpp"
#include "models/cli/catalogue.hpp"
#include "models/cli/command.hpp"
#include "models/cli/nearest.hpp"
#include "models/cli/rule_index.hpp"
#include "models/explore/registry.hpp"
#include "models/refine/runtime_under_test.hpp"
#include "models/refine/strategy.hpp"
#include "models/report/text_table.hpp"
#include "spec/step.hpp"

namespace quiesce::cli {
namespace {

using report::TextTable;

std::string variants_text() {
  TextTable table({"variant", "checked by", "what it is"});
  for (const refine::Variant& variant : refine::variants()) {
    table.add({std::string(variant.name),
               variant.tickets == refine::Tickets::Yes ? "commit order" : "linearization",
               std::string(variant.summary)});
  }
  return table.text();
}

std::string strategies_text() {
  TextTable table({"strategy", "how schedules are chosen"});
  for (const refine::Strategy strategy : refine::selectable_strategies)
    table.add({std::string(refine::to_text(strategy)), std::string(refine::summary(strategy))});
  return table.text();
}

std::string invariants_text() {
  TextTable table({"invariant", "fact", "machine", "sentence"});
  for (const Sentence& sentence : sentences())
    table.add({std::string(sentence.id), std::string(sentence.fact), std::string(sentence.machine),
               std::string(sentence.says)});
  return table.text();
}

std::string rules_text() {
  TextTable table({"rule", "what it does", "source"});
  for (const spec::RuleRow& rule : spec::rules())
    table.add({std::string(rule.id), std::string(rule.sentence), std::string(rule.source)});
  return table.text();
}

std::string models_text() {
  TextTable table({"model", "what it is"});
  for (const explore::ExplorableModel& model : explore::explorable_models())
    table.add({std::string(model.name), std::string(model.sentence)});
  return table.text();
}

struct Section {
  std::string_view name;
  std::string (*text)();
};
constexpr std::array<Section, 5> sections{{{"variants", variants_text},
                                           {"strategies", strategies_text},
                                           {"invariants", invariants_text},
                                           {"rules", rules_text},
                                           {"models", models_text}}};

ExitCode list_as_a_page(const std::string& what) {
  if (what != "invariants" && what != "rules")
    return refuse("--markdown writes the page of the invariants or of the rules");
  enter_project();
  std::string error;
  const IndexedSources sources = read_indexed_sources(error);
  if (!error.empty()) return refuse(error);
  const std::string page = what == "rules" ? rule_page(rule_records(sources))
                                           : catalogue_page(sources.mutants, sources.proof_texts);
  std::fputs(page.c_str(), stdout);
  return ExitCode::Agrees;
}

ExitCode list(const std::string& what) {
  std::array<std::string_view, sections.size()> names;
  for (std::size_t i = 0; i < sections.size(); ++i) names[i] = sections[i].name;
  bool printed = false;
  for (const Section& section : sections) {
    if (!what.empty() && what != section.name) continue;
    std::printf("%s%s", printed ? "\n" : "", section.text().c_str());
    printed = true;
  }
  if (!printed) return refuse("there is no list of '" + what + "'" + did_you_mean(what, names));
  return ExitCode::Agrees;
}

}  // namespace

void add_list(Program& program) {
  auto what = std::make_shared<std::string>();
  auto markdown = std::make_shared<bool>(false);
  Command command =
      program.command("list", "the variants, strategies, invariants, rules and models");
  command.word("what", *what,
               "one of variants, strategies, invariants, rules, models; all if not given");
  command.flag("--markdown", *markdown,
               "invariants, rules: the pages docs/invariants.md and docs/rules.md");
  command.does([what, markdown] { return *markdown ? list_as_a_page(*what) : list(*what); });
}

}  // namespace quiesce::cli
