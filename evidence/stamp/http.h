// One POST of a time-stamp query. The only file of this folder that knows libcurl.
#pragma once
#include <functional>
#include <string>

#include "evidence/base/bytes.h"

namespace netsampler::stamp {

struct HttpBounds {
  std::int64_t timeout_ms = 30'000;  // connect, send and answer together
  std::size_t answer_bytes = 1u << 20;
};

class Http {
 public:
  // Once in a program, before anything else here; `stopped` is asked about once a second and ends a call that still waits.
  static Result<Http> start(HttpBounds bounds, std::function<bool()> stopped);
  Http(Http&& other) noexcept;
  Http& operator=(Http&&) = delete;
  ~Http();
  // The body of a 200. http and https alone, also behind a redirect (at most three); anything else is `unavailable` and says why.
  Result<Bytes> post_query(const std::string& url, ByteView query) const;

 private:
  Http(HttpBounds bounds, std::function<bool()> stopped) : bounds_(bounds), stopped_(std::move(stopped)) {}
  HttpBounds bounds_;
  std::function<bool()> stopped_;
  bool started_ = true;
};

}  // namespace netsampler::stamp
