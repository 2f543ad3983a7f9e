#include "models/interleave/sentences.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace quiesce::interleave {

std::string_view word(OperationKind kind) {
  switch (kind) {
    case OperationKind::Lock: return "lock";
    case OperationKind::TryLock: return "try_lock";
    case OperationKind::Unlock: return "unlock";
    case OperationKind::Wait: return "wait";
    case OperationKind::NotifyOne: return "notify_one";
    case OperationKind::NotifyAll: return "notify_all";
    case OperationKind::Load: return "load";
    case OperationKind::Store: return "store";
    case OperationKind::ReadModifyWrite: return "modify";
    case OperationKind::Read: return "read";
    case OperationKind::Write: return "write";
    case OperationKind::Spawn: return "start";
    case OperationKind::Join: return "join";
    case OperationKind::Yield: return "yield";
    case OperationKind::Exit: return "end";
  }
  return "";
}

std::string_view word(SwitchReason reason) {
  switch (reason) {
    case SwitchReason::None: return "";
    case SwitchReason::Started: return "started";
    case SwitchReason::Preempted: return "preempted";
    case SwitchReason::Blocked: return "blocked";
    case SwitchReason::Yielded: return "yielded";
    case SwitchReason::Finished: return "finished";
  }
  return "";
}

std::string_view word(Ending ending) {
  switch (ending) {
    case Ending::Completed: return "completed";
    case Ending::Deadlock: return "deadlock";
    case Ending::RankInversion: return "lock order inversion";
    case Ending::LockHeldAtExit: return "lock held at exit";
    case Ending::UnprotectedAccess: return "unprotected access";
    case Ending::Misuse: return "misuse";
    case Ending::UncaughtException: return "uncaught exception";
    case Ending::CheckFailed: return "check failed";
    case Ending::Crashed: return "crash";
    case Ending::StepLimit: return "step limit";
    case Ending::Abandoned: return "abandoned";
  }
  return "";
}

std::string label(const ObjectHead& object) {
  using namespace std::string_view_literals;
  const std::string_view name = object.name;
  const bool unnamed =
      name == "mutex"sv || name == "data"sv || name == "atomic"sv || name == "condition"sv;
  return unnamed ? std::string(name) + "#" + std::to_string(object.ordinal) : std::string(name);
}

namespace {

using Records = std::span<const ThreadRecord>;

/// For which thread does a thread wait? no_thread if for a notification, which anybody may give.
unsigned waits_for(const ThreadRecord& record) {
  if (record.pending.kind == OperationKind::Lock) {
    return static_cast<const MutexState*>(record.pending.object)->owner;
  }
  if (record.pending.kind == OperationKind::Join) return record.joins;
  return no_thread;
}

/// The threads of a cycle in the order of waiting, or nothing.
std::vector<unsigned> find_cycle(Records threads, Threads unfinished) {
  for (unsigned first = 0; first < threads.size(); ++first) {
    if ((unfinished & bit_of(first)) == 0) continue;
    std::vector<unsigned> path;
    unsigned at = first;
    while (at != no_thread && path.size() <= threads.size()) {
      path.push_back(at);
      at = waits_for(threads[at]);
      if (at == first) return path;
    }
  }
  return {};
}

/// Names of the cycle's locks; with their numbers where two share a name.
std::vector<std::string> lock_names(Records threads, const std::vector<unsigned>& cycle) {
  std::vector<std::string> names;
  bool twice = false;
  for (const unsigned thread : cycle) {
    const ObjectHead* object = threads[thread].pending.object;
    names.push_back(object == nullptr ? std::string() : label(*object));
    twice |= object != nullptr && std::count(names.begin(), names.end(), names.back()) > 1;
  }
  for (std::size_t i = 0; twice && i < cycle.size(); ++i) {
    const ObjectHead* object = threads[cycle[i]].pending.object;
    if (object != nullptr)
      names[i] = std::string(object->name) + "#" + std::to_string(object->ordinal);
  }
  return names;
}

std::string cycle_sentence(Records threads, const std::vector<unsigned>& cycle) {
  const std::vector<std::string> names = lock_names(threads, cycle);
  std::string sentence;
  for (std::size_t i = 0; i < cycle.size(); ++i) {
    const std::size_t before = (i + cycle.size() - 1) % cycle.size();
    const unsigned next = cycle[(i + 1) % cycle.size()];
    if (!sentence.empty()) sentence += "; ";
    sentence += "thread " + std::to_string(cycle[i]);
    if (!names[before].empty()) sentence += " holds " + names[before] + " and";
    sentence += names[i].empty() ? " waits for the end of thread " + std::to_string(next)
                                 : " waits for " + names[i] + ", which thread " +
                                       std::to_string(next) + " holds";
  }
  return sentence;
}

std::string waiting_text(unsigned thread, const ThreadRecord& record) {
  const std::string who = "thread " + std::to_string(thread);
  switch (record.pending.kind) {
    case OperationKind::Lock: return who + " waits for " + label(*record.pending.object);
    case OperationKind::Wait: return who + " waits on " + label(*record.pending.object);
    case OperationKind::Join:
      return who + " waits for the end of thread " + std::to_string(record.joins);
    default: return who + " cannot go on";
  }
}

}  // namespace

std::string deadlock_sentence(std::span<const ThreadRecord> threads, Threads unfinished) {
  const std::vector<unsigned> cycle = find_cycle(threads, unfinished);
  if (!cycle.empty()) return cycle_sentence(threads, cycle);
  std::string sentence;
  bool on_condition = false;
  for (unsigned thread = 0; thread < threads.size(); ++thread) {
    if ((unfinished & bit_of(thread)) == 0) continue;
    if (!sentence.empty()) sentence += "; ";
    sentence += waiting_text(thread, threads[thread]);
    on_condition |= threads[thread].pending.kind == OperationKind::Wait;
  }
  if (on_condition) sentence += "; nobody is left to notify: a wake-up was lost or never sent";
  return sentence;
}

std::string step_limit_sentence(std::uint32_t limit, unsigned thread, const Pending& pending) {
  std::string sentence = "the execution did not end within " + std::to_string(limit) +
                         " operations; thread " + std::to_string(thread) + " was about to " +
                         std::string(word(pending.kind));
  if (pending.object != nullptr) sentence += " " + label(*pending.object);
  return sentence + " (a loop that waits for another thread must yield)";
}

}  // namespace quiesce::interleave
