// The bodies of responses, held outside memory until their page is archived: small ones as bytes, others in a file without a name.
#pragma once
#include <memory>

#include "evidence/base/fd.h"

namespace netsampler {

class BodySpool;

// Bytes that no longer change. Cheap to copy. The spool's file lives as long as the last body that lies in it.
class Body {
 public:
  Body() = default;
  explicit Body(Bytes bytes) : size_bytes_(bytes.size()), small_(std::move(bytes)) {}
  std::size_t size() const { return size_bytes_; }
  bool empty() const { return size_bytes_ == 0; }
  Result<Bytes> read() const;  // `io`: the disk does not give it

 private:
  friend class BodySpool;
  std::size_t size_bytes_ = 0;
  Bytes small_;
  std::shared_ptr<const Fd> file_;
  std::int64_t offset_ = 0;
};

// One page's bodies, one behind the other. Its file (in $TMPDIR, else /var/tmp) is made with the first body that needs it.
class BodySpool {
 public:
  // Bodies of up to 16 KiB stay in memory. `io`: the disk does not take it.
  Result<Body> keep(Bytes bytes);
  // What comes next goes into a new file; the old one ends with the bodies that lie in it.
  void next() { file_.reset(), end_ = 0; }

 private:
  std::shared_ptr<const Fd> file_;
  std::int64_t end_ = 0;
};

}  // namespace netsampler
