// Tiny fragmented MP4 files, box by box, sound unless told otherwise.
#pragma once
#include <string>
#include <vector>

#include "evidence/base/bytes.h"

namespace netsampler::test {

std::string box(const std::string& type, const std::string& payload);
std::string u16(std::uint64_t value);
std::string u32(std::uint64_t value);
std::string u64(std::uint64_t value);

struct InitPlan {
  std::uint64_t time_scale = 90'000, width = 64, height = 48, samples = 0;
  std::string entry = "avc1", handler = "vide";
  std::string more_in_trak = {}, more_in_moov = {};  // boxes that do not belong there
};
std::string make_init(const InitPlan& plan = {});

struct SegmentPlan {
  std::uint64_t first_pts = 0;
  std::vector<std::uint64_t> durations = {90'000, 90'000};  // ticks, one for each frame
  bool key = true;
  std::uint64_t track = 1, tfhd_flags = 0x20000, reordered = 0, data_offset_error = 0;
  std::string more_in_traf = {}, more_behind = {}, hidden = {};  // hidden: bytes in mdat that no frame owns
};
std::string make_segment(const SegmentPlan& plan);

}  // namespace netsampler::test
