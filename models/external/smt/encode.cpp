#include "models/external/smt/encode.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <stdexcept>

namespace quiesce::smt {
namespace {

using Number = std::uint64_t;
using Index = std::uint32_t;

template <class EntityName>
bool contains(const spec::Names<EntityName>& names, Index value) {
  return std::find(names.begin(), names.end(), EntityName{value}) != names.end();
}
template <class EntityName>
std::optional<std::size_t> place(const spec::Names<EntityName>& names, Index value) {
  const auto at = std::find(names.begin(), names.end(), EntityName{value});
  if (at == names.end()) return std::nullopt;
  return static_cast<std::size_t>(at - names.begin());
}

/// A number among those that the finite text has.
///   refuses  one that it has not: throws std::out_of_range
Number within(Number value, Number most) {
  if (value > most) throw std::out_of_range("a sample has the number " + std::to_string(value));
  return value;
}
/// The largest number of the specification is the largest of the text.
Number number_of(Time value, Time largest, std::uint32_t width) {
  const Number top = (Number{1} << width) - 1;
  return value == largest ? top : within(value, top - 1);
}
/// Small times are themselves, and those near `never` stand as near to the largest.
Number time_of(Time value) {
  const Time missing = never - value;
  return missing < 2'048 ? 8'191 - missing : within(value, 6'000);
}
Number quota_of(std::uint32_t value) {
  return number_of(value, unlimited, 11);
}
/// Small numbers are themselves, and those near the largest stand as near to the largest.
Number count_of(std::uint32_t value) {
  const std::uint32_t missing = ~std::uint32_t{0} - value;
  return missing < 8 ? 15 - missing : within(value, 7);
}

Number pattern(const CancelReason& reason) {
  return Number{1} << 19U | static_cast<Number>(reason.kind) << 15U |
         time_of(reason.at_ticks) << 2U | within(reason.origin.value, region_count - 1);
}
Number pattern(const std::optional<CancelReason>& reason) {
  return reason ? pattern(*reason) : 0;
}
Number pattern(const Outcome& outcome) {
  return static_cast<Number>(outcome.kind) << 20U |
         (outcome.kind == OutcomeKind::Cancelled ? pattern(outcome.reason) : 0);
}
Number pattern(const Budget& budget) {
  return time_of(budget.deadline_ticks) << 30U | quota_of(budget.poll_quota) << 19U |
         quota_of(budget.cost_quota) << 8U | budget.priority;
}
Number pattern(const Limits& limits) {
  return count_of(limits.child_regions) << 8U | count_of(limits.body_tasks) << 4U |
         count_of(limits.obligations);
}
Number pattern(const LeakPolicy& policy) {
  return static_cast<Number>(policy.response) << 6U | count_of(policy.escalate_after) << 2U |
         static_cast<Number>(policy.escalate_to);
}

/// Region `below` is `above` or stands below it, by the rows' parents.
bool stands_below(const spec::State& state, Index below, Index above) {
  for (RegionName at{below}; !at.is_none(); at = spec::find(state, at)->parent) {
    if (spec::find(state, at) == nullptr) return false;
    if (at.value == above) return true;
  }
  return false;
}

/// Both on one stack, the first nearer to its top.
bool stands_above(const spec::State& state, Index upper, Index lower) {
  for (const spec::Region& region : state.regions) {
    const auto up = place(region.finalizers, upper);
    const auto down = place(region.finalizers, lower);
    if (up && down) return *up > *down;
  }
  return false;
}

template <class Row, class Value>
Number of_row(const Row* row, Value value) {
  return row == nullptr ? 0 : static_cast<Number>(value(*row));
}

/// The value of a function of the state at its arguments.
using Cell = std::function<Number(const spec::State&, Index, Index)>;
using Cells = std::map<std::string, Cell, std::less<>>;

template <class EntityName, class Value>
Cell cell(Value value) {
  return [value](const spec::State& s, Index a, Index b) {
    return of_row(spec::find(s, EntityName{a}), [&](const auto& row) { return value(row, b); });
  };
}

const Cells& region_cells() {
  using R = spec::Region;
  const auto of = [](auto value) { return cell<RegionName>(value); };
  static const Cells cells{
      {"r.phase", of([](const R& r, Index) { return 1 + static_cast<Number>(r.phase); })},
      {"r.parent", of([](const R& r, Index b) { return r.parent == RegionName{b}; })},
      {"r.fail_fast", of([](const R& r, Index) { return r.policy == Policy::FailFast; })},
      {"r.reason", of([](const R& r, Index) { return pattern(r.reason); })},
      {"r.outcome", of([](const R& r, Index) { return pattern(r.outcome); })},
      {"r.budget", of([](const R& r, Index) { return pattern(r.budget); })},
      {"r.limits", of([](const R& r, Index) { return pattern(r.limits); })},
      {"r.pending", of([](const R& r, Index) { return count_of(r.pending_obligations); })},
      {"r.child", of([](const R& r, Index b) { return contains(r.children, b); })},
      {"r.task", of([](const R& r, Index b) { return contains(r.tasks, b); })},
      {"r.stack", of([](const R& r, Index b) { return contains(r.finalizers, b); })},
      {"r.finalizing", of([](const R& r, Index b) { return r.finalizing == TaskName{b}; })},
      {"r.below",
       [](const spec::State& s, Index a, Index b) -> Number { return stands_below(s, a, b); }},
      {"r.above",
       [](const spec::State& s, Index a, Index b) -> Number { return stands_above(s, a, b); }},
  };
  return cells;
}

const Cells& task_cells() {
  using T = spec::Task;
  const auto of = [](auto value) { return cell<TaskName>(value); };
  static const Cells cells{
      {"t.phase", of([](const T& t, Index) { return 1 + static_cast<Number>(t.phase); })},
      {"t.owner", of([](const T& t, Index) { return t.owner.value; })},
      {"t.finalizer", of([](const T& t, Index) { return t.is_finalizer; })},
      {"t.mask", of([](const T& t, Index) { return t.mask_units; })},
      {"t.reason", of([](const T& t, Index) { return pattern(t.reason); })},
      {"t.outcome", of([](const T& t, Index) { return pattern(t.outcome); })},
      {"t.budget", of([](const T& t, Index) { return pattern(t.budget); })},
      {"t.waiter", of([](const T& t, Index b) { return contains(t.waiters, b); })},
      {"t.ready", of([](const T& t, Index) { return count_of(t.joins_ready); })},
  };
  return cells;
}

const Cells& obligation_cells() {
  using O = spec::Obligation;
  const auto of = [](auto value) { return cell<ObligationName>(value); };
  static const Cells cells{
      {"o.phase", of([](const O& o, Index) { return 1 + static_cast<Number>(o.phase); })},
      {"o.holder", of([](const O& o, Index) { return o.holder.value; })},
      {"o.region", of([](const O& o, Index) { return o.region.value; })},
      {"o.abort", of([](const O& o, Index) { return o.abort_reason; })},
      {"o.kind", of([](const O& o, Index) { return o.kind; })},
      {"o.at", of([](const O& o, Index) { return time_of(o.reserved_at_ticks); })},
  };
  return cells;
}

const Cells& runtime_cells() {
  using S = spec::State;
  static const Cells cells{
      {"now", [](const S& s, Index, Index) { return time_of(s.now); }},
      {"leaks.count", [](const S& s, Index, Index) { return count_of(s.leak_count); }},
      {"leaks.policy", [](const S& s, Index, Index) { return pattern(s.leak_policy); }},
  };
  return cells;
}

const Cell& cell_of(const std::string& function) {
  for (const auto* cells :
       {&region_cells(), &task_cells(), &obligation_cells(), &runtime_cells()}) {
    const auto found = cells->find(function);
    if (found != cells->end()) return found->second;
  }
  throw std::invalid_argument("no field of the specification gives " + function);
}

Number input_cell(const std::string& name, const Sample& sample, Index a) {
  const Inputs& in = sample.inputs;
  const std::map<std::string, Number, std::less<>> scalars{
      {"in.region", in.region},
      {"in.new_region", in.new_region},
      {"in.task", in.task},
      {"in.target", in.target},
      {"in.new_task", in.new_task},
      {"in.obligation", in.obligation},
      {"in.new_obligation", in.new_obligation},
      {"in.fail_fast", in.fail_fast},
      {"in.cancel", in.cancel},
      {"in.returned", static_cast<Number>(in.returned)},
      {"in.abort", static_cast<Number>(in.abort)},
      {"in.units", in.units},
      {"in.budget", pattern(in.budget)},
      {"in.limits", pattern(in.limits)},
      {"in.promise", static_cast<Number>(in.promise)},
      {"in.to", time_of(in.to)},
      {"in.kind", static_cast<Number>(in.kind)},
      {"in.stamp", time_of(in.stamp)},
      {"in.reason", pattern(in.reason)},
      {"in.returned_reason", pattern(in.returned_reason)}};
  const auto found = scalars.find(name);
  if (found != scalars.end()) return found->second;

  const spec::Region* const row = spec::find(sample.before, RegionName{a});
  const auto given = [&](CancelKind kind, RegionName origin) {
    return pattern(CancelReason{kind, in.stamp, origin});
  };
  if (name == "aux.from_above") return in.from_above.at(a);
  if (name == "aux.has_child") return row != nullptr && !row->children.empty();
  if (name == "in.deadline") return given(CancelKind::Deadline, RegionName{a});
  if (name == "in.parent_cancelled") return given(CancelKind::ParentCancelled, RegionName{a});
  if (name == "aux.from_parent") {
    const bool has_parent = row != nullptr && !row->parent.is_none();
    return given(CancelKind::ParentCancelled, has_parent ? row->parent : RegionName{a});
  }
  throw std::invalid_argument("nothing gives the input " + name);
}

/// Bits, lowest first, written as hexadecimal digits, highest first.
class Pattern {
 public:
  explicit Pattern(std::uint32_t width) : bits_(width, false) {}
  void put(std::uint32_t at, Number value, std::uint32_t width) {
    for (std::uint32_t bit = 0; bit < width; ++bit) bits_.at(at + bit) = ((value >> bit) & 1U) != 0;
  }
  [[nodiscard]] std::string text() const {
    std::string digits = "#x";
    for (std::size_t end = bits_.size(); end >= 4; end -= 4) {
      Number digit = 0;
      for (std::size_t bit = 0; bit < 4; ++bit)
        digit = digit * 2 + (bits_[end - 1 - bit] ? 1U : 0U);
      digits += "0123456789abcdef"[digit];
    }
    return digits;
  }

 private:
  std::vector<bool> bits_;
};

template <class CellValue>
std::string pattern_of(const Layout& layout, CellValue value) {
  Pattern pattern(layout.width);
  for (const Field& field : layout.fields) {
    const std::uint32_t second = field.argument_widths.size() > 1 ? field.argument_widths[1] : 0;
    for (std::uint32_t index = 0; index < field.cells(); ++index) {
      const Index a = index >> second;
      const Index b = index & ((1U << second) - 1);
      pattern.put(field.offset + index * field.pitch(), value(field.name, a, b), field.width);
    }
  }
  return pattern.text();
}

}  // namespace

Encoded encode(const Finite& finite, const Sample& sample) {
  const auto state_pattern = [&](const spec::State& state) {
    return pattern_of(finite.state(), [&](const std::string& name, Index a, Index b) {
      return cell_of(name)(state, a, b);
    });
  };
  return {state_pattern(sample.before),
          pattern_of(finite.inputs(), [&](const std::string& name, Index a,
                                          Index) { return input_cell(name, sample, a); }),
          state_pattern(sample.after),
          bits(finite.number_of("|" + sample.answer + "|"), finite.answer_width())};
}

std::string with_bit_turned(std::string pattern, std::size_t bit) {
  char& digit = pattern.at(pattern.size() - 1 - bit / 4);
  const auto value = static_cast<unsigned>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
  digit = "0123456789abcdef"[value ^ (1U << (bit % 4))];
  return pattern;
}

}  // namespace quiesce::smt
