// A film of painted strips on a coloured screen, through the recorder's own conversion, encoder and container.
#pragma once
#include <gtest/gtest.h>

#include "capture/media/frame_slots.h"
#include "capture/media/segmenter.h"
#include "capture/strip/box_state.h"
#include "capture/strip/marker.h"
#include "capture/strip/strip_paint.h"

namespace netsampler::capture {

inline StripText strip_text(std::int64_t utc_us, const std::string& head, const std::string& beacon) {
  StripText text{utc_us, "C-1", "张三、李四", {}, ""};
  text.box.answered = true;
  text.box.head = head;
  take_beacon({{"beacon", beacon}}, text.box);
  return text;
}

class Film {
 public:
  static constexpr int kWidth = 640, kHeight = 360;
  static constexpr std::int64_t kLastTicks = 9'000;  // a segment's last frame stands so long

  Film() : picture_(kWidth, kHeight), slots_(kWidth, kHeight, 1) {
    EncoderSettings settings{kWidth, kHeight};
    settings.block_info = true;
    encoder_ = Encoder::open(settings).take();
    writer_ = CmafWriter::open({"screen", "screen", "encoded", "h264", kWidth, kHeight, 0, encoder_->extradata()}).take();
    Bytes page(static_cast<std::size_t>(kWidth) * kHeight * 4);
    for (std::size_t i = 0; i < page.size(); ++i) page[i] = static_cast<std::uint8_t>(i * 7 >> 5);
    picture_.update({0, 0, kWidth, kHeight}, page.data(), kWidth * 4);
  }
  void add(const StripText& text, std::int64_t pts, bool key, bool covered = false, std::int64_t at_us = 0) {
    auto strip = paint_strip(kWidth, text);
    ASSERT_TRUE(strip.ok());
    if (covered) std::fill(strip->pixels.begin(), strip->pixels.end(), std::uint8_t{90});
    picture_.update({0, 0, kWidth, kStripHeight}, strip->pixels.data(), kWidth * 4);
    const auto slot = slots_.take();
    ASSERT_TRUE(slot);
    slots_.fill(*slot, picture_);
    auto packet = encoder_->encode(slots_.view(*slot), pts, key, picture_.changed());
    ASSERT_TRUE(packet.ok());
    picture_.clear_changed();
    slots_.give_back(*slot);
    frames_.push_back({pts, at_us, packet->key, false, 0, std::move(packet->bytes)});
  }
  std::vector<EncodedFrame>& frames() { return frames_; }  // since the last segment
  const Bytes& extradata() const { return encoder_->extradata(); }
  const Bytes& init() const { return writer_->init(); }
  Bytes segment() {
    for (std::size_t i = 0; i < frames_.size(); ++i)
      EXPECT_TRUE(writer_->put(frames_[i], i + 1 < frames_.size() ? frames_[i + 1].pts - frames_[i].pts : kLastTicks).ok());
    frames_.clear();
    return writer_->end_segment().value_or({});
  }
  Bytes init_and_segment() {
    Bytes all = init();
    append(all, segment());
    return all;
  }

 private:
  StandingPicture picture_;
  FrameSlots slots_;
  std::unique_ptr<Encoder> encoder_;
  std::unique_ptr<CmafWriter> writer_;
  std::vector<EncodedFrame> frames_;
};

}  // namespace netsampler::capture
