// The vocabulary's values as JSON, and back; the first complaint of a line stays.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "models/validate/fields.hpp"
#include "spec/vocabulary/answer.hpp"

namespace quiesce::validate {

namespace json = boost::json;

/// The words of an enumeration, for complaints and for reading.
template <class Enum>
inline constexpr int words_in = 0;
template <>
inline constexpr int words_in<TaskPhase> = task_phase_count;
template <>
inline constexpr int words_in<RegionPhase> = region_phase_count;
template <>
inline constexpr int words_in<ObligationPhase> = obligation_phase_count;
template <>
inline constexpr int words_in<AbortReason> = abort_reason_count;
template <>
inline constexpr int words_in<ObligationKind> = obligation_kind_count;
template <>
inline constexpr int words_in<Policy> = policy_count;
template <>
inline constexpr int words_in<CloseMode> = close_mode_count;
template <>
inline constexpr int words_in<CancelKind> = cancel_kind_count;
template <>
inline constexpr int words_in<OutcomeKind> = outcome_kind_count;
template <>
inline constexpr int words_in<LeakResponse> = leak_response_count;
template <>
inline constexpr int words_in<Guard> = guard_count;

template <class Enum>
concept Worded = words_in<Enum> >
0;

/// Reads values of one line. `what` names the field for the complaint.
class ValueReader {
 public:
  [[nodiscard]] bool failed() const { return !complaint_.empty(); }
  [[nodiscard]] const std::string& complaint() const { return complaint_; }
  void complain(std::string sentence) {
    if (complaint_.empty()) complaint_ = std::move(sentence);
  }

  template <class Kind>
  void read(std::string_view what, const json::value& value, Name<Kind>& into) {
    into.value = name_number(what, value, Kind::letter, Kind::noun);
  }
  template <Worded Enum>
  void read(std::string_view what, const json::value& value, Enum& into) {
    const std::string_view word = value.is_string() ? std::string_view(value.get_string()) : "";
    for (int i = 0; i < words_in<Enum>; ++i) {
      if (to_text(static_cast<Enum>(i)) != word) continue;
      into = static_cast<Enum>(i);
      return;
    }
    std::string choices;
    for (int i = 0; i < words_in<Enum>; ++i)
      choices += (i == 0 ? "" : ", ") + std::string(to_text(static_cast<Enum>(i)));
    complain(std::string(what) + " is " + json::serialize(value) + "; it is one of " + choices);
  }
  void read(std::string_view what, const json::value& value, std::uint64_t& into) {
    into = number(what, value, std::numeric_limits<std::uint64_t>::max());
  }
  void read(std::string_view what, const json::value& value, std::uint32_t& into) {
    into =
        static_cast<std::uint32_t>(number(what, value, std::numeric_limits<std::uint32_t>::max()));
  }
  void read(std::string_view what, const json::value& value, std::uint8_t& into) {
    into = static_cast<std::uint8_t>(number(what, value, 255));
  }
  void read(std::string_view what, const json::value& value, bool& into) {
    if (!value.is_bool()) return complain(std::string(what) + " is true or false");
    into = value.get_bool();
  }
  void read(std::string_view what, const json::value& value, Budget& into) {
    read_object(what, value, into);
  }
  void read(std::string_view what, const json::value& value, Limits& into) {
    read_object(what, value, into);
  }
  void read(std::string_view what, const json::value& value, CancelReason& into) {
    read_object(what, value, into);
  }
  void read(std::string_view what, const json::value& value, LeakPolicy& into) {
    read_object(what, value, into);
  }
  void read(std::string_view what, const json::value& value, Outcome& into);
  void read(std::string_view what, const json::value& value, Answer& into);
  /// null is none.
  template <class Value>
  void read(std::string_view what, const json::value& value, std::optional<Value>& into) {
    if (value.is_null()) return into.reset();
    read(what, value, into.emplace());
  }
  template <class EntityName>
  void read(std::string_view what, const json::value& value, spec::Names<EntityName>& into) {
    if (!value.is_array()) return complain(std::string(what) + " is a list of names");
    for (const json::value& element : value.get_array()) {
      EntityName name;
      read(what, element, name);
      into.push_back(name);
    }
  }

