// One recording by itself: what its writer (or someone who has its keys) may and may not do.
#include "tests/evidence/verify/helpers.h"

namespace netsampler::test {
namespace {

using testing::Contains;
using testing::ElementsAre;

struct Bent {
  const char* name;
  std::function<void(RecordingMaker& made, ManualClock& clock)> make;  // between open + source and close
  std::vector<std::string> codes;                                      // exactly these
};

// The screen has another size from here on.
void go_on(RecordingMaker& made, const std::string& follows) {
  made.source_name = "screen-2";
  made.follows = follows;
  made.source();
}

const Bent kBent[] = {
    {"Nothing", [](auto&, auto&) {}, {"unstamped"}},
    {"OneSegment", [](auto& m, auto&) { m.segment({}); }, {"unstamped"}},
    {"Contiguous", [](auto& m, auto&) { m.segment({}); m.segment({.first_pts = 180'000, .key = false}); }, {"unstamped"}},
    {"JumpWithoutGap", [](auto& m, auto&) { m.segment({}); m.segment({.first_pts = 190'000}); }, {"discontinuity", "unstamped"}},
    {"JumpWithGap", [](auto& m, auto&) {
       m.segment({});
       m.add("gap", {{"source", "screen"}, {"cause", "stalled"}, {"from_us", 1}, {"to_us", 2}});
       m.segment({.first_pts = 190'000});
     }, {"gap", "unstamped"}},
    {"OverlapWithGap", [](auto& m, auto&) {
       m.segment({});
       m.add("gap", {{"source", "screen"}, {"cause", "stalled"}, {"from_us", 1}, {"to_us", 2}});
       m.segment({.first_pts = 170'000});
     }, {"gap", "discontinuity", "unstamped"}},
    {"FramesApart", [](auto& m, auto&) { m.segment({.durations = {108'000, 9'000}}); }, {"frames-apart", "unstamped"}},
    {"FramesApartAndDenied", [](auto& m, auto&) { m.segment({.durations = {108'000, 9'000}}, [](Json& o) { o["longest_us"] = 1'000; }); }, {"media-mismatch", "unstamped"}},
    {"KeyEveryTenSeconds", [](auto& m, auto&) { for (std::uint64_t i = 0; i < 6; ++i) m.segment({.first_pts = i * 180'000, .key = i % 5 == 0}); }, {"unstamped"}},
    {"KeyAfterTwelve", [](auto& m, auto&) { for (std::uint64_t i = 0; i < 7; ++i) m.segment({.first_pts = i * 180'000, .key = i % 6 == 0}); }, {"key-apart", "unstamped"}},
    {"KeyDenied", [](auto& m, auto&) { m.segment({}, [](Json& o) { o["key"] = false; }); }, {"key-apart", "media-mismatch", "unstamped"}},
    {"FrameCountWrong", [](auto& m, auto&) { m.segment({}, [](Json& o) { o["frames"] = 3; }); }, {"media-mismatch", "counts", "unstamped"}},
    {"FirstPtsWrong", [](auto& m, auto&) { m.segment({}, [](Json& o) { o["first_pts"] = 1; }); }, {"media-mismatch", "unstamped"}},
    {"FramesLate", [](auto& m, auto&) { m.segment({}, [](Json& o) { o["last_us"] = o["last_us"].template get<std::int64_t>() + 150'000; }); }, {"frame-clock", "unstamped"}},
    {"SealedLate", [](auto& m, auto&) { m.segment({}, [](Json& o) { o["sealed_late_us"] = 900'000'000; }); }, {"sealed-late", "unstamped"}},
    {"SegmentLeftOut", [](auto& m, auto&) { m.segment({}); m.segment({.first_pts = 180'000}, [](Json& o) { o["no"] = 2; }); }, {"segment-order", "record-shape", "unstamped"}},
    {"SourceUnknown", [](auto& m, auto&) { m.segment({}, [](Json& o) { o["source"] = "phone"; }); }, {"source", "unstamped"}},
    {"SourceFollowsAnother", [](auto& m, auto&) { go_on(m, "screen"); m.segment({}); }, {"unstamped"}},
    {"SourceFollowsNone", [](auto& m, auto&) { go_on(m, "screen-9"); m.segment({}); }, {"source", "unstamped"}},
    {"SourceFollowsItself", [](auto& m, auto&) { go_on(m, "screen-2"); m.segment({}); }, {"source", "unstamped"}},
    {"SourceFollowedTwice", [](auto& m, auto&) { go_on(m, "screen"); m.source_name = "screen-3"; m.source(); m.segment({}); }, {"source", "unstamped"}},
    {"SourceGoesOnThoughFollowed", [](auto& m, auto&) { m.segment({}); go_on(m, "screen"); m.segment({}); m.segment({}, [](Json& o) { o["source"] = "screen"; }); },
     {"segment-order", "discontinuity", "frame-clock", "record-shape", "unstamped"}},
    {"SourceFollowsInTime", [](auto& m, auto& c) { m.segment({}); c.advance(50'000); go_on(m, "screen"); m.segment({}); }, {"unstamped"}},
    {"SourceFollowsTooLate", [](auto& m, auto& c) { m.segment({}); c.advance(200'000); go_on(m, "screen"); m.segment({}); }, {"discontinuity", "unstamped"}},
    {"SourceFollowsTooLateAndSaysSo", [](auto& m, auto& c) { m.segment({}); c.advance(200'000); go_on(m, "screen"); m.add("gap", {{"source", "screen-2"}, {"cause", "resized"}, {"from_us", 1}, {"to_us", 2}}); m.segment({}); },
     {"gap", "unstamped"}},
    {"SourceFollowsBeforeTheEnd", [](auto& m, auto& c) { m.segment({}); c.advance(-1'500'000); go_on(m, "screen"); m.segment({}); }, {"time-backwards", "discontinuity", "unstamped"}},
    {"SourceTwice", [](auto& m, auto&) { m.source(); }, {"source", "unstamped"}},
    {"EpochPassed", [](auto& m, auto& c) { c.advance(kTestEpochUs); m.add("mark", {{"from_us", 1}}); }, {"unstamped"}},
    {"EpochLate", [](auto& m, auto& c) { c.advance(2 * kTestEpochUs); m.add("mark", {{"from_us", 1}}); }, {"epoch-late", "unstamped"}},
    {"EpochRecordLeftOut", [](auto& m, auto& c) { m.skip_epoch_records(); c.advance(kTestEpochUs); m.add("mark", {{"from_us", 1}}); }, {"epoch", "unstamped"}},
    {"OldEpochNewKey", [](auto& m, auto&) { m.wrong_epoch_key = 1; m.add("mark", {{"from_us", 1}}); m.wrong_epoch_key.reset(); }, {"signature", "unstamped"}},
    {"EpochOfTomorrow", [](auto& m, auto&) { m.wrong_epoch_key = 1; m.add("mark", {{"from_us", 1}}, Json::object(), [](Json& o) { o["epoch"] = 1; }); m.wrong_epoch_key.reset(); }, {"epoch", "epoch", "unstamped"}},
    {"UtcWithinItsError", [](auto& m, auto& c) { c.utc += 3'000; m.add("mark", {{"from_us", 1}}); }, {"unstamped"}},
    {"UtcBack30Days", [](auto& m, auto& c) { c.utc -= 30 * 86'400'000'000; m.add("mark", {{"from_us", 1}}); c.utc += 30 * 86'400'000'000; }, {"clock-contradiction", "clock-contradiction", "unstamped"}},
    {"UtcSteppedAndSaid", [](auto& m, auto& c) { c.utc += 9'000'000; m.err_clock = "stepped"; m.add("mark", {{"from_us", 1}}); m.err_clock = "holdover"; }, {"clock-stepped", "unstamped"}},
    {"BootClockBack", [](auto& m, auto& c) { c.advance(1'000'000); m.add("mark", {{"from_us", 1}}); c.advance(-1'000'000); }, {"time-backwards", "unstamped"}},
    {"Rebooted", [](auto& m, auto&) { m.boot_lie = "another"; m.add("mark", {{"from_us", 1}}); m.boot_lie.clear(); }, {"boot-changed", "unstamped"}},
    {"ClockBeyondTheLimit", [](auto& m, auto&) { m.err_us = 600'000; m.add("mark", {{"from_us", 1}}); }, {"clock-limit", "unstamped"}},
    {"FindingOfTheRecorder", [](auto& m, auto&) { m.add("finding", {{"code", "marker-absent"}, {"severity", "partial"}}); }, {"recorded-partial", "unstamped"}},
    {"FindingThatBreaks", [](auto& m, auto&) { m.add("finding", {{"code", "x"}, {"severity", "broken"}}); }, {"recorded-broken", "unstamped"}},
    {"UnknownKind", [](auto& m, auto&) { m.add("hologram", {{"depth", 3}}); }, {"opaque", "unstamped"}},
    {"UnknownMember", [](auto& m, auto&) { m.add("mark", {{"from_us", 1}, {"colour", "red"}}); }, {"unstamped"}},
    {"MemberMissing", [](auto& m, auto&) { m.add("gap", {{"source", "screen"}}); }, {"record-shape", "unstamped"}},
    {"AnothersRecord", [](auto& m, auto&) { m.add("mark", {{"from_us", 1}}, Json::object(), [](Json& o) { o["recording"] = kUnboxing; }); }, {"wrong-chain", "unstamped"}},
    {"BookRecordInAChain", [](auto& m, auto&) { m.add("mark", {{"from_us", 1}}, Json::object(), [](Json& o) { o.erase("epoch"); o.erase("recording"); o["case"] = "x"; o["actor"] = "y"; }); }, {"wrong-chain", "unstamped"}},
    {"SecondOpen", [](auto& m, auto&) { m.open(); }, {"sequence"}},
    {"CountsWrong", [](auto& m, auto&) { m.add("close", {{"reason", "stopped"}}, Json::object(), [](Json& o) { o["records"] = 99; }); }, {"counts", "after-close", "unstamped"}},
};

class ARecording : public testing::TestWithParam<Bent> {};

TEST_P(ARecording, IsJudged) {
  ManualClock clock;
  const SigningKey box = box_key();
  RecordingMaker made(kPurchase, "purchase", clock, box);
  made.open();
  made.source();
  GetParam().make(made, clock);
  made.close();
  const auto report = report_of(made.files);
  if (GetParam().name == std::string("SecondOpen"))
    EXPECT_THAT(codes_of(report), Contains("open-first")) << print_of(report);
  else
    EXPECT_EQ(codes_of(report), GetParam().codes) << print_of(report);
}

INSTANTIATE_TEST_SUITE_P(Bent, ARecording, testing::ValuesIn(kBent), [](const auto& one) { return std::string(one.param.name); });

Files recording_of(const SigningKey& box) {
  ManualClock clock;
  return sound_purchase(clock, box).files;
}

TEST(Interrupted, CutAtAnEdgeIsPartial) {
  Files files = recording_of(box_key());
  files["chain.jsonl"] = without_line(files["chain.jsonl"], 10);
  EXPECT_THAT(codes_of(report_of(files)), ElementsAre("interrupted", "unstamped"));
}

TEST(Interrupted, CutInsideARecordIsPartialAndSaysHowMuch) {
  Files files = recording_of(box_key());
  files["chain.jsonl"].resize(files["chain.jsonl"].size() - 20);
  const auto report = report_of(files);
  EXPECT_THAT(codes_of(report), ElementsAre("interrupted", "unstamped"));
  EXPECT_THAT(report.findings.at(0).detail, testing::HasSubstr("torn last line"));
}

TEST(Interrupted, AtEveryByteIsNeverBroken) {
  const Files sound = recording_of(box_key());
  const std::string chain = sound.at("chain.jsonl");
  const std::size_t open_end = chain.find('\n') + 1;
  for (std::size_t size = open_end; size < chain.size(); size += 97) {
    Files files = sound;
    files["chain.jsonl"].resize(size);
    const auto report = report_of(files);
    // Files of records that were cut off are there and unnamed; the openings of the cut record may be ahead of it, but
    // openings of several records behind the end are more than a crash leaves.
    EXPECT_THAT(codes_of(report), Contains("interrupted"));
    EXPECT_STREQ(verify::verdict_of(report), "PARTIAL") << print_of(report);
  }
}

TEST(Trust, AnotherBoxIsUntrustedAndNothingElse) {
  EXPECT_THAT(codes_of(report_of(recording_of(other_key()))), ElementsAre("untrusted", "unstamped"));
}

TEST(Trust, ForeignBoxSignatureUnderTheBoxsNameIsBroken) {
  Files files = recording_of(other_key());
  files["chain.jsonl"] = replaced(files["chain.jsonl"], to_base64(other_key().public_key()), to_base64(box_key().public_key()));
  EXPECT_THAT(codes_of(report_of(files)), testing::AllOf(Contains("box-signature"), Contains("signature"), Contains("prev")));
}

TEST(Splice, OfTwoRecordingsOfOneBoxIsBroken) {
  ManualClock clock;
  const SigningKey box = box_key();
  const Files a = sound_purchase(clock, box).files;
  Files b = small_recording(kUnboxing, "unboxing", clock, box).files;
  b["chain.jsonl"] += line_at(a.at("chain.jsonl"), 5) + "\n";
  EXPECT_THAT(codes_of(report_of(b)), testing::AllOf(Contains("wrong-chain"), Contains("prev"), Contains("after-close")));
}

}  // namespace
}  // namespace netsampler::test
