// Why something is cancelled, and why that: the chain of reasons from an entity up towards the
// root.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <string>

#include "spec/state.hpp"

namespace quiesce::spec {

/// One reason, and the region in which it was recorded: for a task, the region that owns it.
struct CauseLink {
  RegionName region;
  CancelReason reason;
  friend bool operator==(const CauseLink&, const CauseLink&) = default;
};

/// The reason of an entity, then the reason that it derives from, and so on upwards.
///   state    empty if the entity has none; `truncated` if more links would follow
struct CauseChain {
  static constexpr std::size_t most_links = 16;  // source  facts §1.3

  boost::container::small_vector<CauseLink, 4> links;
  bool truncated = false;
  friend bool operator==(const CauseChain&, const CauseChain&) = default;
};

/// Why a region or a task is, or was, cancelled; nothing compares it.           rule.cancel.cause
///   state    Empty without a reason. A reason derives from another one if it is ParentCancelled
///   and
///            came from the region above: the next link is that region's reason, unless it has none
///            (CloseRegion with Cancel gives none, FailFast neither) or only a later one. All else
///            ends a chain: what an action asked for, Deadline, PollQuota, and FailFast, whose
///            cause is an outcome
///   keeps    at most `most_links` links, each one region nearer to the root and no later
///   source   facts §1.3, semantics [D3]; decision 7
[[nodiscard]] CauseChain cause_chain(const State& state, RegionName region);
[[nodiscard]] CauseChain cause_chain(const State& state, TaskName task);

/// "ParentCancelled@3 from r1, because ParentCancelled@3 from r0, because User@3 from r0"; ends in
/// ", because …" if truncated; empty if there is no reason.
[[nodiscard]] std::string to_text(const CauseChain& chain);

}  // namespace quiesce::spec
