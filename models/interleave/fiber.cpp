#include "models/interleave/fiber.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

#include "models/interleave/sanitizers.hpp"

namespace quiesce::interleave {

namespace {

std::size_t page_bytes() {
  static const std::size_t bytes = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return bytes;
}

}  // namespace

Stack::Stack(std::size_t usable_bytes) {
  const std::size_t page = page_bytes();
  if (usable_bytes > SIZE_MAX / 2) throw NoMemoryForStacks(usable_bytes);
  mapped_bytes_ = (usable_bytes + page - 1) / page * page + page;
  void* memory = ::mmap(nullptr, mapped_bytes_, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw NoMemoryForStacks(usable_bytes);
  if (::mprotect(memory, page, PROT_NONE) != 0) {
    ::munmap(memory, mapped_bytes_);
    throw NoMemoryForStacks(usable_bytes);
  }
  base_ = memory;
}

Stack::~Stack() {
  if (base_ == nullptr) return;
  // Frames that were never left may have marked the memory; what is mapped here next is innocent.
  if constexpr (has_address_sanitizer) __asan_unpoison_memory_region(base_, mapped_bytes_);
  ::munmap(base_, mapped_bytes_);
}

Stack::Stack(Stack&& other) noexcept
    : base_(std::exchange(other.base_, nullptr)),
      mapped_bytes_(std::exchange(other.mapped_bytes_, 0)) {}

Stack& Stack::operator=(Stack&& other) noexcept {
  std::swap(base_, other.base_);
  std::swap(mapped_bytes_, other.mapped_bytes_);
  return *this;
}

void* Stack::bottom() const {
  return static_cast<char*>(base_) + page_bytes();
}

std::size_t Stack::size() const {
  return mapped_bytes_ - page_bytes();
}

X86Switch::Context X86Switch::prepare(void* top, void (*entry)()) {
  // At the entry of a function the stack pointer is 8 below a multiple of 16, as after a call; the
  // null above the entry's address is where its return address would be: it ends a backtrace.
  const std::uintptr_t aligned = reinterpret_cast<std::uintptr_t>(top) & ~std::uintptr_t{15};
  void** slots = reinterpret_cast<void**>(aligned) - 4;
  slots[0] = reinterpret_cast<void*>(entry);
  slots[1] = nullptr;
  return slots;
}

}  // namespace quiesce::interleave
