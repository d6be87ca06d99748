// How a recording's threads learn that it ends, and the first error of any of them, kept once. Shared by all threads.
#pragma once
#include <atomic>
#include <memory>
#include <optional>

#include "evidence/base/fd.h"
#include "evidence/base/queue.h"
#include "evidence/base/result.h"

namespace netsampler::capture {

class Stop {
 public:
  static Result<std::unique_ptr<Stop>> make();
  void ask();                // end in good order
  void fail(Error error);    // end, because of this; later errors are dropped
  bool asked() const { return asked_.load(); }
  const std::atomic<bool>& flag() const { return asked_; }
  int wake_fd() const { return wake_.get(); }  // readable once asked; never read
  std::optional<Error> error();

 private:
  explicit Stop(Fd wake) : wake_(std::move(wake)) {}
  Fd wake_;
  std::atomic<bool> asked_ = false;
  Guarded<std::optional<Error>> error_;
};

}  // namespace netsampler::capture
