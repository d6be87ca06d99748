#include "tests/evidence/verify/media_maker.h"

namespace netsampler::test {
namespace {

std::string big_endian(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i) & 0xff);
  return text;
}

std::string zeros(std::size_t count) { return std::string(count, '\0'); }

std::string trun_of(const SegmentPlan& plan, std::size_t moof_bytes) {
  std::string rows;
  for (std::size_t i = 0; i < plan.durations.size(); ++i) {
    rows += u32(plan.durations[i]) + u32(4) + u32(i == 0 && plan.key ? 0x2000000 : 0x1010000);
    if (plan.reordered != 0) rows += u32(plan.reordered);
  }
  const std::uint64_t flags = plan.reordered != 0 ? 0xf01 : 0x701;
  return box("trun", u32(flags) + u32(plan.durations.size()) + u32(moof_bytes + 8 + plan.data_offset_error) + rows);
}

std::string moof_of(const SegmentPlan& plan, std::size_t moof_bytes) {
  const std::string tfhd = box("tfhd", u32(plan.tfhd_flags) + u32(plan.track));
  const std::string tfdt = box("tfdt", u32(0x1000000) + u64(plan.first_pts));
  return box("moof", box("mfhd", u32(0) + u32(1)) + box("traf", tfhd + tfdt + trun_of(plan, moof_bytes) + plan.more_in_traf));
}

}  // namespace

std::string u16(std::uint64_t value) { return big_endian(value, 2); }
std::string u32(std::uint64_t value) { return big_endian(value, 4); }
std::string u64(std::uint64_t value) { return big_endian(value, 8); }
std::string box(const std::string& type, const std::string& payload) { return u32(payload.size() + 8) + type + payload; }

std::string make_init(const InitPlan& plan) {
  const std::string entry = box(plan.entry, zeros(24) + u16(plan.width) + u16(plan.height) + zeros(50));
  const std::string stbl = box("stbl", box("stsd", u32(0) + u32(1) + entry) + box("stts", u32(0) + u32(plan.samples)) +
                                           box("stsc", zeros(8)) + box("stsz", u32(0) + u32(0) + u32(plan.samples)) +
                                           box("stco", zeros(8)));
  const std::string minf = box("minf", box("vmhd", zeros(12)) + box("dinf", zeros(8)) + stbl);
  const std::string mdhd = box("mdhd", zeros(12) + u32(plan.time_scale) + zeros(8));
  const std::string mdia = box("mdia", mdhd + box("hdlr", zeros(8) + plan.handler + zeros(13)) + minf);
  const std::string trak = box("trak", box("tkhd", zeros(84)) + mdia + plan.more_in_trak);
  const std::string mvex = box("mvex", box("trex", u32(0) + u32(1) + u32(1) + zeros(12)));
  return box("ftyp", "iso6") + box("moov", box("mvhd", zeros(100)) + trak + mvex + plan.more_in_moov);
}

std::string make_segment(const SegmentPlan& plan) {
  const std::size_t moof_bytes = moof_of(plan, 0).size();
  return box("styp", "msdh") + moof_of(plan, moof_bytes) +
         box("mdat", std::string(4 * plan.durations.size(), 'x') + plan.hidden) + plan.more_behind;
}

}  // namespace netsampler::test
