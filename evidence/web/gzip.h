// gzip (RFC 1952) in members, as .warc.gz wants it: each record its own member, so that it can be read from its offset alone.
#pragma once
#include <functional>
#include <memory>

#include "evidence/base/bytes.h"

namespace netsampler {

// Appends `bytes` to `to` as one member without name and time: the same bytes give the same member. `level` 1 (fast) to 9.
Result<void> append_gzip(Bytes& to, ByteView bytes, int level);

// One member of a stream, as found.
struct GzipMember {
  std::int64_t offset = 0, bytes = 0;  // where it lies in the stream, compressed
  std::int64_t content_bytes = 0;      // of what it holds
  Bytes head;                          // the beginning of that, at most `head_limit_bytes`
};

// Takes a stream piece by piece and tells each member once it is whole. Bounded memory, whatever the members unpack to.
class GzipMembers {
 public:
  using Each = std::function<Result<void>(const GzipMember&)>;
  GzipMembers(std::size_t head_limit_bytes, Each each);
  ~GzipMembers();
  GzipMembers(const GzipMembers&) = delete;
  GzipMembers& operator=(const GzipMembers&) = delete;
  Result<void> take(ByteView piece);  // `invalid`: not gzip, or damaged
  Result<void> finish();              // `invalid`: the last member is torn

 private:
  Result<void> step();
  struct State;
  std::unique_ptr<State> state_;
};

// All that the members of `bytes` hold; `full` beyond the limit.
Result<Bytes> gunzip(ByteView bytes, std::size_t limit_bytes);

}  // namespace netsampler
