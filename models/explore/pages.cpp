#include "models/explore/pages.hpp"

#include <sys/mman.h>
#include <unistd.h>

namespace quiesce::explore {
namespace {

constexpr std::size_t large_page_bytes = std::size_t{1} << 21;

std::size_t rounded(std::size_t bytes) {
  const std::size_t unit = bytes >= large_page_bytes ? large_page_bytes : 4096;
  return (bytes + unit - 1) / unit * unit;
}

}  // namespace

bool Pages::grow(std::size_t bytes) {
  const std::size_t wanted = rounded(bytes);
  if (wanted < bytes) return false;
  if (wanted <= bytes_) return true;
  void* moved = data_ == nullptr ? mmap(nullptr, wanted, PROT_READ | PROT_WRITE,
                                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
                                 : mremap(data_, bytes_, wanted, MREMAP_MAYMOVE);
  if (moved == MAP_FAILED) return false;
  // Advice only: without large pages the search is slower and finds the same.
  if (wanted >= large_page_bytes) (void)madvise(moved, wanted, MADV_HUGEPAGE);
  data_ = moved;
  bytes_ = wanted;
  return true;
}

void Pages::release() {
  if (data_ != nullptr) munmap(data_, bytes_);
  data_ = nullptr;
  bytes_ = 0;
}

std::uint64_t default_memory_ceiling() {
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page_bytes = sysconf(_SC_PAGESIZE);
  if (pages <= 0 || page_bytes <= 0) return std::uint64_t{1} << 30;
  return static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page_bytes) / 4 * 3;
}

}  // namespace quiesce::explore
