#include "models/external/smt/encode.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <stdexcept>

namespace quiesce::smt {
namespace {

using Number = std::uint32_t;
template <class Kind>
using Column = std::function<Number(Kind, Number, Number)>;

template <class EntityName>
bool contains(const spec::Names<EntityName>& names, Number value) {
  return std::find(names.begin(), names.end(), EntityName{value}) != names.end();
}
template <class EntityName>
std::optional<std::size_t> place(const spec::Names<EntityName>& names, Number value) {
  const auto at = std::find(names.begin(), names.end(), EntityName{value});
  if (at == names.end()) return std::nullopt;
  return static_cast<std::size_t>(at - names.begin());
}

/// The reasons of one sample in increasing order; a reason's rank is its place, from 1.
class Ranks {
 public:
  explicit Ranks(const Sample& sample) {
    add(sample.before);
    add(sample.after);
    reasons_.push_back(sample.inputs.reason);
    for (Number region = 0; region < region_count; ++region) {
      for (const CancelKind kind : {CancelKind::Deadline, CancelKind::ParentCancelled})
        reasons_.push_back({kind, sample.inputs.now, RegionName{region}});
    }
    std::sort(reasons_.begin(), reasons_.end());
    reasons_.erase(std::unique(reasons_.begin(), reasons_.end()), reasons_.end());
  }
  [[nodiscard]] Number operator()(const std::optional<CancelReason>& reason) const {
    if (!reason) return 0;
    const auto at = std::lower_bound(reasons_.begin(), reasons_.end(), *reason);
    return 1 + static_cast<Number>(at - reasons_.begin());
  }

