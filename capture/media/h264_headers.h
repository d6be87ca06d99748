// x264's parameter sets and slice headers, so far as pictures of our own between x264's need them read or changed (ITU-T H.264, 7.3.2, 7.3.3).
// x264 numbers pictures by pic_order_cnt_type 2, which forbids two pictures in a row that no other refers to (7.4.2.1.1). Ours are such.
// So the order is written out instead: type 0, 16 bits in each slice header, two a picture.
#pragma once
#include <cstdint>

#include "evidence/base/bytes.h"

namespace netsampler::capture {

inline constexpr int kOrderBits = 16;

// What the parameter sets say that a slice header needs.
struct SliceForm {
  int frame_number_bits = 4;
  int init_qp = 26;
  int chroma_qp_offset = 0;
  bool deblocking_told = false;  // disable_deblocking_filter_idc stands in each slice header
};

struct OrderedSets {
  Bytes sequence;  // the SPS unit with pic_order_cnt_type 0
  SliceForm form;
};

// `sequence`, `picture`: SPS and PPS, units without what stands before them. `internal` where they are not Baseline with one reference, frames only,
// CAVLC and pic_order_cnt_type 2: an x264 other than the one we build with.
Result<OrderedSets> order_sets(ByteView sequence, ByteView picture);

// Appends x264's slice unit, behind four bytes of length, with `order` put into its header. Returns its frame_num. `internal` where it is no
// whole header of a slice that others refer to.
Result<std::uint32_t> append_ordered(ByteView slice, const SliceForm& form, std::uint16_t order, Bytes& out);

// Four bytes of length for the unit that was appended from `from` on, where four bytes were left for them.
void put_length(Bytes& out, std::size_t from);

}  // namespace netsampler::capture
