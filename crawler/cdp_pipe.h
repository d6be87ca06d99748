// Chromium's debugging pipe seen from our side: two descriptors, no port. Never blocks: what the browser does not take at once
// waits here, up to a bound. One thread.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "crawler/cdp_framer.h"
#include "evidence/base/fd.h"

namespace netsampler {

// Where commands go. Two kinds: the pipe, and a script in the tests.
class CdpTransport {
 public:
  virtual ~CdpTransport() = default;
  virtual Result<void> send(std::string_view message) = 0;  // one JSON text; `full` beyond 64 MiB that wait
};

class CdpPipe final : public CdpTransport {
 public:
  // `to_browser` is the write end of its descriptor 3, `from_browser` the read end of its descriptor 4.
  static Result<CdpPipe> over(Fd to_browser, Fd from_browser);
  Result<void> send(std::string_view message) override;
  // Waits at most `wait_ms` for the browser (or for `wake` to be readable), writes what waits, and gives the messages that came.
  // `unavailable`: the browser closed the pipe.
  Result<std::vector<std::string>> step(int wait_ms, int wake);

 private:
  CdpPipe(Fd out, Fd in) : out_(std::move(out)), in_(std::move(in)) {}
  Result<void> flush();
  Result<std::vector<std::string>> read_some();
  Fd out_, in_;
  std::string waiting_;
  std::size_t sent_bytes_ = 0;  // of waiting_
  CdpFramer framer_;
};

}  // namespace netsampler
