// How often a frame asks for memory: this program's malloc is counted while a scripted screen goes through grab, encode and write.
#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <cstdio>

#include "tests/capture/grab_fixture.h"

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
}

namespace {
std::atomic<long> asked = 0;
}

// The C library's own, counted; free() stays as it is.
extern "C" {
void* malloc(std::size_t size) noexcept {
  ++asked;
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) noexcept {
  ++asked;
  return __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) noexcept {
  ++asked;
  return __libc_realloc(old, size);
}
void* memalign(std::size_t alignment, std::size_t size) noexcept {
  ++asked;
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
  ++asked;
  *memory = __libc_memalign(alignment, size);
  return *memory == nullptr ? 12 : 0;
}
}

namespace netsampler::capture {
namespace {

// Takes everything and keeps nothing.
class NoSink final : public SegmentSink {
 public:
  Result<void> start(const SourceInfo&, ByteView) override { return {}; }
  Result<void> segment(const Segment&) override { return {}; }
  Result<void> note(const Note&) override { return {}; }
};

class Allocations : public GrabFixture {
 protected:
  void SetUp() override {
    EncoderSettings settings{64, 64};
    settings.block_info = true;
    encoder_ = Encoder::open(settings).take();
    encode_ = std::make_unique<EncodeStage>(*encoder_, slots_, to_encode_, to_write_);
    write_ = std::make_unique<WriteStage>(sink_, to_write_, SourceInfo{"screen", "screen", "encoded", "h264", 64, 64, 0, encoder_->extradata()}, clock_);
    for (int n = 0; n < 1000; ++n) pixels_.changes_us.push_back(clock_.boot + n * 33'334LL);
  }
  // One picture's whole way; how often each stage asked for memory.
  void frame() {
    const long from = asked;
    EXPECT_TRUE(grab_.step().ok());
    const long grabbed = asked;
    EXPECT_TRUE(*encode_->step());
    const long encoded = asked;
    EXPECT_TRUE(*write_->step());
    grab_asked_ += grabbed - from;
    encode_asked_ += encoded - grabbed;
    write_asked_ += asked - encoded;
  }
  double each(long count) const { return static_cast<double>(count) / kFrames; }
  static constexpr int kWarm = 100, kFrames = 300;
  long grab_asked_ = 0, encode_asked_ = 0, write_asked_ = 0;
  NoSink sink_;
  std::unique_ptr<Encoder> encoder_;
  std::unique_ptr<EncodeStage> encode_;
  std::unique_ptr<WriteStage> write_;
};

// Grab: the script's own pixels, the map of blocks for the encoder. Encode: the coded picture, as it grows. Write, libavformat within: about one.
TEST_F(Allocations, AFrameCostsAFewAndNoMoreAsTimeGoesOn) {
  for (int n = 0; n < kWarm; ++n) frame();
  grab_asked_ = encode_asked_ = write_asked_ = 0;
  for (int n = 0; n < kFrames; ++n) frame();
  std::printf("a frame asks for memory: grab %.2f, encode %.2f, write %.2f times\n", each(grab_asked_), each(encode_asked_), each(write_asked_));
  EXPECT_GE(write_->segments(), 6);
  EXPECT_LE(each(grab_asked_), 3);
  EXPECT_LE(each(encode_asked_), 8);
  EXPECT_LE(each(write_asked_), 2);
}

// Twin: one more for each frame would be seen.
TEST_F(Allocations, TheCountSeesOneMore) {
  const long before = asked;
  const std::unique_ptr<Bytes> one = std::make_unique<Bytes>(100);
  EXPECT_EQ(asked - before, 2);
}

}  // namespace
}  // namespace netsampler::capture
