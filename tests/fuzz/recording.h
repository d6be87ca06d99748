// The recording that the chain's target begins from: one of most kinds, over two epochs, without personal members (their salts are
// random), so that every run has the same bytes.
#pragma once
#include "tests/evidence/verify/case_maker.h"

namespace netsampler::test {

inline constexpr std::int64_t kEpochsOfSound = 2;

inline RecordingMaker fuzz_recording(const SigningKey& box) {
  ManualClock clock;
  RecordingMaker made(kUnboxing, "unboxing", clock, box, kEpochsOfSound);
  made.open();
  made.add("clock", {{"state", "synchronised"}, {"offset_us", -120}, {"error_us", 900}, {"phase", "before"},
                     {"servers", {{{"server", "a.test"}, {"ok", true}, {"offset_us", 3}, {"delay_us", 9}, {"dispersion_us", 1}, {"stratum", 2}}}}});
  made.source();
  made.segment({.first_pts = 0});
  made.segment({.first_pts = 180'000, .key = false});
  made.add("page", {{"page", 0}, {"kind", "product"}, {"origin", "https://shop.example"}, {"status", 200}, {"responses", 3},
                    {"bytes", 5}, {"from_us", 1}, {"to_us", 2}, {"ended", "left"},
                    {"files", Json::array({made.file("pages/0/page.warc", "WARC/1.1")})}});
  made.add("mark", {{"item", "40-2"}, {"from_us", 1}});
  made.add("finding", {{"code", "marker-late"}, {"severity", "note"}});
  made.close();
  return made;
}

}  // namespace netsampler::test
