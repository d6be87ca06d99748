#include "crawler/body.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace netsampler {
namespace {

constexpr std::size_t kSmall_bytes = 16u << 10;

Result<std::shared_ptr<const Fd>> nameless_file() {
  const char* wanted = std::getenv("TMPDIR");
  const std::string folder = wanted == nullptr || *wanted == '\0' ? "/var/tmp" : wanted;
  auto file = std::make_shared<Fd>(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (!file->valid()) return fail_errno("a temporary file in " + folder);
  return std::shared_ptr<const Fd>(std::move(file));
}

}  // namespace

Result<Bytes> Body::read() const {
  if (file_ == nullptr) return small_;
  Bytes bytes(size_bytes_);
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = ::pread(file_->get(), bytes.data() + done, bytes.size() - done, offset_ + static_cast<off_t>(done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return fail_errno("reading a page's body back");
    done += static_cast<std::size_t>(count);
  }
  return bytes;
}

Result<Body> BodySpool::keep(Bytes bytes) {
  if (bytes.size() <= kSmall_bytes) return Body(std::move(bytes));
  if (file_ == nullptr) file_ = TRY(nameless_file());
  TRY_WITH(write_all(file_->get(), bytes), "keeping a page's body");
  Body body;
  body.size_bytes_ = bytes.size();
  body.file_ = file_;
  body.offset_ = end_;
  end_ += static_cast<std::int64_t>(bytes.size());
  return body;
}

}  // namespace netsampler
