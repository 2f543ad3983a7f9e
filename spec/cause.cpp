#include "spec/cause.hpp"

namespace quiesce::spec {
namespace {

/// The region from which a reason recorded in `holder` derives; null if it ends its chain.
const Region* derives_from(const State& state, const CauseLink& link) {
  const Region* const holder = find(state, link.region);
  if (holder == nullptr || link.reason.kind != CancelKind::ParentCancelled) return nullptr;
  if (holder->parent.is_none() || link.reason.origin != holder->parent) return nullptr;
  const Region* const above = find(state, holder->parent);
  if (above == nullptr || !above->reason) return nullptr;
  return above->reason->at_ticks <= link.reason.at_ticks ? above : nullptr;
}

CauseChain chain_from(const State& state, const CauseLink& first) {
  CauseChain chain;
  chain.links.push_back(first);
  for (const Region* above = derives_from(state, first); above != nullptr;
       above = derives_from(state, chain.links.back())) {
    if (chain.links.size() == CauseChain::most_links) {
      chain.truncated = true;
      break;
    }
    chain.links.push_back({above->name, *above->reason});
  }
  return chain;
}

}  // namespace

CauseChain cause_chain(const State& state, RegionName region) {
  const Region* const row = find(state, region);
  if (row == nullptr || !row->reason) return {};
  return chain_from(state, {row->name, *row->reason});
}

CauseChain cause_chain(const State& state, TaskName task) {
  const Task* const row = find(state, task);
  if (row == nullptr || !row->reason) return {};
  return chain_from(state, {row->owner, *row->reason});
}

std::string to_text(const CauseChain& chain) {
  std::string text;
  for (const CauseLink& link : chain.links) {
    text += (text.empty() ? "" : ", because ") + to_text(link.reason);
  }
  return chain.truncated ? text + ", because …" : text;
}

}  // namespace quiesce::spec
