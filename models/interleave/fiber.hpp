// Fibers: stacks with a guard page, and the switch from one to another.
#pragma once

#include <boost/context/detail/fcontext.hpp>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <type_traits>

namespace quiesce::interleave {

/// There was no memory for another thread's stack; what() is one line for the user.
class NoMemoryForStacks : public std::runtime_error {
 public:
  explicit NoMemoryForStacks(std::size_t bytes)
      : std::runtime_error("no memory for a thread's stack of " + std::to_string(bytes) +
                           " bytes") {}
};

/// Memory for one fiber: an unreadable page below, so that an overflow stops at once.
class Stack {
 public:
  Stack() = default;
  /// Maps a stack of at least `usable_bytes`; throws NoMemoryForStacks.
  explicit Stack(std::size_t usable_bytes);
  ~Stack();
  Stack(Stack&& other) noexcept;
  Stack& operator=(Stack&& other) noexcept;

  bool mapped() const { return base_ != nullptr; }
  /// The lowest usable address, above the guard page.
  void* bottom() const;
  std::size_t size() const;

 private:
  void* base_ = nullptr;
  std::size_t mapped_bytes_ = 0;
};

/// A switch written for x86-64 and the System V convention. Everything the convention lets a
/// callee keep is declared as overwritten, so the compiler saves exactly what is alive; only the
/// frame pointer and the address to go on at are stored by hand. The switch ends in a jump: a
/// return would make the processor predict the address of the fiber that was left.
struct X86Switch {
  using Context = void*;

#if defined(__x86_64__) && defined(__ELF__)
  /// Leaves the running fiber in `from` and goes on in `to`.
  [[gnu::always_inline]] static inline void switch_to(Context& from, Context& to) {
    void* save = &from;
    void* load = to;
    asm volatile(
        "leaq -128(%%rsp), %%rsp\n\t"  // step over the red zone
        "pushq %%rbp\n\t"
        "leaq 1f(%%rip), %%rax\n\t"
        "pushq %%rax\n\t"
        "movq %%rsp, (%0)\n\t"
        "movq %1, %%rsp\n\t"
        "popq %%rax\n\t"
        "jmpq *%%rax\n"
        "1:\n\t"
        "popq %%rbp\n\t"
        "leaq 128(%%rsp), %%rsp\n"
        : "+D"(save), "+S"(load)
        :
        : "rax", "rbx", "rcx", "rdx", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "xmm0",
          "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11",
          "xmm12", "xmm13", "xmm14", "xmm15", "cc", "memory");
  }
#else
  static void switch_to(Context&, Context&) {}
#endif

  /// A context that starts in Entry on the memory that ends at `top`; Entry never returns.
  template <void (*Entry)()>
  static Context make(void* top, std::size_t) {
    return prepare(top, Entry);
  }

 private:
  static Context prepare(void* top, void (*entry)());
};

/// The same with Boost.Context, for every processor it knows.
struct BoostSwitch {
  using Context = boost::context::detail::fcontext_t;

  static void switch_to(Context& from, Context& to) {
    const boost::context::detail::transfer_t came =
        boost::context::detail::jump_fcontext(to, &from);
    *static_cast<Context*>(came.data) = came.fctx;
  }
  template <void (*Entry)()>
  static Context make(void* top, std::size_t bytes) {
    return boost::context::detail::make_fcontext(top, bytes, &start<Entry>);
  }

 private:
  /// Whoever jumped here is stored as a switch stores it, then the entry runs.
  template <void (*Entry)()>
  static void start(boost::context::detail::transfer_t came) {
    *static_cast<Context*>(came.data) = came.fctx;
    Entry();
  }
};

#if defined(__x86_64__) && defined(__ELF__)
inline constexpr bool has_x86_switch = true;
#else
inline constexpr bool has_x86_switch = false;
#endif

using FiberSwitch = std::conditional_t<has_x86_switch, X86Switch, BoostSwitch>;

}  // namespace quiesce::interleave
