#include "models/cli/test_text.hpp"

#include <algorithm>

namespace quiesce::cli {
namespace {

bool begins_a_case(std::string_view line) {
  return line.starts_with("BOOST_AUTO_TEST_CASE(") || line.starts_with("RC_BOOST_PROP(");
}

/// "spawn_is_refused" of "BOOST_AUTO_TEST_CASE(spawn_is_refused) {", the name on the next line too.
std::string name_of_case(const Lines& lines, std::size_t at) {
  std::string_view rest = lines[at].substr(lines[at].find('(') + 1);
  if (rest.empty() && at + 1 < lines.size()) rest = lines[at + 1];
  const std::size_t from = std::min(rest.find_first_not_of(' '), rest.size());
  std::size_t end = from;
  while (end < rest.size() && is_word(rest[end])) ++end;
  return std::string(rest.substr(from, end - from));
}

/// The ids of the comment that ends above a line.
std::vector<std::string> ids_above(const Lines& lines, std::size_t at) {
  std::vector<std::string> ids;
  while (at > 0 && lines[at - 1].starts_with("//")) {
    --at;
    for (std::string& id : ids_in(lines[at])) ids.push_back(std::move(id));
  }
  return ids;
}

void read_spaces(const std::vector<TextFile>& files, std::string_view text, TestFile& into) {
  for (std::string_view line : lines_of(text)) {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    constexpr std::string_view use = "using namespace ";
    constexpr std::string_view alias = "namespace ";
    constexpr std::string_view include = "#include \"tests/";
    if (line.starts_with(use)) {
      const std::string_view space = line.substr(use.size(), line.find(';') - use.size());
      into.spaces.emplace(inner_space(space));
    } else if (line.starts_with(alias) && line.ends_with(';')) {
      const std::size_t equals = line.find(" = ");
      if (equals == std::string_view::npos) continue;
      into.aliases.emplace(line.substr(alias.size(), equals - alias.size()),
                           inner_space(line.substr(equals + 3, line.size() - equals - 4)));
    } else if (line.starts_with(include)) {
      const std::string_view path = line.substr(10, line.find('"', 10) - 10);
      for (const auto& [header, header_text] : files)
        if (header == path) read_spaces(files, header_text, into);
    }
  }
}

}  // namespace

std::vector<std::string> ids_in(std::string_view line) {
  std::vector<std::string> ids;
  std::size_t at = line.find("//");
  while (at != std::string_view::npos && (at = line.find("rule.", at)) != std::string_view::npos) {
    std::size_t end = at;
    while (end < line.size() && (is_word(line[end]) || line[end] == '.')) ++end;
    while (line[end - 1] == '.') --end;
    ids.emplace_back(line.substr(at, end - at));
    at = end;
  }
  return ids;
}

bool TestFile::uses(std::string_view text, std::string_view space, std::string_view name,
                    char bracket) const {
  if (name.empty()) return false;
  return any_use(text, name, bracket, [&](std::string_view qualifier) {
    if (qualifier.empty()) return spaces.contains(space);
    const auto alias = aliases.find(qualifier);
    const std::string_view meant =
        alias == aliases.end() ? inner_space(qualifier) : std::string_view(alias->second);
    return meant == space ||
           (space.ends_with(meant) && space.substr(0, space.size() - meant.size()).ends_with("::"));
  });
}

std::vector<TestFile> read_tests(const std::vector<TextFile>& files) {
  std::vector<TestFile> tests;
  for (const auto& [path, text] : files) {
    if (!path.ends_with(".cpp")) continue;
    TestFile test{.path = path};
    read_spaces(files, text, test);
    const Lines lines = lines_of(text);
    for (std::size_t at = 0; at < lines.size(); ++at) {
      if (!begins_a_case(lines[at])) {
        test.outside += std::string(lines[at]) + "\n";
        continue;
      }
      TestCase found{.name = name_of_case(lines, at), .body = {}, .ids = ids_above(lines, at)};
      for (++at; at < lines.size() && lines[at] != "}"; ++at)
        found.body += std::string(lines[at]) + "\n";
      test.cases.push_back(std::move(found));
    }
    tests.push_back(std::move(test));
  }
  return tests;
}

}  // namespace quiesce::cli
