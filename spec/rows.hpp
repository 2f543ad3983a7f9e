// The rows of one kind, and which of them somebody may have written to.
#pragma once

#include <algorithm>
#include <bit>
#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace quiesce::spec {

/// Rows in the order of their Names, as a vector with room for a few. Whoever can change a row got
/// it from a function that is not const, and that marks it: a row without a mark is as it was
/// (decision 8). Marks are no part of the value.
///   state    a bit for each place; places that are 64 apart share one
///   cost     as a vector's; a mark costs a shift
template <class Row, std::size_t near>
class Rows {
 public:
  using value_type = Row;
  using iterator = Row*;
  using const_iterator = const Row*;
  static constexpr std::uint64_t all = ~std::uint64_t{0};

  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  [[nodiscard]] const Row* begin() const { return rows_.data(); }
  [[nodiscard]] const Row* end() const { return rows_.data() + rows_.size(); }
  [[nodiscard]] const Row* data() const { return rows_.data(); }
  [[nodiscard]] const Row& operator[](std::size_t place) const { return rows_.data()[place]; }
  [[nodiscard]] const Row& front() const { return rows_.front(); }
  [[nodiscard]] const Row& back() const { return rows_.back(); }

  [[nodiscard]] Row* begin() { return mark_all(); }
  [[nodiscard]] Row* end() { return mark_all() + rows_.size(); }
  [[nodiscard]] Row* data() { return mark_all(); }
  [[nodiscard]] Row& operator[](std::size_t place) {
    marks_ |= std::uint64_t{1} << (place & 63U);
    return rows_.data()[place];
  }
  [[nodiscard]] Row& front() { return (*this)[0]; }
  [[nodiscard]] Row& back() { return (*this)[rows_.size() - 1]; }
  void push_back(const Row& row) { insert(std::as_const(*this).end(), row); }
  Row& emplace_back() { return *emplace(std::as_const(*this).end()); }
  Row* emplace(const Row* at) { return insert(at, Row{}); }
  Row* insert(const Row* at, const Row& row) {
    const auto place = at - std::as_const(*this).begin();
    rows_.insert(rows_.begin() + place, row);
    return mark_all() + place;
  }
  void erase(const Row* at) { erase(at, at + 1); }
  void erase(const Row* first, const Row* last) {
    const Row* const begin = std::as_const(*this).begin();
    rows_.erase(rows_.begin() + (first - begin), rows_.begin() + (last - begin));
    marks_ = all;
  }
  void resize(std::size_t size) {
    if (size != rows_.size()) marks_ = all;
    rows_.resize(size);
  }
  void clear() { resize(0); }

  /// Puts a row where its Name belongs.
  void add(const Row& row) {
    const Row* const at = std::find_if(std::as_const(*this).begin(), std::as_const(*this).end(),
                                       [&row](const Row& other) { return other.name > row.name; });
    insert(at, row);
  }

  /// A bit for each place that was handed out for writing since `forget_marks`.
  [[nodiscard]] std::uint64_t marks() const { return marks_; }
  void forget_marks() { marks_ = 0; }
  /// Calls `visit(place)` for every place that may have been written to since then.
  template <class Visit>
  void for_each_marked(Visit visit) const {
    for (std::uint64_t marks = marks_; marks != 0; marks &= marks - 1) {
      const auto first = static_cast<std::size_t>(std::countr_zero(marks));
      for (std::size_t place = first; place < size(); place += 64) visit(place);
    }
  }

  friend bool operator==(const Rows& a, const Rows& b) { return a.rows_ == b.rows_; }

 private:
  Row* mark_all() {
    marks_ = all;
    return rows_.data();
  }

  boost::container::small_vector<Row, near> rows_;
  std::uint64_t marks_ = all;
};

}  // namespace quiesce::spec
