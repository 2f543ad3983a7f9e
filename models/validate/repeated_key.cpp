#include "models/validate/repeated_key.hpp"

#include <set>
#include <vector>

namespace quiesce::validate {
namespace {

namespace json = boost::json;

/// Where the string that begins at `quote` ends: the place of its last quote. The text is JSON.
std::size_t end_of_string(std::string_view text, std::size_t quote) {
  std::size_t at = quote + 1;
  while (text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  return at;
}

/// The colons outside of strings: one for each member that the text writes.
std::size_t written_members(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == ':') ++count;
    if (text[at] == '"') at = end_of_string(text, at);
  }
  return count;
}

/// The members that were kept.
std::size_t kept_members(const json::value& value) {
  std::size_t count = 0;
  if (const json::object* const object = value.if_object()) {
    count = object->size();
    for (const auto& member : *object) count += kept_members(member.value());
  } else if (const json::array* const list = value.if_array()) {
    for (const json::value& element : *list) count += kept_members(element);
  }
  return count;
}

}  // namespace

std::string repeated_key(std::string_view text, const json::value& value) {
  if (written_members(text) == kept_members(value)) return {};
  std::vector<std::set<std::string>> keys;  // of the objects that are open; of a list none
  std::string last;                         // a string: a key if a colon follows
  for (std::size_t at = 0; at < text.size(); ++at) {
    switch (text[at]) {
      case '"': {
        const std::size_t end = end_of_string(text, at);
        last = json::value_to<std::string>(json::parse(text.substr(at, end - at + 1)));
        at = end;
        break;
      }
      case '{':
      case '[': keys.emplace_back(); break;
      case '}':
      case ']': keys.pop_back(); break;
      case ':':
        if (!keys.back().insert(last).second) return last;
        break;
      default: break;
    }
  }
  return {};
}

}  // namespace quiesce::validate
