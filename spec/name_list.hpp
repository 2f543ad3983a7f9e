// A list of Names, as the rows of the specification hold them.
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <utility>

#include "spec/vocabulary/names.hpp"

namespace quiesce::spec {

/// Names in increasing order unless a comment says otherwise; the first four need no allocation.
///   state    24 bytes, none of which points into the list itself: a row of short lists is copied
///            by its bytes, and two rows of equal bytes are equal (decision 8)
///   cost     as a vector's
template <class EntityName>
class Names {
 public:
  using value_type = EntityName;
  using iterator = EntityName*;
  using const_iterator = const EntityName*;

  Names() = default;
  Names(std::initializer_list<EntityName> names) : Names(names.begin(), names.end()) {}
  template <class Iterator>
  Names(Iterator first, Iterator last) {
    for (; first != last; ++first) push_back(*first);
  }
  Names(const Names& other) {
    if (other.is_near()) [[likely]] {
      bytes_ = other.bytes_;
    } else {
      append(other);
    }
  }
  Names(Names&& other) noexcept : bytes_(std::exchange(other.bytes_, Bytes{})) {}
  Names& operator=(const Names& other) {
    if (is_near() && other.is_near()) [[likely]] {
      bytes_ = other.bytes_;
    } else {
      assign(other);
    }
    return *this;
  }
  Names& operator=(Names&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~Names() {
    if (!is_near()) delete[] bytes_.of.far;
  }

  [[nodiscard]] std::size_t size() const { return bytes_.size; }
  [[nodiscard]] bool empty() const { return bytes_.size == 0; }
  [[nodiscard]] iterator begin() { return is_near() ? bytes_.of.near : bytes_.of.far; }
  [[nodiscard]] iterator end() { return begin() + size(); }
  [[nodiscard]] const_iterator begin() const { return is_near() ? bytes_.of.near : bytes_.of.far; }
  [[nodiscard]] const_iterator end() const { return begin() + size(); }
  [[nodiscard]] EntityName front() const { return *begin(); }
  [[nodiscard]] EntityName back() const { return end()[-1]; }
  [[nodiscard]] EntityName operator[](std::size_t place) const { return begin()[place]; }

  void clear() { bytes_.size = 0; }
  void push_back(EntityName name) { insert(end(), name); }
  void pop_back() { --bytes_.size; }
  /// Puts a name before `place`.
  void insert(const_iterator place, EntityName name) {
    const auto at = static_cast<std::size_t>(place - begin());
    if (size() == bytes_.capacity) grow();
    std::copy_backward(begin() + at, end(), end() + 1);
    begin()[at] = name;
    ++bytes_.size;
  }
  void erase(const_iterator place) {
    std::copy(place + 1, const_iterator(end()), begin() + (place - begin()));
    --bytes_.size;
  }

  friend bool operator==(const Names& a, const Names& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }

 private:
  static constexpr std::uint32_t near_capacity = 4;
  struct Bytes {
    std::uint32_t size = 0;
    std::uint32_t capacity = near_capacity;
    union {
      EntityName near[near_capacity] = {};
      EntityName* far;  ///< owned; in use once there were more than `near_capacity`
    } of;
  };

  [[nodiscard]] bool is_near() const { return bytes_.capacity == near_capacity; }
  // Long lists are rare: what they need stays out of the way of the code that copies short ones.
  [[gnu::noinline, gnu::cold]] void append(const Names& other) {
    for (const EntityName name : other) push_back(name);
  }
  [[gnu::noinline, gnu::cold]] void assign(const Names& other) {
    if (this == &other) return;
    clear();
    append(other);
  }
  [[gnu::noinline, gnu::cold]] void grow() {
    const std::uint32_t capacity = 2 * bytes_.capacity;
    auto* const names = new EntityName[capacity];
    std::copy(begin(), end(), names);
    if (!is_near()) delete[] bytes_.of.far;
    bytes_.of.far = names;
    bytes_.capacity = capacity;
  }

  Bytes bytes_;
};

}  // namespace quiesce::spec