  /// The fields of T out of an object; returns a bit for each one that was there.
  template <class T>
  std::uint32_t read_fields(std::string_view what, const json::object& object, T& into) {
    std::uint32_t given = 0;
    std::uint32_t bit = 1;
    for_each_field<T>([&](const auto& field) {
      if (const json::value* const value = object.if_contains(field.name)) {
        read(field.name, *value, into.*field.member);
        check_new(field, into);
        given |= bit;
      } else if (field.use != Use::Optional) {
        complain(std::string(what) + " has no '" + std::string(field.name) + "'");
      }
      bit <<= 1U;
    });
    return given;
  }
  template <class T>
  std::uint32_t read_object(std::string_view what, const json::value& value, T& into) {
    if (!value.is_object()) {
      complain(std::string(what) + " is an object with " + field_names<T>());
      return 0;
    }
    const std::uint32_t given = read_fields(what, value.get_object(), into);
    only_fields<T>(what, value.get_object());
    return given;
  }

  /// "name, region, budget"
  template <class T>
  static std::string field_names() {
    std::string names;
    for_each_field<T>(
        [&](const auto& field) { names += (names.empty() ? "" : ", ") + std::string(field.name); });
    return names;
  }
  template <class T>
  static bool has_field(std::string_view name) {
    bool found = false;
    for_each_field<T>([&](const auto& field) { found = found || field.name == name; });
    return found;
  }
  template <class T>
  void only_fields(std::string_view what, const json::object& object) {
    for (const auto& member : object) {
      if (!has_field<T>(member.key()))
        complain("'" + std::string(member.key()) + "' is no field of " + std::string(what) +
                 "; it has " + field_names<T>());
    }
  }

  std::uint64_t number(std::string_view what, const json::value& value, std::uint64_t largest);

 private:
  template <class T, class Value>
  void check_new(const Field<T, Value>& field, const T& owner) {
    if constexpr (requires { (owner.*field.member).is_none(); }) {
      if (field.use == Use::Creates && !failed() && (owner.*field.member).is_none())
        complain("what an action creates needs a name of its own");
    }
  }
  std::uint32_t name_number(std::string_view what, const json::value& value, char letter,
                            std::string_view noun);

  std::string complaint_;
};

// Writing.

[[nodiscard]] json::value json_of(const Outcome& outcome);
[[nodiscard]] json::value json_of(const Answer& answer);

template <class Kind>
[[nodiscard]] json::value json_of(Name<Kind> name) {
  return json::value(to_text(name));
}
template <Worded Enum>
[[nodiscard]] json::value json_of(Enum value) {
  return json::value(to_text(value));
}
[[nodiscard]] inline json::value json_of(std::uint64_t value) {
  return json::value(value);
}
[[nodiscard]] inline json::value json_of(std::uint32_t value) {
  return json::value(value);
}
[[nodiscard]] inline json::value json_of(std::uint8_t value) {
  return json::value(std::uint64_t{value});
}
[[nodiscard]] inline json::value json_of(bool value) {
  return json::value(value);
}
/// Whether fields that have their default are written as well.
enum class Defaults : bool { LeaveOut, Write };
template <class T>
void write_fields(const T& from, json::object& into, Defaults defaults = Defaults::LeaveOut);
template <class T>
requires(std::tuple_size_v<std::remove_const_t<decltype(fields_of<T>)>> > 0)
    [[nodiscard]] json::value json_of(const T& from) {
  json::object object;
  write_fields(from, object);
  return object;
}
template <class Value>
[[nodiscard]] json::value json_of(const std::optional<Value>& value) {
  return value ? json_of(*value) : json::value(nullptr);
}
template <class EntityName>
[[nodiscard]] json::value json_of(const spec::Names<EntityName>& names) {
  json::array list;
  for (const EntityName name : names) list.push_back(json_of(name));
  return list;
}
template <class T>
inline const T plain{};  // every field has its default
template <class T>
void write_fields(const T& from, json::object& into, Defaults defaults) {
  for_each_field<T>([&](const auto& field) {
    const bool is_default = from.*field.member == plain<T>.*field.member;
    if (defaults == Defaults::LeaveOut && field.use == Use::Optional && is_default) return;
    into.emplace(field.name, json_of(from.*field.member));
  });
}

}  // namespace quiesce::validate
