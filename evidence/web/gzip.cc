#include "evidence/web/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <array>

namespace netsampler {
namespace {

constexpr int kGzip = 15 + 16;  // the widest window; gzip, not zlib
constexpr std::size_t kPiece = 64u << 10;

Error damaged() { return fail(ErrorKind::invalid, "not gzip, or damaged (compare it with its record)"); }

}  // namespace

Result<void> append_gzip(Bytes& to, ByteView bytes, int level) {
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY) != Z_OK) return fail(ErrorKind::internal, "gzip does not start");
  const std::size_t before = to.size();
  const uLong most = deflateBound(&stream, static_cast<uLong>(bytes.size()));
  to.resize(before + most);
  stream.next_in = const_cast<Bytef*>(bytes.data());  // zlib's C signature: it only reads
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = to.data() + before;
  stream.avail_out = static_cast<uInt>(most);
  const int outcome = bytes.size() > UINT32_MAX / 2 ? Z_BUF_ERROR : deflate(&stream, Z_FINISH);
  to.resize(before + (outcome == Z_STREAM_END ? stream.total_out : 0));
  deflateEnd(&stream);
  return outcome == Z_STREAM_END ? Result<void>() : fail(ErrorKind::internal, "gzip did not end");
}

struct GzipMembers::State {
  State(std::size_t limit, Each visitor) : head_limit(limit), each(std::move(visitor)) {}
  z_stream stream{};
  const std::size_t head_limit;
  const Each each;
  GzipMember member;
  std::int64_t at = 0;   // of the next byte of the stream
  bool open = false, inside = false;
};

GzipMembers::GzipMembers(std::size_t head_limit_bytes, Each each) : state_(std::make_unique<State>(head_limit_bytes, std::move(each))) {
  state_->open = inflateInit2(&state_->stream, kGzip) == Z_OK;
}

GzipMembers::~GzipMembers() {
  if (state_->open) inflateEnd(&state_->stream);
}

// One turn of inflate: some more of the member, and perhaps its end.
Result<void> GzipMembers::step() {
  State& state = *state_;
  std::array<std::uint8_t, kPiece> out;
  state.stream.next_out = out.data();
  state.stream.avail_out = static_cast<uInt>(out.size());
  const uInt before = state.stream.avail_in;
  const int outcome = inflate(&state.stream, Z_NO_FLUSH);
  if (outcome == Z_BUF_ERROR && before == 0) return {};  // all was out already
  if (outcome != Z_OK && outcome != Z_STREAM_END) return damaged();
  state.inside = true;
  state.at += before - state.stream.avail_in;
  const std::size_t size = out.size() - state.stream.avail_out;
  state.member.content_bytes += static_cast<std::int64_t>(size);
  const std::size_t room = state.head_limit - std::min(state.head_limit, state.member.head.size());
  append(state.member.head, {out.data(), std::min(size, room)});
  if (outcome != Z_STREAM_END) return {};
  state.member.bytes = state.at - state.member.offset;
  TRY(state.each(state.member));
  state.member = GzipMember();
  state.member.offset = state.at;
  state.inside = false;
  return inflateReset(&state.stream) == Z_OK ? Result<void>() : damaged();
}

Result<void> GzipMembers::take(ByteView piece) {
  if (!state_->open) return fail(ErrorKind::internal, "gzip does not start");
  state_->stream.next_in = const_cast<Bytef*>(piece.data());  // zlib's C signature: it only reads
  state_->stream.avail_in = static_cast<uInt>(piece.size());
  // A full buffer may hide more of what was read already: inflate is asked until it fills no more.
  do TRY(step());
  while (state_->stream.avail_in > 0 || (state_->inside && state_->stream.avail_out == 0));
  return {};
}

Result<void> GzipMembers::finish() { return state_->inside ? damaged() : Result<void>(); }

Result<Bytes> gunzip(ByteView bytes, std::size_t limit_bytes) {
  Bytes all;
  GzipMembers members(limit_bytes + 1, [&](const GzipMember& member) -> Result<void> {
    if (all.size() + static_cast<std::size_t>(member.content_bytes) > limit_bytes)
      return fail(ErrorKind::full, "it unpacks to more than " + std::to_string(limit_bytes) + " bytes");
    append(all, member.head);
    return {};
  });
  if (!bytes.empty()) TRY(members.take(bytes));
  TRY(members.finish());
  return all;
}

}  // namespace netsampler
