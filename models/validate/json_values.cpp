#include "models/validate/json_values.hpp"

#include <array>
#include <charconv>

namespace quiesce::validate {
namespace {

/// The only member of {"Word": value}; null if the value has another shape.
const json::key_value_pair* only_member(const json::value& value) {
  if (!value.is_object() || value.get_object().size() != 1) return nullptr;
  return &*value.get_object().begin();
}

struct PlainAnswer {
  std::string_view word;
  Answer answer;
};
const std::array<PlainAnswer, 6>& plain_answers() {
  static const std::array<PlainAnswer, 6> all{{{"Done", done()},
                                               {"Continue", done_with(Continue{})},
                                               {"CancelPending", done_with(CancelPending{})},
                                               {"PollGranted", done_with(PollGranted{})},
                                               {"PollExhausted", done_with(PollExhausted{})},
                                               {"Registered", done_with(Registered{})}}};
  return all;
}

constexpr std::string_view answer_choices =
    "Done, Continue, CancelPending, PollGranted, PollExhausted, Registered, or an object with "
    "Changed, Acknowledged, Ready, Completed, LeakPanic or Refused";

json::value only(std::string_view word, json::value value) {
  json::object object;
  object.emplace(word, std::move(value));
  return object;
}

}  // namespace

std::uint64_t ValueReader::number(std::string_view what, const json::value& value,
                                  std::uint64_t largest) {
  std::uint64_t number = largest;
  bool whole = true;
  if (value.is_uint64()) {
    number = value.get_uint64();
  } else if (value.is_int64() && value.get_int64() >= 0) {
    number = static_cast<std::uint64_t>(value.get_int64());
  } else {
    whole = false;
  }
  if (!whole || number > largest)
    complain(std::string(what) + " is " + json::serialize(value) +
             "; it is a whole number from 0 to " + std::to_string(largest));
  return number;
}

std::uint32_t ValueReader::name_number(std::string_view what, const json::value& value, char letter,
                                       std::string_view noun) {
  constexpr std::uint32_t none = RegionName::none_value;
  const std::string_view text = value.is_string() ? std::string_view(value.get_string()) : "";
  if (text.size() >= 2 && text.front() == letter) {
    if (text.substr(1) == "?") return none;
    std::uint32_t number = none;
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data() + 1, end, number);
    const bool is_padded = text[1] == '0' && text.size() > 2;  // "t01" is no second way to say "t1"
    if (parsed.ec == std::errc{} && parsed.ptr == end && number != none && !is_padded)
      return number;
  }
  complain(std::string(what) + " is " + json::serialize(value) + "; a " + std::string(noun) +
           " is written \"" + letter + "0\", \"" + letter + "1\", …, or \"" + letter +
           "?\" if no " + std::string(noun) + " had that name; the last is \"" + letter +
           std::to_string(none - 1) + "\"");
  return none;
}

void ValueReader::read(std::string_view what, const json::value& value, Outcome& into) {
  if (const auto* const member = only_member(value); member && member->key() == "Cancelled") {
    CancelReason reason;
    read("Cancelled", member->value(), reason);
    into = Outcome::cancelled(reason);
    return;
  }
  const std::string_view word = value.is_string() ? std::string_view(value.get_string()) : "";
  for (const OutcomeKind kind : {OutcomeKind::Ok, OutcomeKind::Err, OutcomeKind::Panicked}) {
    if (to_text(kind) != word) continue;
    into = Outcome{kind, {}};
    return;
  }
  complain(std::string(what) + " is " + json::serialize(value) +
           R"(; it is "Ok", "Err", "Panicked" or {"Cancelled": {"kind", "at", "origin"}})");
}

void ValueReader::read(std::string_view what, const json::value& value, Answer& into) {
  if (value.is_string()) {
    for (const PlainAnswer& plain : plain_answers()) {
      if (plain.word != std::string_view(value.get_string())) continue;
      into = plain.answer;
      return;
    }
  }
  const auto read_as = [&](auto payload, const json::value& from, std::string_view word,
                           auto make) {
    read(word, from, payload);
    into = make(payload);
  };
  if (const auto* const member = only_member(value)) {
    const std::string_view word = member->key();
    const json::value& from = member->value();
    if (word == "Changed")
      return read_as(false, from, word, [](bool changed) { return done_with(Changed{changed}); });
    if (word == "Acknowledged")
      return read_as(CancelReason{}, from, word,
                     [](const CancelReason& why) { return done_with(Acknowledged{why}); });
    if (word == "Ready")
      return read_as(Outcome{}, from, word,
                     [](const Outcome& outcome) { return done_with(Ready{outcome}); });
    if (word == "Completed")
      return read_as(Outcome{}, from, word,
                     [](const Outcome& outcome) { return done_with(Completed{outcome}); });
    if (word == "LeakPanic")
      return read_as(Outcome{}, from, word,
                     [](const Outcome& outcome) { return done_with(LeakPanic{outcome}); });
    if (word == "Refused")
      return read_as(Guard{}, from, word, [](Guard guard) { return refused(guard); });
  }
  complain(std::string(what) + " is " + json::serialize(value) + "; it is one of " +
           std::string(answer_choices));
}

json::value json_of(const Outcome& outcome) {
  if (outcome.kind == OutcomeKind::Cancelled) return only("Cancelled", json_of(outcome.reason));
  return json_of(outcome.kind);
}

json::value json_of(const Answer& answer) {
  if (const auto* const refusal = std::get_if<Refused>(&answer))
    return only("Refused", json_of(refusal->guard));
  for (const PlainAnswer& plain : plain_answers()) {
    if (plain.answer == answer) return json::value(plain.word);
  }
  return std::visit(
      overloaded{
          [](const Changed& result) { return only("Changed", json_of(result.changed)); },
          [](const Acknowledged& result) { return only("Acknowledged", json_of(result.reason)); },
          [](const Ready& result) { return only("Ready", json_of(result.outcome)); },
          [](const Completed& result) { return only("Completed", json_of(result.outcome)); },
          [](const LeakPanic& result) { return only("LeakPanic", json_of(result.outcome)); },
          [](const auto&) { return json::value(nullptr); }},
      std::get<Done>(answer).result);
}

}  // namespace quiesce::validate
