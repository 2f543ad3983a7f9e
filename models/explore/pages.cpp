#include "models/explore/pages.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>

namespace quiesce::explore {
namespace {

constexpr std::size_t large_page_bytes = std::size_t{1} << 21;

std::size_t rounded(std::size_t bytes) {
  const std::size_t unit = bytes >= large_page_bytes ? large_page_bytes : 4096;
  return (bytes + unit - 1) / unit * unit;
}

}  // namespace

bool Pages::keep_in(const std::string& folder) {
  std::string name = folder + "/quiesce_log_XXXXXX";
  const int file = mkstemp(name.data());
  if (file < 0) return false;
  unlink(name.c_str());
  release();
  file_ = file;
  return true;
}

bool Pages::grow(std::size_t bytes) {
  const std::size_t wanted = rounded(bytes);
  if (wanted < bytes) return false;
  if (wanted <= bytes_) return true;
  // The room is taken now: a page that is written later must not find the disk full.
  if (file_ != no_file && posix_fallocate(file_, 0, static_cast<off_t>(wanted)) != 0) return false;
  const int kind = file_ == no_file ? MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE : MAP_SHARED;
  void* moved = data_ == nullptr ? mmap(nullptr, wanted, PROT_READ | PROT_WRITE, kind, file_, 0)
                                 : mremap(data_, bytes_, wanted, MREMAP_MAYMOVE);
  if (moved == MAP_FAILED) return false;
  // Advice only: without large pages the search is slower and finds the same.
  if (file_ == no_file && wanted >= large_page_bytes) (void)madvise(moved, wanted, MADV_HUGEPAGE);
  data_ = moved;
  bytes_ = wanted;
  return true;
}

void Pages::release() {
  if (data_ != nullptr) munmap(data_, bytes_);
  if (file_ != no_file) close(file_);
  data_ = nullptr;
  bytes_ = 0;
  file_ = no_file;
}

std::uint64_t default_memory_ceiling() {
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page_bytes = sysconf(_SC_PAGESIZE);
  if (pages <= 0 || page_bytes <= 0) return std::uint64_t{1} << 30;
  return static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page_bytes) / 4 * 3;
}

}  // namespace quiesce::explore
