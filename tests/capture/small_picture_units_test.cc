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

// A Baseline SPS of 320 × 240 with the order of pictures in question; a PPS in question.
struct Sets {
  std::uint32_t profile = 66, order_type = 2, references = 1;
  std::uint32_t cabac = 0, weights = 0;
  Bytes sequence() const {
    Bytes unit{0x67};
    append(unit, written([&](BitWriter& bits) {
      bits.put(profile, 8);
      bits.put(0xc01e, 16);
      bits.put_ue(0);
      bits.put_ue(0);
      bits.put_ue(order_type);
      if (order_type == 0) bits.put_ue(4);
      bits.put_ue(references);
      bits.put(0, 1);
      bits.put_ue(19);
      bits.put_ue(14);
      bits.put(0b1100, 4);
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

TEST(H264Headers, TheOrderOfPicturesIsWrittenOut) {
  const auto ordered = order_sets(Sets().sequence(), Sets().picture());
  ASSERT_TRUE(ordered.ok());
  EXPECT_EQ(ordered->form.frame_number_bits, 4);
  EXPECT_EQ(ordered->form.init_qp, 20);
  EXPECT_EQ(ordered->form.chroma_qp_offset, -2);
  EXPECT_TRUE(ordered->form.deblocking_told);
  BitReader bits(ByteView(ordered->sequence).subspan(4));
  for (const std::uint32_t wanted : {0U, 0U, 0U, 12U, 1U}) EXPECT_EQ(bits.take_ue(), wanted);  // ids, order type 0 of 16 bits, one reference
  EXPECT_EQ(bits.take(1), 0U);
  EXPECT_EQ(bits.take_ue(), 19U);
  EXPECT_EQ(bits.take_ue(), 14U);
}

TEST(H264Headers, AnotherKindOfStreamIsRefused) {
  for (const Sets& each : {Sets{100}, Sets{66, 0}, Sets{66, 2, 2}, Sets{66, 2, 1, 1}, Sets{66, 2, 1, 0, 1}})
    EXPECT_FALSE(order_sets(each.sequence(), each.picture()).ok());
  const Bytes sequence = Sets().sequence();
  EXPECT_FALSE(order_sets(ByteView(sequence).first(6), Sets().picture()).ok());
  EXPECT_FALSE(order_sets(sequence, Bytes{0x68}).ok());
  EXPECT_FALSE(order_sets({}, {}).ok());
}

// Sixteen bits are put in, and nothing else is changed, wherever zeros make protection necessary.
TEST(H264Headers, AnOrderIsPutIntoASlice) {
  std::mt19937 random(9);
  const SliceForm form{.frame_number_bits = 4};
  for (int turn = 0; turn < 300; ++turn) {
    const bool first = turn % 3 == 0;
    const std::uint32_t number = first ? 0 : random() % 16;
    const auto order = static_cast<std::uint16_t>(turn % 2 == 0 ? random() : random() % 3);
    const auto head = [&](BitWriter& bits) {
      bits.put_ue(0);
      bits.put_ue(first ? 7 : 5);
      bits.put_ue(0);
      bits.put(number, 4);
      if (first) bits.put_ue(0);
    };
    Bytes rest(static_cast<std::size_t>(turn % 40));
    for (auto& byte : rest) byte = static_cast<std::uint8_t>(random() % 4 == 0 ? random() % 5 : 0);
    const auto unit = [&](bool ordered) {
      const Bytes payload = written([&](BitWriter& bits) {
        head(bits);
        if (ordered) bits.put(order, 16);
        for (const auto byte : rest) bits.put(byte, 8);
      });
      Bytes out;
      Protector to(out);
      to.put(first ? 0x65 : 0x61);
      for (const auto byte : payload) to.put(byte);
      return out;
    };
    Bytes out{9};
    const auto told = append_ordered(unit(false), form, order, out);
    ASSERT_TRUE(told.ok()) << told.error().text;
    EXPECT_EQ(*told, number);
    Bytes wanted{9, 0, 0, 0, static_cast<std::uint8_t>(unit(true).size())};
    append(wanted, unit(true));
    EXPECT_EQ(out, wanted) << turn;
  }
}

TEST(H264Headers, ASliceThatNobodyRefersToOrWithoutAHeaderIsRefused) {
  Bytes out;
  EXPECT_FALSE(append_ordered(Bytes{0x01, 0x9a, 0x22, 0x11}, {}, 2, out).ok());
  EXPECT_FALSE(append_ordered(Bytes{0x61}, {}, 2, out).ok());
  EXPECT_FALSE(append_ordered({}, {}, 2, out).ok());
  EXPECT_TRUE(append_ordered(Bytes{0x61, 0x9a, 0x22, 0x11}, {}, 2, out).ok());
}

// The inverse as ITU-T H.264, 8.5.12 says it, for luma at QP 20: what a decoder adds to the reference.
void add_levels(const std::int16_t (&levels)[16], std::uint8_t* to, int stride) {
  constexpr int kZigzag[16] = {0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15};
  constexpr int kScale[3] = {13, 20, 16};  // QP 20: 20 mod 6 = 2; times 2^(20/6 = 3)
  int d[4][4];
  for (int i = 0; i < 16; ++i) {
    const int at = kZigzag[i], odd = at / 4 % 2 + at % 2;
    d[at / 4][at % 4] = levels[i] * kScale[odd == 0 ? 0 : odd == 2 ? 1 : 2] << 3;
  }
  const auto turn = [](int& a, int& b, int& c, int& e) {
    const int even = a + c, odd = a - c, low = (b >> 1) - e, high = b + (e >> 1);
    a = even + high, b = odd + low, c = odd - low, e = even - high;
  };
  for (auto& row : d) turn(row[0], row[1], row[2], row[3]);
  for (int x = 0; x < 4; ++x) turn(d[0][x], d[1][x], d[2][x], d[3][x]);
  for (int y = 0; y < 4; ++y)
    for (int x = 0; x < 4; ++x) {
      std::uint8_t& pixel = to[y * stride + x];
      pixel = static_cast<std::uint8_t>(std::clamp(pixel + ((d[y][x] + 32) >> 6), 0, 255));
    }
}

constexpr int kWidth = 96, kHeight = 64;

struct Picture {
  Bytes luma = Bytes(kWidth * kHeight, 90), chroma = Bytes(kWidth * kHeight / 2, 120);
  PictureView view() const { return {PixelLayout::nv12, {luma.data(), chroma.data(), nullptr}, {kWidth, kWidth, 0}}; }
};

// One key picture by x264, then one written small against `reference`; what a decoder shows of both.
struct Shown {
  std::optional<Decoded> key, small;
};
Shown show(const Picture& before, const Picture& after, const std::vector<std::uint32_t>& blocks, int shift_of_reference) {
  EncoderSettings settings{kWidth, kHeight};
  settings.block_info = true;
  const auto encoder = Encoder::open(settings).take();
  H264Decoder decoder(encoder->extradata());
  Shown shown;
  shown.key = decoder.decode(encoder->encode(before.view(), 0, true, {}).take());
  if (!shown.key) return shown;
  Picture reference;
  reference.luma = shown.key->luma;
  for (std::size_t i = 0; i < shown.key->cb.size(); ++i) reference.chroma[2 * i] = shown.key->cb[i], reference.chroma[2 * i + 1] = shown.key->cr[i];
  std::rotate(reference.luma.begin(), reference.luma.begin() + shift_of_reference, reference.luma.end());
  Packet packet{3000, false, {}};
  const SliceForm form{.frame_number_bits = 4, .init_qp = 20, .chroma_qp_offset = 0, .deblocking_told = true};
  SmallPictureWriter(kWidth, kHeight, 20, form).write(after.view(), reference.view(), blocks, {0, 2}, packet.bytes);
  shown.small = decoder.decode(packet);
  return shown;
}

struct Change {
  Picture before, after;
  std::vector<std::uint32_t> blocks{0, 1, 5, 8, 14, 23};
  Change() {
    std::mt19937 random(3);
    for (auto& pixel : before.luma) pixel = static_cast<std::uint8_t>(80 + random() % 60);
    after = before;
    for (const auto block : blocks)
      for (std::size_t i = 0; i < 256; ++i) after.luma[(block / 6 * 16 + i / 16) * kWidth + block % 6 * 16 + i % 16] = static_cast<std::uint8_t>(random() % (block < 8 ? 256 : 200));
  }
};

TEST(SmallPicture, ADecoderShowsTheReferencePlusTheLevelsBitForBit) {
  const Change change;
  const Shown shown = show(change.before, change.after, change.blocks, 0);
  ASSERT_TRUE(shown.key && shown.small);
  Bytes wanted = shown.key->luma;
  Picture reference;
  reference.luma = wanted;
  for (const auto block : change.blocks) {
    MacroblockLevels levels;
    Residual(20, 0).measure(change.after.view(), kWidth, kHeight, reference.view(), static_cast<int>(block % 6), static_cast<int>(block / 6), levels);
    for (std::size_t i = 0; i < 16; ++i)
      add_levels(levels.luma[i], wanted.data() + (block / 6 * 16 + i / 4 * 4) * kWidth + block % 6 * 16 + i % 4 * 4, kWidth);
  }
  EXPECT_EQ(shown.small->luma, wanted);
  EXPECT_EQ(shown.small->cb, shown.key->cb);
  EXPECT_NE(shown.small->luma, shown.key->luma);
}

TEST(SmallPicture, AgainstAnotherReferenceItIsNotWhatWasPutIn) {
  const Change change;
  const auto most = [&](int shift) {
    const Shown shown = show(change.before, change.after, change.blocks, shift);
    int apart = shown.small ? 0 : 1000;
    for (const auto block : change.blocks) {
      const std::size_t at = block / 6 * 16 * kWidth + block % 6 * 16;
      apart = std::max(apart, std::abs(change.after.luma[at] - (shown.small ? shown.small->luma[at] : 0)));
    }
    return apart;
  };
  EXPECT_LT(most(0), 12);
  EXPECT_GT(most(1), 12);
}

}  // namespace
}  // namespace netsampler::capture
