#include "models/explore/scheduling/parking_machine.hpp"

#include "impl/sync/require.hpp"

namespace quiesce::explore {
namespace {

namespace parking = spec::scheduling::parking;
using parking::At;
using parking::Brings;
using parking::Publishing;

constexpr unsigned count_bits = 3;  // up to four entries, and one too many if a rule is wrong

}  // namespace

ParkingMachine::ParkingMachine(const ParkingBounds& bounds) : bounds_(bounds) {
  const auto workers = static_cast<std::uint8_t>(bounds.workers);
  const auto publishers = static_cast<std::uint8_t>(bounds.publishers);
  for (std::uint8_t w = 0; w < workers; ++w) {
    alphabet_.emplace_back(parking::Look{w});
    alphabet_.emplace_back(parking::Dequeue{w, false});
    alphabet_.emplace_back(parking::Dequeue{w, true});
    alphabet_.emplace_back(parking::HandOn{w});
    alphabet_.emplace_back(parking::FinishWork{w});
    alphabet_.emplace_back(parking::Announce{w});
    alphabet_.emplace_back(parking::Recheck{w});
    alphabet_.emplace_back(parking::Sleep{w});
    alphabet_.emplace_back(parking::WakeUp{w});
    alphabet_.emplace_back(parking::TimeOut{w});
  }
  for (std::uint8_t p = 0; p < publishers; ++p) {
    for (const Brings brings : {Brings::Global, Brings::Timer, Brings::Shutdown})
      alphabet_.emplace_back(parking::Bring{p, brings, 0});
    for (std::uint8_t w = 0; w < workers; ++w)
      alphabet_.emplace_back(parking::Bring{p, Brings::Local, w});
    alphabet_.emplace_back(parking::Enqueue{p});
    alphabet_.emplace_back(parking::Publish{p});
    alphabet_.emplace_back(parking::Unpark{p});
  }
  alphabet_.emplace_back(parking::Tick{});
  for (std::size_t i = 0; i < parking::action_count; ++i)
    actions_.push_back(parking::action_verb(i));
  for (const auto& row : parking::invariants()) {
    always_.push_back({row.id, row.sentence});
    sometimes_.push_back({row.id, row.interesting_case, beyond(row.id)});
  }
  for (const auto& row : parking::cases())
    sometimes_.push_back({row.id, row.sentence, beyond(row.id)});
}

std::string_view ParkingMachine::beyond(std::string_view id) const {
  if (!bounds_.shutdown && id == "inv.sched.shutdown_reaches") return "the end never comes";
  if (!bounds_.timer && id == "park.timed") return "no timer is brought";
  if (bounds_.failures == 0 && (id == "park.credit_back" || id == "inv.sched.credits"))
    return "no dequeue fails";
  if (bounds_.workers == 1 && (id == "park.permit_kept" || id == "park.credit_back" ||
                               id == "park.hand_on" || id == "inv.sched.park_reaches_sleeper"))
    return "one worker";
  if (bounds_.entries < 2 && id == "inv.sched.queue_count") return "one entry";
  if (bounds_.entries < 2 && !bounds_.timer &&
      (id == "park.hand_on" || id == "inv.sched.park_reaches_sleeper"))
    return "one entry";
  return {};
}

parking::State ParkingMachine::initial() const {
  parking::State s;
  s.worker_count = static_cast<std::uint8_t>(bounds_.workers);
  s.publisher_count = static_cast<std::uint8_t>(bounds_.publishers);
  s.to_publish = static_cast<std::uint8_t>(bounds_.entries);
  s.may_fail = static_cast<std::uint8_t>(bounds_.failures);
  s.timer_allowed = bounds_.timer;
  s.shutdown_allowed = bounds_.shutdown;
  return s;
}

PackedState<2> ParkingMachine::encode(const Value& s) const {
  BitWriter<words> out;
  // A count that has run below zero is kept as the largest: one is enough to be seen.
  const auto put_count = [&](std::uint8_t count) { out.put(count > 7 ? 7U : count, count_bits); };
  put_count(s.to_publish);
  put_count(s.may_fail);
  put_count(s.hint);
  put_count(s.length);
  put_count(s.published);
  out.put(s.cursor, 2);
  for (const bool flag :
       {s.timer_allowed, s.shutdown_allowed, s.timer_pending, s.timer_due, s.shutdown})
    out.put(flag, 1);
  for (std::uint8_t w = 0; w < s.worker_count; ++w) {
    const parking::Worker& worker = s.workers[w];
    out.put(static_cast<std::uint64_t>(worker.at), 4);
    if (worker.at == At::HandingOn) out.put(worker.scanned, 2);
    for (const bool flag : {worker.permit, worker.waiting, worker.has_timeout}) out.put(flag, 1);
    put_count(worker.local);
  }
  for (std::uint8_t p = 0; p < s.publisher_count; ++p) {
    const parking::Publisher& publisher = s.publishers[p];
    out.put(static_cast<std::uint64_t>(publisher.stage), 2);
    if (publisher.stage == Publishing::Nothing) continue;
    out.put(static_cast<std::uint64_t>(publisher.brings), 2);
    out.put(publisher.next, 2);
    out.put(publisher.scanned, 3);
  }
  require(out.fits(), "a state of the parking model fits into its words");
  return out.packed();
}

parking::State ParkingMachine::decode(const PackedState<words>& packed) const {
  BitReader<words> in(packed);
  Value s = initial();
  // The largest count stands for one below zero, so that the next step keeps it there.
  const auto take_count = [&] {
    const auto count = in.take(count_bits);
    return count == 7 ? std::uint8_t{0xFF} : count;
  };
  s.to_publish = take_count();
  s.may_fail = take_count();
  s.hint = take_count();
  s.length = take_count();
  s.published = take_count();
  s.cursor = in.take(2);
  for (bool* const flag :
       {&s.timer_allowed, &s.shutdown_allowed, &s.timer_pending, &s.timer_due, &s.shutdown})
    *flag = in.take(1) != 0;
  for (std::uint8_t w = 0; w < s.worker_count; ++w) {
    parking::Worker& worker = s.workers[w];
    worker.at = static_cast<At>(in.take(4));
    if (worker.at == At::HandingOn) worker.scanned = in.take(2);
    for (bool* const flag : {&worker.permit, &worker.waiting, &worker.has_timeout})
      *flag = in.take(1) != 0;
    worker.local = take_count();
  }
  for (std::uint8_t p = 0; p < s.publisher_count; ++p) {
    parking::Publisher& publisher = s.publishers[p];
    publisher.stage = static_cast<Publishing>(in.take(2));
    if (publisher.stage == Publishing::Nothing) continue;
    publisher.brings = static_cast<Brings>(in.take(2));
    publisher.next = in.take(2);
    publisher.scanned = in.take(3);
  }
  return s;
}

Verdict ParkingMachine::verdict(const Value& value) const {
  Verdict verdict;
  std::size_t number = 0;
  for (const auto& row : parking::invariants()) {
    verdict.broken.add_if(row.violated(value).has_value(), number);
    verdict.shown.add_if(row.interesting(value), number);
    ++number;
  }
  for (const auto& row : parking::cases()) {
    verdict.shown.add_if(row.shown(value), number++);
  }
  return verdict;
}

}  // namespace quiesce::explore
