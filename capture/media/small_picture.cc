#include "capture/media/small_picture.h"

#include <algorithm>
#include <cstring>

#include "capture/media/cavlc.h"

namespace netsampler::capture {
namespace {

constexpr std::uint8_t kUnit = 0x21;  // a slice of no IDR picture, nal_ref_idc 1
constexpr std::uint32_t kAllPSlices = 5;
constexpr std::size_t kInRows[16] = {0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15};  // the n-th coded luma block's place

// codeNum of an inter macroblock's coded_block_pattern (table 9-4).
constexpr std::uint8_t kPatterns[48] = {0, 16, 1, 2, 4, 8, 32, 3, 5, 10, 12, 15, 47, 7, 11, 13, 14, 6, 9, 31, 35, 37, 42, 44,
                                        33, 34, 36, 40, 39, 43, 45, 46, 17, 18, 20, 24, 19, 21, 26, 28, 23, 27, 29, 30, 22, 25, 38, 41};

std::uint32_t code_of_pattern(int pattern) {
  return static_cast<std::uint32_t>(std::find(std::begin(kPatterns), std::end(kPatterns), pattern) - std::begin(kPatterns));
}

}  // namespace

SmallPictureWriter::SmallPictureWriter(int width, int height, int qp, const SliceForm& form)
    : width_(width),
      height_(height),
      across_(static_cast<std::uint32_t>(blocks_of(width))),
      all_(across_ * static_cast<std::uint32_t>(blocks_of(height))),
      qp_(qp),
      form_(form),
      residual_(qp, form.chroma_qp_offset),
      restorer_(qp, form.chroma_qp_offset),
      luma_(std::make_unique_for_overwrite<std::uint8_t[]>(std::size_t{all_} * kBlock * kBlock)),
      chroma_(std::make_unique_for_overwrite<std::uint8_t[]>(std::size_t{all_} * kBlock * kBlock / 2)),
      ours_(all_, 0),
      counts_(all_ * kCounts, 0) {}

void SmallPictureWriter::begin(const PictureView& decoded) {
  encoded_ = decoded;
  first_ = true;
  std::fill(ours_.begin(), ours_.end(), std::uint8_t{0});
}

void SmallPictureWriter::write(const PictureView& picture, std::span<const std::uint32_t> blocks, std::uint32_t frame_number, Bytes& out) {
  payload_.clear();
  BitWriter bits(payload_);
  put_header(bits, frame_number);
  std::uint32_t next = 0;  // the first block not written yet
  for (const std::uint32_t at : blocks) {
    if (!measure(picture, at)) continue;  // a skipped block is the same
    bits.put_ue(at - next);
    put_macroblock(bits, at);
    restore(at);
    next = at + 1;
  }
  if (next < all_) bits.put_ue(all_ - next);
  bits.finish();
  for (const std::uint32_t at : blocks) std::fill_n(counts_.begin() + static_cast<std::ptrdiff_t>(at * kCounts), kCounts, std::uint8_t{0});
  first_ = false;

  const std::size_t begin = out.size();
  out.reserve(begin + 5 + payload_.size() * 3 / 2);
  out.resize(begin + 4);
  Protector protector(out);
  protector.put(kUnit);
  for (const std::uint8_t byte : payload_) protector.put(byte);
  put_length(out, begin);
}

PictureView SmallPictureWriter::before(std::uint32_t at) const {
  const int stride = static_cast<int>(across_) * kBlock;
  return ours_[at] == 0 ? encoded_ : PictureView{PixelLayout::nv12, {luma_.get(), chroma_.get(), nullptr}, {stride, stride, 0}};
}

bool SmallPictureWriter::measure(const PictureView& picture, std::uint32_t at) {
  residual_.measure(picture, width_, height_, before(at), static_cast<int>(at % across_), static_cast<int>(at / across_), levels_);
  return levels_.pattern != 0;
}

void SmallPictureWriter::restore(std::uint32_t at) {
  const std::size_t stride = std::size_t{across_} * kBlock, x = at % across_ * kBlock, row = at / across_;
  std::uint8_t* luma = luma_.get() + row * kBlock * stride + x;
  std::uint8_t* chroma = chroma_.get() + row * kBlock / 2 * stride + x;
  if (ours_[at] == 0) {
    const auto take = [&](int plane, std::size_t rows, std::uint8_t* to) {
      const std::uint8_t* from = encoded_.planes[plane] + static_cast<std::ptrdiff_t>(row * rows) * encoded_.strides[plane] + x;
      for (std::size_t y = 0; y < rows; ++y) std::memcpy(to + y * stride, from + static_cast<std::ptrdiff_t>(y) * encoded_.strides[plane], kBlock);
    };
    take(0, kBlock, luma);
    take(1, kBlock / 2, chroma);
  }
  ours_[at] = 1;
  restorer_.add(levels_, luma, chroma, static_cast<int>(stride));
}

void SmallPictureWriter::put_header(BitWriter& bits, std::uint32_t frame_number) const {
  bits.put_ue(0);  // first_mb_in_slice
  bits.put_ue(kAllPSlices);
  bits.put_ue(0);  // the one PPS
  bits.put(frame_number & ((1U << form_.frame_number_bits) - 1), form_.frame_number_bits);
  bits.put(0, 1);  // as many references as the PPS says
  put_reference(bits, first_ ? KeptAs::encoded : KeptAs::small);
  bits.put(1, 1);
  bits.put_ue(4);  // so many long-term references there may be
  bits.put_ue(kKeptPictures);
  put_kept_as(bits, KeptAs::small);
  bits.put_se(qp_ - form_.init_qp);
  if (form_.deblocking_told) bits.put_ue(1);  // off, as x264's with ultrafast
}

void SmallPictureWriter::put_macroblock(BitWriter& bits, std::uint32_t at) {
  bits.put_ue(0);  // P_L0_16x16
  bits.put_se(0);  // no motion, as all its neighbours
  bits.put_se(0);
  bits.put_ue(code_of_pattern(levels_.pattern));
  bits.put_se(0);  // mb_qp_delta
  put_luma(bits, at);
  put_chroma(bits, at);
}

void SmallPictureWriter::put_luma(BitWriter& bits, std::uint32_t at) {
  for (const std::size_t block : kInRows) {
    if ((levels_.pattern >> (block / 8 * 2 + block % 4 / 2) & 1) == 0) continue;
    const int around = context(at, 0, 4, static_cast<std::uint32_t>(block % 4), static_cast<std::uint32_t>(block / 4));
    counts_[at * kCounts + block] = static_cast<std::uint8_t>(put_levels(bits, levels_.luma[block], around));
  }
}

void SmallPictureWriter::put_chroma(BitWriter& bits, std::uint32_t at) {
  if (levels_.pattern >> 4 == 0) return;
  for (const auto& plane : levels_.chroma_dc) put_levels(bits, plane, kChromaDcContext);
  if (levels_.pattern >> 4 == 1) return;
  for (std::size_t plane = 0; plane < 2; ++plane) {
    const std::size_t first = 16 + 4 * plane;
    for (std::size_t block = 0; block < 4; ++block) {
      const int around = context(at, first, 2, static_cast<std::uint32_t>(block % 2), static_cast<std::uint32_t>(block / 2));
      counts_[at * kCounts + first + block] = static_cast<std::uint8_t>(put_levels(bits, levels_.chroma_ac[plane][block], around));
    }
  }
}

// nC (9.2.1): of the blocks left and above; `first`: where this plane's counts begin, `side`: its blocks in a row.
int SmallPictureWriter::context(std::uint32_t at, std::size_t first, std::uint32_t side, std::uint32_t x, std::uint32_t y) const {
  const auto count = [&](std::uint32_t macroblock, std::uint32_t block_x, std::uint32_t block_y) -> int {
    return counts_[macroblock * kCounts + first + block_y * side + block_x];
  };
  const bool has_left = x > 0 || at % across_ > 0, has_above = y > 0 || at >= across_;
  const int left = !has_left ? 0 : x > 0 ? count(at, x - 1, y) : count(at - 1, side - 1, y);
  const int above = !has_above ? 0 : y > 0 ? count(at, x, y - 1) : count(at - across_, x, side - 1);
  return has_left && has_above ? (left + above + 1) / 2 : left + above;
}

}  // namespace netsampler::capture
