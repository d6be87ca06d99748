// The parts of pictures of our own, each against a second opinion: headers, transform, and what a decoder makes of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>

#include "capture/media/cavlc.h"
#include "capture/media/small_pictures.h"
#include "tests/capture/h264_decoder.h"

namespace netsampler::capture {
namespace {

Bytes unprotected(ByteView bytes) {
  Bytes out;
  Unprotector from(bytes);
  while (const auto byte = from.take()) out.push_back(*byte);
  return out;
}

Bytes written(const std::function<void(BitWriter&)>& what) {
  Bytes out;
  BitWriter bits(out);
  what(bits);
  bits.finish();
  return out;
}

TEST(H264Bits, NumbersAreReadAsTheyWereWritten) {
  const std::uint32_t numbers[] = {0, 1, 2, 7, 8, 255, 256, 65'535, 1'000'000, 2'147'483'646};
  const std::int32_t signs[] = {0, 1, -1, 2, -2, 900, -900, 1'000'000, -1'000'000};
  const Bytes bytes = written([&](BitWriter& bits) {
    for (const auto number : numbers) bits.put_ue(number);
    for (const auto number : signs) bits.put_se(number);
  });
  BitReader bits(bytes);
  for (const auto number : numbers) EXPECT_EQ(bits.take_ue(), number);
  for (const auto number : signs) EXPECT_EQ(bits.take_se(), number);
  EXPECT_TRUE(bits.ok());
  bits.take(32);
  EXPECT_FALSE(bits.ok()) << "beyond the end";
}

TEST(H264Bits, ProtectionIsTakenBackAndLeavesNoStartCode) {
  std::mt19937 random(5);
  for (int turn = 0; turn < 200; ++turn) {
    Bytes bytes(60), protected_bytes;
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random() % 5 < 4 ? random() % 2 * (random() % 5) : random());
    Protector to(protected_bytes);
    for (const auto byte : bytes) to.put(byte);
    EXPECT_EQ(unprotected(protected_bytes), bytes);
    for (std::size_t i = 2; i < protected_bytes.size(); ++i)
      EXPECT_FALSE(protected_bytes[i - 2] == 0 && protected_bytes[i - 1] == 0 && protected_bytes[i] < 3) << turn;
  }
}

// A Baseline SPS of 320 × 240, and a PPS.
struct Sets {
  std::uint32_t profile = 66, order_type = 2, references = 1, held_back = 0;
  std::uint32_t cabac = 0, weights = 0;
  Bytes sequence() const {
    Bytes unit{0x67};
    append(unit, written([&](BitWriter& bits) {
      bits.put(profile, 8);
      bits.put(0xc01e, 16);
      bits.put_ue(0);
      bits.put_ue(1);
      bits.put_ue(order_type);
      bits.put_ue(references);
      bits.put(0, 1);
      bits.put_ue(19);
      bits.put_ue(14);
      bits.put(0b1101, 4);
      bits.put(0x123456, 24);  // whatever else is told
      bits.put_ue(held_back);
      bits.put_ue(references);
    }));
    return unit;
  }
  Bytes picture() const {
    Bytes unit{0x68};
    append(unit, written([&](BitWriter& bits) {
      for (int i = 0; i < 2; ++i) bits.put_ue(0);
      bits.put(cabac << 1, 2);
      for (int i = 0; i < 3; ++i) bits.put_ue(0);
      bits.put(weights << 2, 3);
      bits.put_se(-6);
      bits.put_se(0);
      bits.put_se(-2);
      bits.put(0b100, 3);
    }));
    return unit;
  }
};

TEST(H264Headers, ParameterSetsSayWhatASliceNeeds) {
  const auto kept = keep_sets(Sets().sequence(), Sets().picture());
  ASSERT_TRUE(kept.ok());
  EXPECT_EQ(kept->form.frame_number_bits, 5);
  EXPECT_EQ(kept->form.init_qp, 20);
  EXPECT_EQ(kept->form.chroma_qp_offset, -2);
  EXPECT_TRUE(kept->form.deblocking_told);
  EXPECT_EQ(kept->sequence, (Sets{.references = 2}.sequence()));
}

TEST(H264Headers, AnotherKindOfStreamIsRefused) {
  for (const Sets& each : {Sets{.profile = 100}, Sets{.order_type = 0}, Sets{.references = 2}, Sets{.held_back = 1}, Sets{.cabac = 1}, Sets{.weights = 1}})
    EXPECT_FALSE(keep_sets(each.sequence(), each.picture()).ok());
  const Bytes sequence = Sets().sequence();
  EXPECT_FALSE(keep_sets(ByteView(sequence).first(6), Sets().picture()).ok());
  EXPECT_FALSE(keep_sets(sequence, Bytes{0x68}).ok());
  EXPECT_FALSE(keep_sets({}, {}).ok());
}

// A slice as x264 writes it, or with what is put into it.
struct Slice {
  bool idr = false, kept = false;
  std::uint32_t number = 0, out_of_order = 0;
  Bytes rest = {};
  Bytes unit() const {
    const Bytes payload = written([&](BitWriter& bits) {
      bits.put_ue(0);
      bits.put_ue(idr ? 7 : 5);
      bits.put_ue(0);
      bits.put(number, 4);
      if (idr) bits.put_ue(0);
      if (idr) bits.put(kept ? 1 : 0, 2);
      if (!idr && !kept) bits.put(out_of_order, 3);
      if (!idr && kept) bits.put(0b010'1110'0100'1001'1111, 19);  // refer to long-term 0 (flag, 2, 0, end), keep as long-term 0 (flag, 6, 0, end)
      for (const auto byte : rest) bits.put(byte, 8);
    });
    Bytes out;
    Protector to(out);
    to.put(idr ? 0x65 : 0x61);
    for (const auto byte : payload) to.put(byte);
    return out;
  }
};

// A few bits are put in, and nothing else is changed, wherever zeros make protection necessary.
TEST(H264Headers, ASliceIsKeptByName) {
  std::mt19937 random(9);
  const SliceForm form{.frame_number_bits = 4};
  for (int turn = 0; turn < 300; ++turn) {
    Slice slice{turn % 3 == 0};
    slice.rest.resize(static_cast<std::size_t>(turn % 40));
    for (auto& byte : slice.rest) byte = static_cast<std::uint8_t>(random() % 4 == 0 ? random() % 5 : 0);
    Bytes out{9};
    const std::uint32_t number = slice.idr ? 0 : static_cast<std::uint32_t>(random());
    const auto done = append_kept(slice.unit(), form, number, out);
    ASSERT_TRUE(done.ok()) << done.error().text;
    slice.kept = true;
    slice.number = number % 16;
    Bytes wanted{9, 0, 0, 0, static_cast<std::uint8_t>(slice.unit().size())};
    append(wanted, slice.unit());
    EXPECT_EQ(out, wanted) << turn;
  }
}

TEST(H264Headers, ASliceThatNobodyRefersToOrOutOfTheOrdinaryIsRefused) {
  const SliceForm form{.frame_number_bits = 4};
  const Bytes sound = Slice{.rest = {1, 2, 3}}.unit();
  Bytes out, unused = sound;
  EXPECT_TRUE(append_kept(sound, form, 2, out).ok());
  unused[0] = 0x01;
  EXPECT_FALSE(append_kept(unused, form, 2, out).ok());
  for (const std::uint32_t flags : {1U, 2U, 4U}) EXPECT_FALSE(append_kept(Slice{.out_of_order = flags, .rest = {1, 2, 3}}.unit(), form, 2, out).ok());
  EXPECT_FALSE(append_kept(ByteView(sound).first(1), form, 2, out).ok());
  EXPECT_FALSE(append_kept({}, form, 2, out).ok());
}

constexpr int kWidth = 96, kHeight = 64;

struct Picture {
  Bytes luma = Bytes(kWidth * kHeight, 90), chroma = Bytes(kWidth * kHeight / 2, 120);
  PictureView view() const { return {PixelLayout::nv12, {luma.data(), chroma.data(), nullptr}, {kWidth, kWidth, 0}}; }
  static Picture of(const Decoded& decoded) {
    Picture picture;
    picture.luma = decoded.luma;
    for (std::size_t i = 0; i < decoded.cb.size(); ++i) picture.chroma[2 * i] = decoded.cb[i], picture.chroma[2 * i + 1] = decoded.cr[i];
    return picture;
  }
};

// Some blocks of noise become another noise.
struct Change {
  Picture before, after;
  std::vector<std::uint32_t> blocks{0, 1, 5, 8, 14, 23};
  explicit Change(unsigned seed = 3) {
    std::mt19937 random(seed);
    for (auto& pixel : before.luma) pixel = static_cast<std::uint8_t>(80 + random() % 60);
    for (auto& pixel : before.chroma) pixel = static_cast<std::uint8_t>(110 + random() % 30);
    after = before;
    for (const auto block : blocks) {
      const int strength = 1 << random() % 8;
      const auto pick = [&](int from, int below) { return std::uniform_int_distribution<int>(from, below - 1)(random); };
      for (std::size_t i = 0; i < 256; ++i) add(after.luma[(block / 6 * 16 + i / 16) * kWidth + block % 6 * 16 + i % 16], pick(-strength, strength));
      for (std::size_t i = 0; i < 128; ++i) add(after.chroma[(block / 6 * 8 + i / 16) * kWidth + block % 6 * 16 + i % 16], pick(0, strength));
    }
  }

