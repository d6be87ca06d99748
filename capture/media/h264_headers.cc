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

// Up to and without pic_order_cnt_type.
Result<int> read_sequence_begin(BitReader& bits) {
  const std::uint32_t profile = bits.take(8);
  bits.take(16);  // constraints, level
  bits.take_ue();
  const auto frame_number_bits = static_cast<int>(bits.take_ue()) + 4;
  if (!bits.ok() || profile != kBaseline || frame_number_bits > 16) return strange("sequence header");
  return frame_number_bits;
}

Result<void> check_sequence_end(BitReader bits) {
  const bool one_reference = bits.take_ue() == 1;
  bits.take(1);
  bits.take_ue();
  bits.take_ue();
  const bool frames_only = bits.take(1) == 1;
  if (!bits.ok() || !one_reference || !frames_only) return strange("sequence header");
  return {};
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

}  // namespace

Result<OrderedSets> order_sets(ByteView sequence, ByteView picture) {
  const Bytes payload = payload_of(sequence);
  OrderedSets sets;
  BitReader bits(payload);
  sets.form.frame_number_bits = TRY(read_sequence_begin(bits));
  const std::size_t begin = bits.at();
  if (bits.take_ue() != 2) return strange("order of pictures");
  TRY(check_sequence_end(bits));
  TRY(read_picture(payload_of(picture), sets.form));

  Bytes changed;
  BitWriter out(changed);
  BitReader head(payload);
  copy_bits(head, begin, out);
  out.put_ue(0);
  out.put_ue(kOrderBits - 4);
  copy_bits(bits, content_bits(payload) - bits.at(), out);
  out.finish();
  Protector protector(sets.sequence);
  protector.put(sequence[0]);
  for (const std::uint8_t byte : changed) protector.put(byte);
  return sets;
}

void put_length(Bytes& out, std::size_t from) {
  const std::size_t size = out.size() - from - 4;
  for (std::size_t i = 0; i < 4; ++i) out[from + i] = static_cast<std::uint8_t>(size >> (24 - 8 * i));
}

Result<std::uint32_t> append_ordered(ByteView slice, const SliceForm& form, std::uint16_t order, Bytes& out) {
  constexpr std::size_t kHeadBytes = 16;  // first_mb_in_slice, type, set, frame_num, idr_pic_id: less than that
  if (slice.empty() || (slice[0] & 0x60) == 0) return strange("slice header");
  Unprotector from(slice.subspan(1));
  Bytes head;
  while (head.size() < kHeadBytes) {
    const auto byte = from.take();
    if (!byte) break;
    head.push_back(*byte);
  }
  BitReader bits(head);
  for (int i = 0; i < 3; ++i) bits.take_ue();
  const std::uint32_t frame_number = bits.take(form.frame_number_bits);
  if ((slice[0] & 0x1f) == kIdrSlice) bits.take_ue();
  if (!bits.ok()) return strange("slice header");

  // Sixteen bits more are two bytes more: whatever stands behind the byte they fall into stays as it is.
  Bytes changed;
  BitWriter writer(changed);
  BitReader again(head);
  copy_bits(again, bits.at(), writer);
  writer.put(order, kOrderBits);
  copy_bits(again, head.size() * 8 - bits.at(), writer);

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
  return frame_number;
}

}  // namespace netsampler::capture
