// One HTTP request at a time, bounded. The only file of this folder that knows libcurl.
#pragma once
#include <functional>
#include <string>

#include "evidence/base/bytes.h"

namespace netsampler::stamp {

struct HttpBounds {
  std::int64_t timeout_ms = 30'000;  // connect, send and answer together
  std::size_t answer_bytes = 1u << 20;
};

struct HttpCall {
  std::string url;
  std::string type, accept;        // media types; no type: a GET
  ByteView body = {};
  bool plain = false;              // http alone, not https: for what is signed itself
  std::int64_t timeout_ms = 0;     // less than the bound; 0: the bound
};

struct HttpAnswer {
  long status = 0;
  Bytes body;
};

class Http {
 public:
  // Once in a program, before anything else here; `stopped` is asked about once a second and ends a call that still waits.
  static Result<Http> start(HttpBounds bounds, std::function<bool()> stopped);
  Http(Http&& other) noexcept;
  Http& operator=(Http&&) = delete;
  ~Http();
  // An answer of whatever status. http and https alone, also behind a redirect (at most three); anything else is `unavailable` and says why.
  Result<HttpAnswer> send(const HttpCall& call) const;
  Result<Bytes> fetch(const HttpCall& call) const;  // the body of a 200
  Result<Bytes> post_query(const std::string& url, ByteView query) const;  // of a time-stamp authority

 private:
  Http(HttpBounds bounds, std::function<bool()> stopped) : bounds_(bounds), stopped_(std::move(stopped)) {}
  HttpBounds bounds_;
  std::function<bool()> stopped_;
  bool started_ = true;
};

}  // namespace netsampler::stamp
