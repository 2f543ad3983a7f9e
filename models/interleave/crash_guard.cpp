#include "models/interleave/crash_guard.hpp"

#include <csetjmp>
#include <csignal>
#include <cstddef>
#include <ctime>
#include <memory>

#include "impl/sync/require.hpp"
#include "models/interleave/sanitizers.hpp"

#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace quiesce::interleave {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool guards = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool guards = false;
#else
constexpr bool guards = true;
#endif
#else
constexpr bool guards = true;
#endif

constexpr int tick_signal = SIGPROF;
constexpr long tick_nanoseconds = 500'000'000;
constexpr std::uint32_t ticks_until_hung = hang_seconds * 2;
constexpr std::size_t alternate_stack_bytes = 64 * 1024;

/// What the handler of this thread's signals looks at.
struct Watch {
  sigjmp_buf back;
  volatile std::sig_atomic_t running = 0;
  volatile std::uint32_t ticks = 0;  // since the work under way began
};
thread_local Watch watch;

const char* words_for(int signal) {
  switch (signal) {
    case SIGSEGV: return "segmentation fault";
    case SIGBUS: return "bus error";
    case SIGFPE: return "arithmetic fault";
    case SIGILL: return "illegal instruction";
    case SIGABRT: return "abort";
    default: return "no visible operation for 2 seconds of CPU time";
  }
}

void on_crash(int signal) {
  if (watch.running == 0) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
    return;
  }
  watch.running = 0;
  siglongjmp(watch.back, signal);
}

void on_tick(int signal) {
  if (watch.running == 0) return;
  watch.ticks = watch.ticks + 1;
  if (watch.ticks < ticks_until_hung) return;
  watch.running = 0;
  siglongjmp(watch.back, signal);
}

}  // namespace

void CrashGuard::install_handlers() {
  struct sigaction action {};
  action.sa_flags = SA_ONSTACK | SA_NODEFER | SA_RESTART;
  sigemptyset(&action.sa_mask);
  action.sa_handler = on_crash;
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT})
    sigaction(signal, &action, nullptr);
  action.sa_handler = on_tick;
  sigaction(tick_signal, &action, nullptr);
}

struct CrashGuard::Resources {
  std::unique_ptr<std::byte[]> stack{new std::byte[alternate_stack_bytes]};
  stack_t previous{};
  timer_t timer{};
  bool has_timer = false;
};

CrashGuard::CrashGuard() : resources_(nullptr) {
  if constexpr (!guards) return;
  resources_ = new Resources;
  install_handlers();
  stack_t alternate{};
  alternate.ss_sp = resources_->stack.get();
  alternate.ss_size = alternate_stack_bytes;
  sigaltstack(&alternate, &resources_->previous);
#if defined(__linux__)
  sigevent event{};
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = tick_signal;
  event._sigev_un._tid = static_cast<pid_t>(::syscall(SYS_gettid));
  resources_->has_timer = timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &resources_->timer) == 0;
  if (resources_->has_timer) {
    const itimerspec every{{0, tick_nanoseconds}, {0, tick_nanoseconds}};
    timer_settime(resources_->timer, 0, &every, nullptr);
  }
#endif
}

CrashGuard::~CrashGuard() {
  if (resources_ == nullptr) return;
  if (resources_->has_timer) timer_delete(resources_->timer);
  sigaltstack(&resources_->previous, nullptr);
  delete resources_;
}

const bool CrashGuard::is_on = guards;

CrashGuard& CrashGuard::of_this_thread() {
  thread_local CrashGuard guard;
  return guard;
}

ListeningToErrors::ListeningToErrors() {
  error_listener = [](const char* sentence) {
    throw BrokenRequirement(std::string("a requirement is broken: ") + sentence);
  };
}
ListeningToErrors::~ListeningToErrors() {
  error_listener = nullptr;
}

std::optional<std::string> CrashGuard::run_erased(void (*call)(void*), void* work) {
  watch.ticks = 0;
  if (const int signal = sigsetjmp(watch.back, 0); signal != 0) {
    return std::string(words_for(signal));
  }
  const struct Off {
    ~Off() { watch.running = 0; }  // also when `work` throws
  } off;
  watch.running = 1;
  call(work);
  return std::nullopt;
}

}  // namespace quiesce::interleave
