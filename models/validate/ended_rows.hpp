// EndedRows: what a long trace has finished with, kept beside the state in a few bytes a row.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "models/validate/event.hpp"
#include "models/validate/name_set.hpp"
#include "spec/state.hpp"

namespace quiesce::validate {

/// Which entities somebody names.
struct NamedRows {
  boost::container::small_vector<RegionName, 4> regions;
  boost::container::small_vector<TaskName, 4> tasks;
  boost::container::small_vector<ObligationName, 4> obligations;
};
/// The entities that an action needs; what it creates is not among them.
[[nodiscard]] NamedRows named_by(const Action& action);

[[nodiscard]] inline bool has_ended(const spec::Region& row) {
  return !spec::is_live(row);
}
[[nodiscard]] inline bool has_ended(const spec::Task& row) {
  return !spec::is_live(row);
}
[[nodiscard]] inline bool has_ended(const spec::Obligation& row) {
  return !spec::is_reserved(row);
}

/// Some rows of a state.
struct SomeRows {
  std::vector<spec::Region> regions;
  std::vector<spec::Task> tasks;
  std::vector<spec::Obligation> obligations;
  [[nodiscard]] bool empty() const {
    return regions.empty() && tasks.empty() && obligations.empty();
  }
};
/// Puts rows back into a state that does not have them, in the order of their Names.
void insert_rows(spec::State& state, const SomeRows& rows);

/// Rows of Closed regions, Completed tasks and resolved obligations that were taken out of a state.
///   keeps    A step of the specification reads the rows that its action names, the regions and
///            holders that these lean on, and rows that have not ended; what has ended never
///            changes. So a step on the state without the others answers the same and does the
///            same, as long as `bring_back` is asked before it.
///   cost     about 50 bytes a row; a look-up a name
class EndedRows {
 public:
  /// Takes the ended rows out of a state.
  void put_away(spec::State& state);
  /// Takes the rows that have ended out of all states, where all have the same.
  void put_away(std::span<spec::State* const> states);
  /// Takes back what is here of the named rows, and what these lean on.
  [[nodiscard]] SomeRows bring_back(const NamedRows& named);
  /// Nobody will name these again: they are forgotten now, or as soon as they have ended.
  void forget(const Released& released);

  /// The state with all rows.                                           cost  sorts every row
  [[nodiscard]] spec::State whole(const spec::State& state) const;

  [[nodiscard]] std::optional<spec::Region> find(RegionName name) const;
  [[nodiscard]] std::optional<spec::Task> find(TaskName name) const;
  [[nodiscard]] std::optional<spec::Obligation> find(ObligationName name) const;
  [[nodiscard]] RowCounts counts() const;

 private:
  /// A row of a region or a task whose ended form has nothing but these.
  struct Packed {
    std::uint64_t reason_at = 0;
    std::uint64_t outcome_at = 0;
    std::uint32_t link = 0;  // parent or owner
    std::uint32_t reason_origin = 0;
    std::uint32_t outcome_origin = 0;
    CancelKind reason_kind{};
    CancelKind outcome_reason_kind{};
    OutcomeKind outcome_kind{};
    bool has_reason = false;
    bool is_finalizer = false;
  };
  /// Rows of one kind: packed, and whole where packing would lose something.
  template <class Row>
  struct Table {
    boost::unordered_flat_map<std::uint32_t, Packed> packed;
    boost::unordered_flat_map<std::uint32_t, std::unique_ptr<Row>> odd;
    [[nodiscard]] std::size_t size() const { return packed.size() + odd.size(); }
  };

  void keep_row(const spec::Region& row);
  void keep_row(const spec::Task& row);
  void keep_row(const spec::Obligation& row);
  static Packed pack(const spec::Region& row);
  static Packed pack(const spec::Task& row);
  static void unpack(std::uint32_t name, const Packed& packed, spec::Region& row);
  static void unpack(std::uint32_t name, const Packed& packed, spec::Task& row);
  template <class Row>
  static void keep(Table<Row>& table, const Row& row);
  template <class Row>
  static std::optional<Row> look_up(const Table<Row>& table, std::uint32_t name);
  template <class Row>
  static std::optional<Row> take(Table<Row>& table, std::uint32_t name);
  template <class Row>
  static void append(const Table<Row>& table, std::vector<Row>& rows);
  void take_region(RegionName name, SomeRows& rows);
  void take_task(TaskName name, SomeRows& rows);
  void take_obligation(ObligationName name, SomeRows& rows);

  Table<spec::Region> regions_;
  Table<spec::Task> tasks_;
  boost::unordered_flat_map<std::uint32_t, spec::Obligation> obligations_;
  NameSet forgotten_regions_;
  NameSet forgotten_tasks_;
  NameSet forgotten_obligations_;
};

}  // namespace quiesce::validate
