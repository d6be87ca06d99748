// An owned file descriptor, and sealed memory files: bytes that their producer can no longer change.
#pragma once
#include <utility>

#include "evidence/base/bytes.h"

namespace netsampler {

class Fd {
 public:
  Fd() = default;
  explicit Fd(int number) : number_(number) {}
  ~Fd() { reset(); }
  Fd(Fd&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  int get() const { return number_; }
  bool valid() const { return number_ >= 0; }
  int release() { return std::exchange(number_, -1); }
  void reset();

 private:
  int number_ = -1;
};

Result<void> write_all(int fd, ByteView bytes);
Result<Bytes> read_all(int fd, std::size_t limit_bytes);  // from the current offset to the end; more than the limit is an error

// A memory file holding `bytes`, with write, grow and shrink seals set. Name shows in /proc only.
Result<Fd> sealed_memory_file(const std::string& name, ByteView bytes);
// True where nobody can change the file any more (write, grow and shrink seals).
bool is_sealed(int fd);
Result<std::int64_t> size_of(int fd);  // bytes

}  // namespace netsampler
