// The primitives once more, as plainly as they can be said: lists that are searched from the front,
// no slots, no tickets, no wakes. What they answer is what the specifications must answer.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "spec/channel/mpsc.hpp"
#include "spec/channel/notify.hpp"

namespace quiesce::channel_tests {

/// Answers as text; nothing for what it does not know of (wakes).
class NotifyReference {
 public:
  [[nodiscard]] std::optional<std::string> answer(const channel::NotifyAction& action);

 private:
  struct Future {
    std::uint32_t born = 0;
    bool looking = false;
    bool waiting = false;
    bool ended = false;
    std::optional<std::uint32_t> chosen_in;  // the generation in which a notify_one chose it
  };
  [[nodiscard]] std::string give_one();
  [[nodiscard]] std::optional<std::string> at_once(Future& future);
  [[nodiscard]] std::string poll(std::uint32_t name);
  [[nodiscard]] std::string drop(std::uint32_t name);

  std::uint32_t generation_ = 0;
  std::uint32_t permits_ = 0;
  std::map<std::uint32_t, Future> futures_;
  std::deque<std::uint32_t> line_;  // who waits and was not chosen, oldest first
};

/// A channel in a runtime of one region.
class MpscReference {
 public:
  MpscReference(std::size_t capacity, std::uint32_t tasks, std::size_t most_obligations);
  [[nodiscard]] std::optional<std::string> answer(const channel::MpscAction& action);

 private:
  struct Promise {
    std::uint32_t holder = 0;
    bool open = true;
  };
  [[nodiscard]] std::size_t promised() const;
  [[nodiscard]] bool has_room() const { return queue_.size() + promised() < capacity_; }
  [[nodiscard]] bool is_closed() const { return closing_ && live_.empty(); }
  [[nodiscard]] std::string no_room_for(std::uint32_t task) const;
  [[nodiscard]] std::string promise(std::uint32_t obligation, std::uint32_t task);
  [[nodiscard]] std::string resolve(std::uint32_t obligation, std::uint32_t actor);
  [[nodiscard]] std::string poll_reserve(std::uint32_t task, std::uint32_t obligation);
  [[nodiscard]] std::string receive(bool second_half);
  [[nodiscard]] std::string run(const Action& action);
  void leave_line(std::uint32_t task);

  std::size_t capacity_;
  std::size_t most_obligations_;
  std::set<std::uint32_t> live_;       // tasks
  std::set<std::uint32_t> cancelled_;  // tasks
  std::set<std::uint32_t> senders_;
  std::deque<std::uint32_t> line_;
  std::deque<std::uint32_t> queue_;
  std::size_t drained_ = 0;
  std::set<std::uint32_t> values_;
  std::map<std::uint32_t, Promise> promises_;
  std::uint32_t tasks_;
  bool closing_ = false;
  bool receiver_lives_ = true;
  bool looking_ = false;
};

}  // namespace quiesce::channel_tests