 private:
  static void add(std::uint8_t& pixel, int difference) { pixel = static_cast<std::uint8_t>(std::clamp(pixel + difference, 0, 255)); }
};

// One key picture by x264, then one written small, on a reference with its rows moved; what a decoder shows of both.
struct Shown {
  std::optional<Decoded> key, small;
};
Shown show(const Change& change, int qp, int shift_of_reference) {
  EncoderSettings settings{kWidth, kHeight, qp};
  settings.block_info = true;
  const auto encoder = Encoder::open(settings).take();
  H264Decoder decoder(encoder->extradata());
  Shown shown;
  shown.key = decoder.decode(encoder->encode(change.before.view(), 0, true, {}).take());
  if (!shown.key) return shown;
  Picture reference = Picture::of(*shown.key);
  std::rotate(reference.luma.begin(), reference.luma.begin() + shift_of_reference, reference.luma.end());
  const SliceForm form{.frame_number_bits = 4, .init_qp = qp, .chroma_qp_offset = 0, .deblocking_told = true};
  SmallPictureWriter writer(kWidth, kHeight, qp, form);
  writer.begin(reference.view());
  Packet packet{3000, false, {}};
  writer.write(change.after.view(), change.blocks, 1, packet.bytes);
  shown.small = decoder.decode(packet);
  return shown;
}

TEST(SmallPicture, ADecoderShowsWhatTheRestorerSaysBitForBit) {
  for (int qp = 10; qp <= 51; ++qp) {
    const Change change(static_cast<unsigned>(qp));
    const Shown shown = show(change, qp, 0);
    ASSERT_TRUE(shown.key && shown.small) << qp;
    const Picture reference = Picture::of(*shown.key);
    Picture wanted = reference;
    for (const auto block : change.blocks) {
      MacroblockLevels levels;
      Residual(qp, 0).measure(change.after.view(), kWidth, kHeight, reference.view(), static_cast<int>(block % 6), static_cast<int>(block / 6), levels);
      const std::size_t x = block % 6 * 16, row = block / 6;
      Restorer(qp, 0).add(levels, wanted.luma.data() + row * 16 * kWidth + x, wanted.chroma.data() + row * 8 * kWidth + x, kWidth);
    }
    const Picture seen = Picture::of(*shown.small);
    EXPECT_EQ(seen.luma, wanted.luma) << qp;
    EXPECT_EQ(seen.chroma, wanted.chroma) << qp;
    EXPECT_TRUE(seen.luma != reference.luma || qp > 30) << qp;  // beyond that the noise is lost
  }
}

TEST(SmallPicture, OnAnotherReferenceItIsNotWhatWasPutIn) {
  const Change change;
  const auto most = [&](int shift) {
    const Shown shown = show(change, 20, shift);
    int apart = shown.small ? 0 : 1000;
    for (std::size_t i = 0; shown.small && i < change.after.luma.size(); ++i) apart = std::max(apart, std::abs(change.after.luma[i] - shown.small->luma[i]));
    return apart;
  };
  EXPECT_LT(most(0), 20);
  EXPECT_GT(most(1), 20);
}

}  // namespace
}  // namespace netsampler::capture
