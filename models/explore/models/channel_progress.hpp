// What waits in a channel primitive, and what ends it: for the progress checks.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/explore/models/channel_model.hpp"
#include "models/explore/models/mpsc.hpp"
#include "models/explore/models/notify.hpp"
#include "models/explore/progress_model.hpp"

namespace quiesce::explore {

/// The classes and instances of a bounded machine, in the order of their names.
struct WaitNames {
  std::vector<FairnessClass> classes;
  std::vector<ProgressInstance> instances;
  void add_class(std::size_t kind, std::string entity) {
    classes.push_back({kind, std::move(entity)});
  }
};

/// A notified waiter comes to its end if wakes arrive and whoever is awake polls.
class NotifyWaits {
 public:
  enum Kind : std::size_t { Wake, Poll };
  explicit NotifyWaits(const NotifyMachine& machine);
  [[nodiscard]] static std::span<const FairnessKind> kinds();
  [[nodiscard]] static std::span<const ProgressProperty> properties();
  [[nodiscard]] const WaitNames& names() const { return names_; }
  [[nodiscard]] ProgressFacts facts(const channel::Notify& s) const;
  [[nodiscard]] std::uint64_t classes_of(const channel::Notify& before,
                                         const channel::NotifyAction& action) const;

 private:
  WaitNames names_;
};

/// A reserve ends, and so does a value's stay in the queue, if wakes arrive, whoever is awake
/// polls, holders send or release, and the receiver receives.
class MpscWaits {
 public:
  enum Kind : std::size_t { Wake, Poll, Resolve, Receive };
  explicit MpscWaits(const MpscMachine& machine);
  [[nodiscard]] static std::span<const FairnessKind> kinds();
  [[nodiscard]] static std::span<const ProgressProperty> properties();
  [[nodiscard]] const WaitNames& names() const { return names_; }
  [[nodiscard]] ProgressFacts facts(const channel::Mpsc& s) const;
  [[nodiscard]] std::uint64_t classes_of(const channel::Mpsc& before,
                                         const channel::MpscAction& action) const;

 private:
  std::uint32_t senders_;
  std::uint32_t values_;
  WaitNames names_;
};

/// A model of a channel primitive with what its Waits say.
template <class Machine, class Waits>
class ChannelProgress : public ChannelModel<Machine> {
 public:
  using State = typename ChannelModel<Machine>::State;
  using Situation = typename Machine::Situation;
  using Transition = typename ChannelModel<Machine>::Transition;

  explicit ChannelProgress(const Machine& machine)
      : ChannelModel<Machine>(machine), waits_(machine) {}

  [[nodiscard]] std::span<const FairnessKind> fairness_kinds() const { return Waits::kinds(); }
  [[nodiscard]] std::span<const FairnessClass> fairness_classes() const {
    return waits_.names().classes;
  }
  [[nodiscard]] std::span<const ProgressProperty> progress_properties() const {
    return Waits::properties();
  }
  [[nodiscard]] std::span<const ProgressInstance> progress_instances() const {
    return waits_.names().instances;
  }
  [[nodiscard]] std::span<const BoundedWait> bounded_waits() const { return {}; }
  [[nodiscard]] std::size_t allowed_steps(const State&, std::size_t) const { return 0; }
  [[nodiscard]] ProgressProperty measure() const { return {}; }
  [[nodiscard]] ProgressFacts progress_facts(const State& state) const {
    return waits_.facts(this->machine().decode(state));
  }
  template <class Sink>
  void labelled_successors(const State& state, Sink&& sink) const {
    const Situation before = this->machine().decode(state);
    Situation scratch;
    this->for_each_step(
        before, scratch,
        [&](const Transition& t) {
          sink(t.action.index(), this->machine().encode(t.after),
               StepLabel{waits_.classes_of(before, t.action)});
        },
        [](const auto&, const channel::AnyGuard&) {});
  }

 private:
  Waits waits_;
};

using NotifyProgress = ChannelProgress<NotifyMachine, NotifyWaits>;
using MpscProgress = ChannelProgress<MpscMachine, MpscWaits>;

}  // namespace quiesce::explore
