// Telling the observer what an operation left behind.
#include "impl/effects.hpp"

namespace quiesce::impl {

namespace {

/// Runs `call`; an exception is kept if it is the first.
template <class Call>
void isolated(std::exception_ptr& first, Call&& call) {
  try {
    call();
  } catch (...) {
    if (first == nullptr) first = std::current_exception();
  }
}

}  // namespace

void Effects::tell(std::size_t action, const Applied& applied) {
  std::exception_ptr first;
  const auto tell_all = [&](bool lanes, bool wakes, bool news) {
    for (const Effect& effect : effects_) {
      const bool is_wake = effect.kind == Kind::JoinerWoken;
      const bool is_news = effect.kind == Kind::ObligationLeaked;
      const bool wanted = is_wake ? wakes : is_news ? news : lanes;
      if (wanted) isolated(first, [&] { tell_one(effect); });
    }
  };
  tell_all(true, false, false);
  tell_all(false, true, false);
  tell_all(false, false, true);
  isolated(first, [&] { observer_->committed(action, applied); });
  if (first != nullptr) std::rethrow_exception(first);
}

void Effects::tell_one(const Effect& effect) {
  switch (effect.kind) {
    case Kind::FinalizerStarted: return observer_->finalizer_started(effect.task, effect.id);
    case Kind::TaskCancelled: return observer_->task_cancelled(effect.task, effect.id);
    case Kind::JoinerWoken:
      return observer_->joiner_woken(effect.task, effect.id, effect.target, effect.outcome);
    case Kind::ObligationLeaked:
      return observer_->obligation_leaked(effect.obligation, effect.task, effect.recovered);
  }
}

}  // namespace quiesce::impl
