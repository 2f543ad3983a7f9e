// The rules of the mpsc, one guard and one effect at a time, and the obligations beside them.
#include "tests/channel/helpers.hpp"

using namespace quiesce;
using namespace quiesce::channel;
using quiesce::channel_tests::step;

namespace {

constexpr TaskName t0{0};
constexpr TaskName t1{1};
constexpr TaskName t2{2};
constexpr ObligationName o0{0};
constexpr ObligationName o1{1};
constexpr ObligationName o2{2};
constexpr ValueName v0{0};
constexpr ValueName v1{1};

/// Three running tasks of the root, the first two with senders.
Mpsc two_senders(std::uint32_t capacity, const Limits& limits = {}) {
  spec::State runtime = spec::initial();
  runtime.regions.front().limits = limits;
  for (const TaskName task : {t0, t1, t2}) {
    runtime = spec::step(runtime, Spawn{.name = task, .region = root_region}).after;
    runtime = spec::step(runtime, Start{task}).after;
  }
  Mpsc s = mpsc(capacity, t0, runtime);
  step(s, CloneSender{t0, t1}, "Done");
  return s;
}

ObligationPhase phase_of(const Mpsc& s, ObligationName name) {
  return spec::find(s.runtime, name)->phase;
}
bool is_aborted_for(const Mpsc& s, ObligationName name, AbortReason reason) {
  const spec::Obligation& obligation = *spec::find(s.runtime, name);
  return obligation.phase == ObligationPhase::Aborted && obligation.abort_reason == reason;
}
void park_receiver(Mpsc& s) {
  step(s, PollReceive{}, "Done{NotReady}");
  step(s, RegisterReceiver{}, "Done{Pending}");
}
bool wake_pending(const Mpsc& s, TaskName task) {
  return find_sender(s.channel, task)->wake_pending;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mpsc_rules)

BOOST_AUTO_TEST_CASE(clone_sender_needs_a_sender_and_a_live_task_without_one) {
  Mpsc s = two_senders(1);
  step(s, CloneSender{t2, t0}, "Refused{SenderExists}");
  step(s, CloneSender{t0, t1}, "Refused{SenderNew}");
  step(s, CloneSender{t0, TaskName{9}}, "Refused{TaskExists}");
  step(s, RunRuntime{Return{t2}}, "Done{Completed(Ok)}");
  step(s, CloneSender{t0, t2}, "Refused{TaskLive}");
}

BOOST_AUTO_TEST_CASE(drop_sender_waits_for_what_borrows_it) {
  Mpsc s = two_senders(1);
  step(s, DropSender{t2}, "Refused{SenderExists}");
  step(s, TryReserve{t0, o0}, "Done{Granted}");
  step(s, PollReserve{t1, o1}, "Done{Pending}");
  step(s, DropSender{t0}, "Refused{NoPermit}");
  step(s, DropSender{t1}, "Refused{NoFuture}");
  step(s, ReleasePermit{o0, t0}, "Done");
  step(s, DropSender{t0}, "Done");
}

BOOST_AUTO_TEST_CASE(try_send_needs_a_receiver_an_empty_line_and_room) {
  Mpsc s = two_senders(1);
  step(s, TrySend{t2, v0}, "Refused{SenderExists}");
  step(s, TrySend{t0, v0}, "Done{Sent}");
  step(s, TrySend{t0, v0}, "Refused{ValueNew}");
  step(s, TrySend{t0, v1}, "Refused{CapacityFree}");
  step(s, PollReserve{t1, o0}, "Done{Pending}");
  step(s, PollReceive{}, "Done{Received v0}");
  step(s, TrySend{t0, v1}, "Refused{NoWaiter}");  // there is room, and t1 came first
  step(s, DropReceiver{}, "Done");
  step(s, TrySend{t0, v1}, "Refused{ReceiverAlive}");
}

BOOST_AUTO_TEST_CASE(try_reserve_reserves_an_obligation_of_its_task) {
  Mpsc s = two_senders(1);
  step(s, TryReserve{t2, o0}, "Refused{SenderExists}");
  step(s, TryReserve{t0, o0}, "Done{Granted}");
  BOOST_TEST((spec::find(s.runtime, o0)->holder == t0));
  BOOST_TEST((spec::find(s.runtime, o0)->kind == ObligationKind::SendPermit));
  BOOST_TEST(s.runtime.regions.front().pending_obligations == 1U);
  step(s, TryReserve{t1, o0}, "Refused{ObligationNew}");
  step(s, TryReserve{t1, o1}, "Refused{CapacityFree}");
}

BOOST_AUTO_TEST_CASE(try_reserve_is_refused_as_the_runtime_refuses_the_obligation) {
  Mpsc s = two_senders(2, Limits{.obligations = 1});
  step(s, TryReserve{t0, o0}, "Done{Granted}");
  step(s, TryReserve{t1, o1}, "Refused{WithinLimit}");
  step(s, RunRuntime{CloseRegion{.region = root_region}}, "Done");
  step(s, TryReserve{t1, o1}, "Refused{RegionOpen}");
}

BOOST_AUTO_TEST_CASE(poll_reserve_takes_room_at_once_or_joins_the_line) {
  Mpsc s = two_senders(1);
  step(s, PollReserve{t2, o0}, "Refused{SenderExists}");
  step(s, PollReserve{t0, o0}, "Done{Granted}");
  step(s, PollReserve{t1, o0}, "Refused{ObligationNew}");
  step(s, PollReserve{t1, o1}, "Done{Pending}");
  step(s, ReleasePermit{o0, t0}, "Done");
  BOOST_TEST(wake_pending(s, t1));
  step(s, WakeSender{t1}, "Done");
  step(s, PollReserve{t1, o1}, "Done{Granted}");
}

BOOST_AUTO_TEST_CASE(senders_take_room_in_the_order_in_which_they_came) {
  Mpsc s = two_senders(1);
  step(s, CloneSender{t0, t2}, "Done");
  step(s, TrySend{t0, v0}, "Done{Sent}");
  step(s, PollReserve{t2, o0}, "Done{Pending}");
  step(s, PollReserve{t1, o0}, "Done{Pending}");
  step(s, PollReceive{}, "Done{Received v0}");
  step(s, PollReserve{t1, o0}, "Done{Pending}");  // there is room, and t2 came first
  step(s, PollReserve{t2, o0}, "Done{Granted}");
}

// rule.mpsc.wake_next
BOOST_AUTO_TEST_CASE(who_takes_room_hands_the_wake_on_if_there_is_more) {
  Mpsc s = two_senders(2);
  step(s, CloneSender{t0, t2}, "Done");
  step(s, TrySend{t0, v0}, "Done{Sent}");
  step(s, TrySend{t0, v1}, "Done{Sent}");
  step(s, PollReserve{t1, o0}, "Done{Pending}");
  step(s, PollReserve{t2, o0}, "Done{Pending}");
  step(s, PollReceive{}, "Done{Received v0}");
  step(s, PollReceive{}, "Done{Received v1}");
  BOOST_TEST(wake_pending(s, t1));
  BOOST_TEST(!wake_pending(s, t2));
  step(s, PollReserve{t1, o0}, "Done{Granted}");
  BOOST_TEST(wake_pending(s, t2));
}

// rule.mpsc.wake_next, rule.mpsc.drop_reserve
BOOST_AUTO_TEST_CASE(a_dropped_reserve_hands_its_wake_on) {
  Mpsc s = two_senders(1);
  step(s, CloneSender{t0, t2}, "Done");
  step(s, DropReserve{TaskName{9}}, "Refused{SenderExists}");
  step(s, DropReserve{t1}, "Refused{FutureWaiting}");
  step(s, TryReserve{t0, o0}, "Done{Granted}");
  step(s, PollReserve{t1, o1}, "Done{Pending}");
  step(s, PollReserve{t2, o1}, "Done{Pending}");
  step(s, ReleasePermit{o0, t0}, "Done");
  BOOST_TEST(!wake_pending(s, t2));
  step(s, DropReserve{t1}, "Done");
  BOOST_TEST(wake_pending(s, t2));
  step(s, PollReserve{t2, o1}, "Done{Granted}");
}

BOOST_AUTO_TEST_CASE(a_reserve_that_the_runtime_denies_ends_and_hands_its_wake_on) {
  Mpsc s = two_senders(1);
  step(s, CloneSender{t0, t2}, "Done");
  step(s, TryReserve{t0, o0}, "Done{Granted}");
  step(s, PollReserve{t1, o1}, "Done{Pending}");
  step(s, PollReserve{t2, o1}, "Done{Pending}");
  step(s, RunRuntime{CloseRegion{.region = root_region}}, "Done");
  step(s, ReleasePermit{o0, t0}, "Done");
  step(s, PollReserve{t1, o1}, "Done{Denied RegionOpen}");
  BOOST_TEST(wake_pending(s, t2));
  step(s, PollReserve{t2, o1}, "Done{Denied RegionOpen}");
}

BOOST_AUTO_TEST_CASE(send_commits_the_obligation_and_wakes_the_receiver) {
  Mpsc s = two_senders(1);
  park_receiver(s);
  step(s, SendPermitted{o0, t0, v0}, "Refused{PermitKnown}");
  step(s, TryReserve{t0, o0}, "Done{Granted}");
  step(s, SendPermitted{o0, t1, v0}, "Refused{ActorIsHolder}");
  step(s, SendPermitted{o0, t0, v0}, "Done{Sent}");
  BOOST_TEST((phase_of(s, o0) == ObligationPhase::Committed));
  BOOST_TEST(s.channel.receiver_wake_pending);
  step(s, SendPermitted{o0, t0, v0}, "Refused{ValueNew}");
  step(s, SendPermitted{o0, t0, v1}, "Refused{ObligationReserved}");
  step(s, WakeReceiver{}, "Done");
  step(s, PollReceive{}, "Done{Received v0}");
}

BOOST_AUTO_TEST_CASE(send_to_a_dropped_receiver_returns_the_value_and_aborts) {
  Mpsc s = two_senders(1);
  step(s, TryReserve{t0, o0}, "Done{Granted}");
  step(s, DropReceiver{}, "Done");
  step(s, SendPermitted{o0, t0, v0}, "Done{Returned v0}");
  BOOST_TEST(is_aborted_for(s, o0, AbortReason::Error));
}

BOOST_AUTO_TEST_CASE(release_aborts_the_obligation_and_makes_room) {
  Mpsc s = two_senders(1);
  step(s, ReleasePermit{o0, t0}, "Refused{PermitKnown}");
  step(s, TryReserve{t0, o0}, "Done{Granted}");
  step(s, ReleasePermit{o0, t1}, "Refused{ActorIsHolder}");
  step(s, ReleasePermit{o0, t0}, "Done");
  BOOST_TEST(is_aborted_for(s, o0, AbortReason::Explicit));
  step(s, ReleasePermit{o0, t0}, "Refused{ObligationReserved}");
  step(s, TryReserve{t0, o1}, "Done{Granted}");
  step(s, ReleasePermit{o1, t0, AbortReason::Error}, "Done");
  BOOST_TEST(is_aborted_for(s, o1, AbortReason::Error));
}

BOOST_AUTO_TEST_CASE(resolving_a_permit_again_meets_the_fence_once_the_region_is_closed) {
  Mpsc s = two_senders(1);
  step(s, TryReserve{t0, o0}, "Done{Granted}");
  step(s, ReleasePermit{o0, t0}, "Done");
  step(s, RunRuntime{CloseRegion{.region = root_region}}, "Done");
  for (const TaskName task : {t0, t1, t2}) step(s, RunRuntime{Return{task}}, "Done{Completed(Ok)}");
  step(s, SendPermitted{o0, t0, v0}, "Refused{RegionNotClosed}");
  step(s, ReleasePermit{o0, t0}, "Refused{RegionNotClosed}");
}

// rule.mpsc.holder_ends
BOOST_AUTO_TEST_CASE(a_holder_that_returns_leaks_its_permit_and_its_room_is_free_again) {
  Mpsc s = two_senders(1);
  step(s, TryReserve{t0, o0}, "Done{Granted}");
  step(s, PollReserve{t1, o1}, "Done{Pending}");
  step(s, RunRuntime{Return{t0}}, "Done{Completed(Ok)}");
  BOOST_TEST((phase_of(s, o0) == ObligationPhase::Leaked));
  BOOST_TEST(s.channel.reserved == 0U);
  BOOST_TEST(wake_pending(s, t1));
}

BOOST_AUTO_TEST_CASE(a_cancelled_holder_that_returns_aborts_its_permit) {
  Mpsc s = two_senders(1);
  step(s, TryReserve{t0, o0}, "Done{Granted}");
  step(s, RunRuntime{CancelTask{t0}}, "Done{changed}");
  step(s, RunRuntime{Return{t0}}, "Done{Completed(Cancelled(User@0 from r0))}");
  BOOST_TEST(is_aborted_for(s, o0, AbortReason::Cancel));
}

// rule.mpsc.holder_ends, rule.mpsc.sender_gone
BOOST_AUTO_TEST_CASE(a_task_that_returns_leaves_the_line_and_drops_its_sender) {
  Mpsc s = two_senders(1);
  step(s, TrySend{t0, v0}, "Done{Sent}");
  step(s, PollReserve{t1, o0}, "Done{Pending}");
  step(s, RunRuntime{Return{t1}}, "Done{Completed(Ok)}");
  BOOST_TEST(s.channel.sender_count == 1U);
  BOOST_TEST(!has_live_waiter(s.channel.waiters));
  step(s, PollReceive{}, "Done{Received v0}");
  step(s, TrySend{t0, v1}, "Done{Sent}");
}

BOOST_AUTO_TEST_CASE(the_runtime_resolves_no_permit_behind_the_channel) {
  Mpsc s = two_senders(1);
  step(s, TryReserve{t0, o0}, "Done{Granted}");
  step(s, RunRuntime{Commit{o0, t0}}, "Refused{NoPermitConcerned}");
  step(s, RunRuntime{Abort{o0, t0}}, "Refused{NoPermitConcerned}");
  step(s, RunRuntime{Reserve{.name = o1, .holder = t0, .region = root_region}},
       "Refused{NoPermitConcerned}");
  step(s,
       RunRuntime{
           Reserve{.name = o2, .holder = t0, .region = root_region, .kind = ObligationKind::Lease}},
       "Done");
  step(s, RunRuntime{Commit{o2, t0}}, "Done");
  step(s, SendPermitted{o2, t0, v0}, "Refused{PermitKnown}");
}

BOOST_AUTO_TEST_CASE(receive_is_refused_without_a_receiver_between_polls) {
  Mpsc s = two_senders(1);
  step(s, RegisterReceiver{}, "Refused{ReceiverLooking}");
  step(s, PollReceive{}, "Done{NotReady}");
  step(s, PollReceive{}, "Refused{ReceiverBetweenPolls}");
  step(s, DropReceiver{}, "Refused{ReceiverBetweenPolls}");
  step(s, RegisterReceiver{}, "Done{Pending}");
  step(s, DropReceiver{}, "Done");
  step(s, PollReceive{}, "Refused{ReceiverAlive}");
  step(s, RegisterReceiver{}, "Refused{ReceiverAlive}");
  step(s, DropReceiver{}, "Refused{ReceiverAlive}");
  step(s, PollReserve{t0, o0}, "Done{Disconnected}");
}

BOOST_AUTO_TEST_CASE(register_receives_a_value_that_came_after_the_look) {
  Mpsc s = two_senders(1);
  step(s, PollReceive{}, "Done{NotReady}");
  step(s, TrySend{t0, v0}, "Done{Sent}");
  step(s, RegisterReceiver{}, "Done{Received v0}");
}

BOOST_AUTO_TEST_CASE(register_hears_of_the_last_sender_that_went_after_the_look) {
  Mpsc s = two_senders(1);
  step(s, PollReceive{}, "Done{NotReady}");
  step(s, DropSender{t0}, "Done");
  step(s, DropSender{t1}, "Done");
  step(s, RegisterReceiver{}, "Done{Disconnected}");
}

// rule.mpsc.sender_gone
BOOST_AUTO_TEST_CASE(the_last_sender_wakes_the_receiver_and_the_queue_comes_first) {
  Mpsc s = two_senders(1);
  park_receiver(s);
  step(s, DropSender{t0}, "Done");
  BOOST_TEST(!s.channel.receiver_wake_pending);
  step(s, WakeReceiver{}, "Refused{WakePending}");
  step(s, TrySend{t1, v0}, "Done{Sent}");
  step(s, DropSender{t1}, "Done");
  step(s, WakeReceiver{}, "Done");
  step(s, PollReceive{}, "Done{Received v0}");
  step(s, PollReceive{}, "Done{Disconnected}");
}

BOOST_AUTO_TEST_CASE(a_dropped_receiver_wakes_every_sender_and_its_values_end_outside) {
  Mpsc s = two_senders(1);
  step(s, CloneSender{t0, t2}, "Done");
  step(s, DestroyDrained{}, "Refused{ValueDrained}");
  step(s, TrySend{t0, v0}, "Done{Sent}");
  step(s, PollReserve{t1, o0}, "Done{Pending}");
  step(s, PollReserve{t2, o0}, "Done{Pending}");
  step(s, WakeSender{t1}, "Refused{WakePending}");
  step(s, DropReceiver{}, "Done");
  BOOST_TEST((wake_pending(s, t1) && wake_pending(s, t2)));
  BOOST_TEST(s.channel.drained.size() == 1U);
  step(s, DestroyDrained{}, "Done");
  step(s, WakeSender{t1}, "Done");
  step(s, PollReserve{t1, o0}, "Done{Disconnected}");
  step(s, WakeSender{TaskName{9}}, "Refused{SenderExists}");
}

BOOST_AUTO_TEST_SUITE_END()
