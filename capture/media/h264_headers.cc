#include "capture/media/h264_headers.h"

#include "capture/media/h264_bits.h"

namespace netsampler::capture {
namespace {

constexpr std::uint32_t kBaseline = 66;
constexpr std::uint8_t kIdrSlice = 5;

Error strange(const char* what) {
  return Error{ErrorKind::internal, std::string("x264's ") + what + " is not as this program knows it (use the libx264 of the packages' list)"};
}

// The unit's bytes behind its first.
Bytes payload_of(ByteView unit) {
  Bytes out;
  Unprotector bytes(unit.subspan(unit.empty() ? 0 : 1));
  while (const auto byte = bytes.take()) out.push_back(*byte);
  return out;
}

void copy_bits(BitReader& from, std::size_t count, BitWriter& to) {
  for (std::size_t i = 0; i < count; ++i) to.put(from.take(1), 1);
}

// Bits before rbsp_trailing_bits.
std::size_t content_bits(ByteView payload) {
  std::size_t bits = payload.size() * 8;
  while (bits > 0 && (payload[(bits - 1) / 8] >> (7 - (bits - 1) % 8) & 1) == 0) --bits;
  return bits == 0 ? 0 : bits - 1;
}

// One picture is kept, 010, becomes two, 011: max_num_ref_frames, and max_dec_frame_buffering at the very end.
Result<int> keep_two(Bytes& payload) {
  BitReader bits(payload);
  const auto more = [&](std::size_t at) { payload[at / 8] = static_cast<std::uint8_t>(payload[at / 8] | 0x80 >> at % 8); };
  bool known = bits.take(8) == kBaseline;
  bits.take(16);  // constraints, level
  bits.take_ue();
  const std::uint32_t more_bits = bits.take_ue();
  known = bits.take_ue() == 2 && known;  // pic_order_cnt_type
  known = bits.take_ue() == 1 && known;
  const std::size_t references_end = bits.at();
  bits.take(1);
  bits.take_ue();
  bits.take_ue();
  known = bits.take(1) == 1 && known;  // frames only
  bits.take(1);
  const bool cropped = bits.take(1) == 1;
  for (int side = 0; cropped && side < 4; ++side) bits.take_ue();
  known = bits.take(1) == 1 && known;  // more is told, at its end: none held back, one kept
  const std::size_t end = content_bits(payload);
  while (bits.ok() && bits.at() + 4 < end) bits.take(1);
  known = bits.take(4) == 0b1010 && known;
  if (!bits.ok() || !known || bits.at() != end || more_bits > 12) return strange("sequence header");
  more(references_end - 1);
  more(end - 1);
  return static_cast<int>(more_bits) + 4;
}

Result<void> read_picture(ByteView payload, SliceForm& form) {
  BitReader bits(payload);
  bool known = bits.take_ue() == 0 && bits.take_ue() == 0;  // ids
  known = bits.take(2) == 0 && known;                       // no CABAC, no order of fields
  known = bits.take_ue() == 0 && known;                     // one slice group
  known = bits.take_ue() == 0 && known;                     // one reference
  bits.take_ue();
  known = bits.take(3) == 0 && known;  // no weights
  form.init_qp = 26 + bits.take_se();
  bits.take_se();
  form.chroma_qp_offset = bits.take_se();
  form.deblocking_told = bits.take(1) == 1;
  known = bits.take(2) == 0 && known;  // intra blocks may lean on others; no redundant pictures
  if (!bits.ok() || !known) return strange("picture header");
  return {};
}

// The first bytes of a slice, changed. What is put in are 16 bits or none: whole bytes, so that whatever stands behind stays as it is.
Result<Bytes> keep_head(ByteView head, bool idr, const SliceForm& form, std::uint32_t frame_number) {
  BitReader read(head);
  for (int i = 0; i < 3; ++i) read.take_ue();  // first_mb_in_slice, type, PPS
  const std::size_t before = read.at();
  read.take(form.frame_number_bits);
  const std::uint32_t idr_number = idr ? read.take_ue() : 0;
  const std::uint32_t flags = read.take(idr ? 2 : 3);  // of an IDR picture: nothing held back, no long-term reference; else: nothing out of the ordinary
  if (!read.ok() || flags != 0) return strange("slice header");
  Bytes changed;
  changed.reserve(head.size() + 2);
  BitWriter out(changed);
  BitReader again(head);
  copy_bits(again, before, out);
  out.put(frame_number & ((1U << form.frame_number_bits) - 1), form.frame_number_bits);
  if (idr) {
    out.put_ue(idr_number);
    out.put(0b01, 2);  // long_term_reference_flag: kept as the first
  } else {
    out.put(0, 1);
    put_reference(out, KeptAs::encoded);
    out.put(1, 1);
    put_kept_as(out, KeptAs::encoded);
  }
  copy_bits(read, head.size() * 8 - read.at(), out);
  return changed;
}

}  // namespace

Result<KeptSets> keep_sets(ByteView sequence, ByteView picture) {
  KeptSets sets;
  Bytes payload = payload_of(sequence);
  sets.form.frame_number_bits = TRY(keep_two(payload));
  TRY(read_picture(payload_of(picture), sets.form));
  Protector protector(sets.sequence);
  protector.put(sequence[0]);
  for (const std::uint8_t byte : payload) protector.put(byte);
  return sets;
}

void put_reference(BitWriter& out, KeptAs which) {
  out.put(1, 1);    // ref_pic_list_modification_flag_l0
  out.put_ue(2);    // by its long-term number
  out.put_ue(static_cast<std::uint32_t>(which));
  out.put_ue(3);    // that is all
}

void put_kept_as(BitWriter& out, KeptAs which) {
  out.put_ue(6);  // this picture, instead of the one of that name so far
  out.put_ue(static_cast<std::uint32_t>(which));
  out.put_ue(0);
}

void put_length(Bytes& out, std::size_t from) {
  const std::size_t size = out.size() - from - 4;
  for (std::size_t i = 0; i < 4; ++i) out[from + i] = static_cast<std::uint8_t>(size >> (24 - 8 * i));
}

Result<void> append_kept(ByteView slice, const SliceForm& form, std::uint32_t frame_number, Bytes& out) {
  constexpr std::size_t kHeadBytes = 16;  // more than stands before what is changed
  if (slice.empty() || (slice[0] & 0x60) == 0) return strange("slice header");
  Unprotector from(slice.subspan(1));
  Bytes head;
  head.reserve(kHeadBytes);
  while (head.size() < kHeadBytes) {
    const auto byte = from.take();
    if (!byte) break;
    head.push_back(*byte);
  }
  const Bytes changed = TRY(keep_head(head, (slice[0] & 0x1f) == kIdrSlice, form, frame_number));
  const std::size_t begin = out.size();
  out.resize(begin + 4);
  Protector to(out);
  to.put(slice[0]);
  for (const std::uint8_t byte : changed) to.put(byte);
  while (!to.fresh() || !from.fresh()) {  // from here on both protect alike
    const auto byte = from.take();
    if (!byte) break;
    to.put(*byte);
  }
  append(out, from.rest());
  put_length(out, begin);
  return {};
}

}  // namespace netsampler::capture
