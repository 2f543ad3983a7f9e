// Lists threaded through slots, and a pool of nodes for those that have no record of their own.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <cstdint>

#include "impl/shards/arena.hpp"

namespace quiesce::impl {

/// The neighbours of a record in a list of slots.
struct Links {
  std::uint32_t previous = no_slot;
  std::uint32_t next = no_slot;
};

/// Puts `slot` in front of the list that starts at `first`.                              cost O(1)
template <class Store, class Record>
void link(Store& store, std::uint32_t& first, std::uint32_t slot, Links Record::*links) {
  (store.at(slot).*links) = Links{.previous = no_slot, .next = first};
  if (first != no_slot) (store.at(first).*links).previous = slot;
  first = slot;
}

/// Takes `slot` out of the list that starts at `first`.                                  cost O(1)
template <class Store, class Record>
void unlink(Store& store, std::uint32_t& first, std::uint32_t slot, Links Record::*links) {
  const Links around = store.at(slot).*links;
  if (around.previous == no_slot) {
    first = around.next;
  } else {
    (store.at(around.previous).*links).next = around.next;
  }
  if (around.next != no_slot) (store.at(around.next).*links).previous = around.previous;
  (store.at(slot).*links) = Links{};
}

/// Nodes without an identity: whoever takes one keeps its slot and gives it back.
///   cost     O(1); the first `inline_nodes` live inside the pool, without the heap
template <class Node, std::size_t inline_nodes>
class Pool {
 public:
  std::uint32_t take(const Node& node) {
    if (free_ == no_slot) {
      nodes_.push_back(Entry{.node = node});
      return static_cast<std::uint32_t>(nodes_.size() - 1);
    }
    const std::uint32_t slot = free_;
    free_ = nodes_[slot].next_free;
    nodes_[slot].node = node;
    return slot;
  }
  void give_back(std::uint32_t slot) {
    nodes_[slot].next_free = free_;
    free_ = slot;
  }
  /// How many nodes were taken and not given back.                                   cost O(nodes)
  [[nodiscard]] std::uint32_t taken() const {
    auto taken = static_cast<std::uint32_t>(nodes_.size());
    for (std::uint32_t slot = free_; slot != no_slot && taken > 0; --taken) {
      slot = nodes_[slot].next_free;
    }
    return taken;
  }
  [[nodiscard]] Node& at(std::uint32_t slot) { return nodes_[slot].node; }
  [[nodiscard]] const Node& at(std::uint32_t slot) const { return nodes_[slot].node; }

 private:
  struct Entry {
    Node node{};
    std::uint32_t next_free = no_slot;
  };
  boost::container::small_vector<Entry, inline_nodes> nodes_;
  std::uint32_t free_ = no_slot;
};

}  // namespace quiesce::impl
