// Memory by the page: the large arrays of a search, which grow in place and are never copied.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <utility>

namespace quiesce::explore {

/// Pages is a run of zeroed bytes from the operating system, with large pages where it has them; or
/// from a file that has no name and goes away with it, whose pages need not stay in memory.
///   state    `bytes` are address space; memory is taken when a page is first written, disk at once
///   cost     a growth moves page table entries, not bytes
class Pages {
 public:
  Pages() = default;
  ~Pages() { release(); }
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;
  Pages(Pages&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        bytes_(std::exchange(other.bytes_, 0)),
        file_(std::exchange(other.file_, no_file)) {}
  Pages& operator=(Pages&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
    std::swap(file_, other.file_);
    return *this;
  }

  /// From now on the bytes are those of a file in this folder; for Pages that have none yet. False
  /// if no file can be made there.
  [[nodiscard]] bool keep_in(const std::string& folder);
  /// False, and nothing changes, when the system has no such memory, or the disk no such room.
  [[nodiscard]] bool grow(std::size_t bytes);
  void release();
  [[nodiscard]] void* data() const { return data_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  static constexpr int no_file = -1;
  void* data_ = nullptr;
  std::size_t bytes_ = 0;
  int file_ = no_file;
};

/// Three quarters of the memory of this machine: what a search may use when nobody says otherwise.
[[nodiscard]] std::uint64_t default_memory_ceiling();

/// PageArray is a vector of plain values on Pages: it grows without copying and never throws.
template <class T>
class PageArray {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  /// As Pages::keep_in.
  [[nodiscard]] bool keep_in(const std::string& folder) { return pages_.keep_in(folder); }
  /// Makes room for `count` values in all; false when the system has no such memory.
  [[nodiscard]] bool reserve(std::size_t count) {
    if (count <= capacity()) return true;
    std::size_t wanted = capacity() < 512 ? 512 : capacity() * 2;
    if (wanted < count) wanted = count;
    return pages_.grow(wanted * sizeof(T));
  }
  /// The room must have been reserved.
  void append_unchecked(const T& value) { data()[size_++] = value; }
  /// The room must have been reserved.
  void append_unchecked(const T* values, std::size_t count) {
    if (count != 0) std::memcpy(data() + size_, values, count * sizeof(T));
    size_ += count;
  }
  void clear() { size_ = 0; }
  void resize_reserved(std::size_t count) { size_ = count; }

  [[nodiscard]] T* data() { return static_cast<T*>(pages_.data()); }
  [[nodiscard]] const T* data() const { return static_cast<const T*>(pages_.data()); }
  [[nodiscard]] const T& operator[](std::size_t index) const { return data()[index]; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t capacity() const { return pages_.bytes() / sizeof(T); }

 private:
  Pages pages_;
  std::size_t size_ = 0;
};

}  // namespace quiesce::explore
