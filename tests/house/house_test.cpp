// The walls of the house: who may include whom, where the standard library's synchronisation may be
// named, how long a file may be, and that links in the documents lead somewhere.
#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<fs::path> files_under(const std::vector<std::string>& folders,
                                  const std::set<std::string>& endings) {
  std::vector<fs::path> files;
  for (const std::string& folder : folders) {
    if (!fs::exists(folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (entry.is_regular_file() && endings.contains(entry.path().extension().string()))
        files.push_back(entry.path().lexically_normal());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

const std::set<std::string> sources{".hpp", ".cpp"};

/// The house's own includes and the library includes of a text.
std::vector<std::string> includes_of(const std::string& text) {
  static const std::regex line(R"re(#include\s+["<]([^">]+)[">])re");
  std::vector<std::string> included;
  for (std::sregex_iterator at(text.begin(), text.end(), line), end; at != end; ++at) {
    included.push_back((*at)[1]);
  }
  return included;
}

struct Wall {
  std::string folder;               // the files below it …
  std::vector<std::string> except;  // … but for these
  std::string forbidden;            // a regular expression that none of their includes may match
};

const std::string heavy =
    "thread|mutex|shared_mutex|atomic|condition_variable|chrono|random|iostream|fstream|cstdio";

const std::vector<Wall> walls{
    {"spec/vocabulary", {}, "impl/.*|models/.*|properties/.*|boost/.*|range/.*|fmt/.*|" + heavy},
    {"spec/vocabulary", {}, "spec/(?!vocabulary/).*"},
    {"spec", {}, "impl/.*|models/.*|properties/.*|fmt/.*|" + heavy},
    {"impl", {}, "spec/(?!vocabulary/).*|models/.*|properties/.*|fmt/.*|range/.*"},
    {"models/interleave", {}, "spec/.*|models/(?!interleave/).*|properties/.*|impl/(?!sync/).*"},
    {"models", {}, "properties/.*|tests/.*|rapidcheck.*"},
    {"properties", {}, "tests/.*"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(house)

BOOST_AUTO_TEST_CASE(includes_respect_the_dependency_rule) {
  std::size_t checked = 0;
  for (const Wall& wall : walls) {
    const std::regex forbidden(wall.forbidden);
    for (const fs::path& file : files_under({wall.folder}, sources)) {
      for (const std::string& included : includes_of(text_of(file))) {
        ++checked;
        BOOST_TEST(!std::regex_match(included, forbidden),
                   file.string() << " includes " << included << ", which its layer may not see");
      }
    }
  }
  BOOST_TEST(checked > 100U);
}

BOOST_AUTO_TEST_CASE(the_dependency_check_can_fail) {
  BOOST_TEST(std::regex_match("spec/state.hpp", std::regex(walls[3].forbidden)));
  BOOST_TEST(!std::regex_match("spec/vocabulary/names.hpp", std::regex(walls[3].forbidden)));
  BOOST_TEST(std::regex_match("impl/runtime_state.hpp", std::regex(walls[4].forbidden)));
  BOOST_TEST(!std::regex_match("impl/sync/sync.hpp", std::regex(walls[4].forbidden)));
  BOOST_TEST(includes_of("#include \"spec/state.hpp\"\n#include <mutex>\n").size() == 2U);
}

BOOST_AUTO_TEST_CASE(range_v3_stays_in_sources) {
  for (const fs::path& file : files_under({"spec", "models", "impl"}, {".hpp"})) {
    for (const std::string& included : includes_of(text_of(file))) {
      BOOST_TEST(included.rfind("range/", 0) != 0U, file.string() << " includes " << included);
    }
  }
}

BOOST_AUTO_TEST_CASE(standard_synchronisation_is_named_in_native_only) {
  const std::regex named(
      R"(\bstd::(mutex|shared_mutex|recursive_mutex|atomic|atomic_ref|thread|jthread|condition_variable)\b)");
  bool native_names_it = false;
  for (const fs::path& file : files_under({"spec", "impl", "models"}, sources)) {
    const bool names = std::regex_search(text_of(file), named);
    if (file == fs::path("impl/sync/native.hpp")) {
      native_names_it = names;
      continue;
    }
    BOOST_TEST(!names, file.string() << " names the standard library's synchronisation");
  }
  BOOST_TEST(native_names_it);
}

BOOST_AUTO_TEST_CASE(no_distribution_or_shuffle_decides_anything) {
  const std::regex named(R"(\bstd::(\w+_distribution|shuffle|random_device|mt19937\w*|rand)\b)");
  for (const fs::path& file : files_under({"spec", "impl", "models", "properties"}, sources)) {
    BOOST_TEST(!std::regex_search(text_of(file), named), file.string());
  }
}

BOOST_AUTO_TEST_CASE(a_file_is_one_room_of_at_most_600_lines) {
  for (const fs::path& file :
       files_under({"spec", "impl", "models", "properties", "tests"}, sources)) {
    const std::string text = text_of(file);
    const auto lines = std::count(text.begin(), text.end(), '\n');
    BOOST_TEST(lines <= 600, file.string() << " has " << lines << " lines");
  }
}

BOOST_AUTO_TEST_CASE(links_in_the_documents_lead_somewhere) {
  const std::regex link(R"(\]\(([^)#\s]+)(#[^)]*)?\))");
  std::vector<fs::path> documents = files_under({"docs", "models", "properties"}, {".md"});
  documents.emplace_back("README.md");
  std::size_t links = 0;
  for (const fs::path& document : documents) {
    const std::string text = text_of(document);
    BOOST_TEST(!text.empty(), document.string() << " is empty or missing");
    for (std::sregex_iterator at(text.begin(), text.end(), link), end; at != end; ++at) {
      const std::string target = (*at)[1];
      if (target.find("://") != std::string::npos) continue;
      ++links;
      BOOST_TEST(fs::exists(document.parent_path() / target),
                 document.string() << " links to " << target << ", which is not there");
    }
  }
  BOOST_TEST(links > 5U);
}

BOOST_AUTO_TEST_SUITE_END()