 private:
  void add(const spec::State& state) {
    for (const spec::Region& region : state.regions) {
      if (region.reason) reasons_.push_back(*region.reason);
    }
    for (const spec::Task& task : state.tasks) {
      if (task.reason) reasons_.push_back(*task.reason);
    }
  }
  std::vector<CancelReason> reasons_;
};

/// Region `below` is `above` or stands below it, by the rows' parents.
bool stands_below(const spec::State& state, Number below, Number above) {
  for (RegionName at{below}; !at.is_none(); at = spec::find(state, at)->parent) {
    if (spec::find(state, at) == nullptr) return false;
    if (at.value == above) return true;
  }
  return false;
}

/// Both on one stack, the first nearer to its top.
bool stands_above(const spec::State& state, Number upper, Number lower) {
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

/// The cell of a function that has no row of its own kind: history and pairs.
using Cell = std::function<Number(const spec::State&, const Ranks&, Number, Number)>;

const std::map<std::string, Cell, std::less<>>& region_cells() {
  using S = spec::State;
  const auto row = [](const S& s, Number name) { return spec::find(s, RegionName{name}); };
  const auto cell = [row](auto value) {
    return Cell([row, value](const S& s, const Ranks& ranks, Number a, Number b) {
      return of_row(row(s, a), [&](const spec::Region& r) { return value(r, ranks, b); });
    });
  };
  using R = spec::Region;
  static const std::map<std::string, Cell, std::less<>> cells{
      {"r.phase",
       cell([](const R& r, const Ranks&, Number) { return 1 + static_cast<Number>(r.phase); })},
      {"r.parent",
       cell([](const R& r, const Ranks&, Number b) { return r.parent == RegionName{b}; })},
      {"r.fail_fast",
       cell([](const R& r, const Ranks&, Number) { return r.policy == Policy::FailFast; })},
      {"r.reason", cell([](const R& r, const Ranks& ranks, Number) { return ranks(r.reason); })},
      {"r.outcome", cell([](const R& r, const Ranks&, Number) { return r.outcome.kind; })},
      {"r.child", cell([](const R& r, const Ranks&, Number b) { return contains(r.children, b); })},
      {"r.task", cell([](const R& r, const Ranks&, Number b) { return contains(r.tasks, b); })},
      {"r.stack",
       cell([](const R& r, const Ranks&, Number b) { return contains(r.finalizers, b); })},
      {"r.finalizing",
       cell([](const R& r, const Ranks&, Number b) { return r.finalizing == TaskName{b}; })},
      {"r.below",
       [](const S& s, const Ranks&, Number a, Number b) -> Number {
         return stands_below(s, a, b);
       }},
      {"r.above",
       [](const S& s, const Ranks&, Number a, Number b) -> Number {
         return stands_above(s, a, b);
       }},
  };
  return cells;
}

const std::map<std::string, Cell, std::less<>>& task_cells() {
  const auto cell = [](auto value) {
    return Cell([value](const spec::State& s, const Ranks& ranks, Number a, Number b) {
      return of_row(spec::find(s, TaskName{a}),
                    [&](const spec::Task& t) { return value(t, ranks, b); });
    });
  };
  using T = spec::Task;
  static const std::map<std::string, Cell, std::less<>> cells{
      {"t.phase",
       cell([](const T& t, const Ranks&, Number) { return 1 + static_cast<Number>(t.phase); })},
      {"t.owner", cell([](const T& t, const Ranks&, Number) { return t.owner.value; })},
      {"t.finalizer", cell([](const T& t, const Ranks&, Number) { return t.is_finalizer; })},
      {"t.mask", cell([](const T& t, const Ranks&, Number) { return t.mask_units; })},
      {"t.reason", cell([](const T& t, const Ranks& ranks, Number) { return ranks(t.reason); })},
      {"t.outcome", cell([](const T& t, const Ranks&, Number) { return t.outcome.kind; })},
      {"t.waiter", cell([](const T& t, const Ranks&, Number b) { return contains(t.waiters, b); })},
  };
  return cells;
}

const std::map<std::string, Cell, std::less<>>& obligation_cells() {
  const auto cell = [](auto value) {
    return Cell([value](const spec::State& s, const Ranks&, Number a, Number) {
      return of_row(spec::find(s, ObligationName{a}), value);
    });
  };
  using O = spec::Obligation;
  static const std::map<std::string, Cell, std::less<>> cells{
      {"o.phase", cell([](const O& o) { return 1 + static_cast<Number>(o.phase); })},
      {"o.holder", cell([](const O& o) { return o.holder.value; })},
      {"o.region", cell([](const O& o) { return o.region.value; })},
      {"o.abort", cell([](const O& o) { return o.abort_reason; })},
  };
  return cells;
}

const Cell& cell_of(const std::string& function) {
  for (const auto* cells : {&region_cells(), &task_cells(), &obligation_cells()}) {
    const auto found = cells->find(function);
    if (found != cells->end()) return found->second;
  }
  throw std::invalid_argument("no field of the specification gives " + function);
}

Number input_cell(const std::string& name, const Sample& sample, const Ranks& ranks, Number a) {
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
      {"in.within_limit", in.within_limit},
      {"in.exhausted", in.exhausted},
      {"in.backwards", in.backwards},
      {"in.reason", ranks(in.reason)}};
  const auto found = scalars.find(name);
  if (found != scalars.end()) return found->second;

  const spec::Region* const row = spec::find(sample.before, RegionName{a});
  const auto given = [&](CancelKind kind, RegionName origin) {
    return ranks(CancelReason{kind, in.now, origin});
  };
  if (name == "in.expired") return in.expired.at(a);
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
      const Number a = index >> second;
      const Number b = index & ((1U << second) - 1);
      pattern.put(field.offset + index * field.width, value(field.name, a, b), field.width);
    }
  }
  return pattern.text();
}

}  // namespace

Encoded encode(const Finite& finite, const Sample& sample) {
  const Ranks ranks(sample);
  const auto state_pattern = [&](const spec::State& state) {
    return pattern_of(finite.state(), [&](const std::string& name, Number a, Number b) {
      return cell_of(name)(state, ranks, a, b);
    });
  };
  return {state_pattern(sample.before),
          pattern_of(finite.inputs(), [&](const std::string& name, Number a,
                                          Number) { return input_cell(name, sample, ranks, a); }),
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
