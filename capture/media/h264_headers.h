// x264's parameter sets and slice headers, so far as pictures of our own between x264's need them read or changed (ITU-T H.264, 7.3.2, 7.3.3).
// A decoder keeps two pictures, both by name (long-term references): kEncoded, x264's last one, which is all that x264 refers to, and kSmall, our own
// last one. So neither is lost by the other, and no picture stands for nothing: each is referred to by the next of its kind.
#pragma once
#include "capture/media/h264_bits.h"

namespace netsampler::capture {

enum class KeptAs : std::uint32_t { encoded = 0, small = 1 };  // LongTermFrameIdx
inline constexpr std::uint32_t kKeptPictures = 2;

// What the parameter sets say that a slice header needs.
struct SliceForm {
  int frame_number_bits = 4;
  int init_qp = 26;
  int chroma_qp_offset = 0;
  bool deblocking_told = false;  // disable_deblocking_filter_idc stands in each slice header
};

struct KeptSets {
  Bytes sequence;  // the SPS unit, saying that two pictures are kept
  SliceForm form;
};

// `sequence`, `picture`: SPS and PPS, units without what stands before them. `internal` where they are not Baseline with one reference, frames only,
// CAVLC, pictures shown in the order of decoding (pic_order_cnt_type 2), none held back: an x264 other than the one we build with.
Result<KeptSets> keep_sets(ByteView sequence, ByteView picture);

// Appends x264's slice unit, behind four bytes of length: with this frame_num, referring to KeptAs::encoded, and kept as that. `internal` where it
// is no whole header of a slice that others refer to.
Result<void> append_kept(ByteView slice, const SliceForm& form, std::uint32_t frame_number, Bytes& out);

// For a P slice's header: refer to that picture alone; from memory_management_control_operation on: keep this one as that.
void put_reference(BitWriter& out, KeptAs which);
void put_kept_as(BitWriter& out, KeptAs which);

// Four bytes of length for the unit that was appended from `from` on, where four bytes were left for them.
void put_length(Bytes& out, std::size_t from);

}  // namespace netsampler::capture
