// Tells the address and the thread sanitizer about fibers; without them it is nothing.
#pragma once

#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#include <sanitizer/tsan_interface.h>

#include <cstddef>

namespace quiesce::interleave {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool has_address_sanitizer = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool has_address_sanitizer = true;
#else
inline constexpr bool has_address_sanitizer = false;
#endif
#else
inline constexpr bool has_address_sanitizer = false;
#endif

#if defined(__SANITIZE_THREAD__)
inline constexpr bool has_thread_sanitizer = true;
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
inline constexpr bool has_thread_sanitizer = true;
#else
inline constexpr bool has_thread_sanitizer = false;
#endif
#else
inline constexpr bool has_thread_sanitizer = false;
#endif

/// What the sanitizers know of one fiber.
///   state    the bounds of a thread's own stack are learnt when it is left for the first time
class SanitizedFiber {
 public:
  /// The stack of a new fiber.
  void made(const void* bottom, std::size_t bytes) {
    bottom_ = bottom;
    bytes_ = bytes;
    fake_stack_ = nullptr;
    if constexpr (has_thread_sanitizer) thread_ = __tsan_create_fiber(0);
  }
  /// The fiber that runs on the thread's own stack.
  void adopted() {
    fake_stack_ = nullptr;
    if constexpr (has_thread_sanitizer) thread_ = __tsan_get_current_fiber();
  }
  void destroyed() {
    if constexpr (has_thread_sanitizer) {
      if (thread_ != nullptr) __tsan_destroy_fiber(thread_);
    }
    thread_ = nullptr;
  }
  /// Before the switch from this fiber to `to`.
  void leaves_for(SanitizedFiber& to) {
    if constexpr (has_address_sanitizer) {
      __sanitizer_start_switch_fiber(&fake_stack_, to.bottom_, to.bytes_);
    }
    if constexpr (has_thread_sanitizer) __tsan_switch_to_fiber(to.thread_, 0);
    (void)to;
  }
  /// After a switch, on this fiber's stack; `from` was left.
  void arrives_from(SanitizedFiber& from) {
    if constexpr (has_address_sanitizer) {
      __sanitizer_finish_switch_fiber(fake_stack_, &from.bottom_, &from.bytes_);
    }
    (void)from;
  }

 private:
  const void* bottom_ = nullptr;
  std::size_t bytes_ = 0;
  void* fake_stack_ = nullptr;
  void* thread_ = nullptr;
};

}  // namespace quiesce::interleave
