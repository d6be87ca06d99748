// How much of what grows with the input may be held, over everything: files, recordings, gaps, heads of the log, what is withheld. Taken
// once and never given back. Where it ends, so does the verification, without a verdict: nothing is left out of one.
#pragma once
#include <cstddef>
#include <string>

#include "evidence/base/result.h"

namespace netsampler::verify {

class Room {
 public:
  explicit Room(std::size_t bytes) : left_bytes_(bytes) {}
  std::size_t left_bytes() const { return left_bytes_; }
  // `what`: "files", "recordings" …
  Result<void> take(std::size_t bytes, const char* what) {
    if (bytes >= left_bytes_)
      return fail(ErrorKind::invalid, std::string("more ") + what + " than are verified at once: give a single case's package, one recording, or more memory (--memory)");
    left_bytes_ -= bytes;
    return {};
  }

 private:
  std::size_t left_bytes_;
};

}  // namespace netsampler::verify
