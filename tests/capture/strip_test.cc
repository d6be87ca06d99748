#include <gtest/gtest.h>

#include <algorithm>

#include "capture/strip/box_state.h"
#include "capture/strip/marker.h"
#include "capture/strip/preparation.h"
#include "capture/strip/strip_watch.h"
#include "capture/strip/strip_words.h"

namespace netsampler::capture {
namespace {

StripText sample_text() {
  StripText text{1'795'354'624'000'000, "C-1", "张三、李四", {}, ""};
  text.box.answered = true;
  text.box.clock_state = "synchronised";
  text.box.error_us = 1234;
  text.box.head = std::string(64, 'a');
  return text;
}

StandingPicture screen_with_strip() {
  StandingPicture picture(640, 120);
  const auto strip = paint_strip(640, sample_text());
  if (strip.ok()) picture.update({0, 0, 640, kStripHeight}, strip->pixels.data(), 640 * 4);
  return picture;
}

TEST(Marker, IsFoundOnAPaintedStrip) { EXPECT_TRUE(marker_present(screen_with_strip())); }

TEST(Marker, IsMissedOnAnEmptyScreen) { EXPECT_FALSE(marker_present(StandingPicture(640, 120))); }

TEST(Marker, IsMissedWhenAnyCellIsCoveredOrOff) {
  for (int cell = 0; cell < 8; ++cell) {
    StandingPicture picture = screen_with_strip();
    Bytes wrong(10 * kStripHeight * 4, 128);
    picture.update({cell * kMarkerCellWidth, 0, kMarkerCellWidth, kStripHeight}, wrong.data(), 40);
    EXPECT_FALSE(marker_present(picture)) << cell;
  }
}

TEST(Marker, IsMissedWhenShiftedByHalfACell) {
  StandingPicture picture(640, 120);
  const auto strip = paint_strip(630, sample_text());
  ASSERT_TRUE(strip.ok());
  picture.update({5, 0, 630, kStripHeight}, strip->pixels.data(), 630 * 4);
  EXPECT_FALSE(marker_present(picture));
}

TEST(Marker, IsMissedOnAScreenSmallerThanIt) { EXPECT_FALSE(marker_present(StandingPicture(60, 20))); }

TEST(StripPaint, ANewSecondChangesThePicture) {
  StripText text = sample_text();
  const auto first = paint_strip(1280, text), again = paint_strip(1280, text);
  text.utc_us += 1'000'000;
  const auto later = paint_strip(1280, text);
  ASSERT_TRUE(first.ok() && again.ok() && later.ok());
  EXPECT_EQ(first->pixels, again->pixels);
  EXPECT_NE(first->pixels, later->pixels);
}

bool is_red(const Result<Painting>& strip) {
  if (!strip.ok()) return false;
  const std::size_t at = strip->pixels.size() - 4 * 4;  // the right lower corner, where no word stands
  return strip->pixels[at + 2] > 150 && strip->pixels[at + 1] < 60 && strip->pixels[at] < 60;
}

TEST(StripPaint, TurnsRedWhenTheLedgerIsSilentAndNotForOneMissedAnswer) {
  StripText text = sample_text();
  text.box.answered = false;
  text.box.unanswered = 1;
  EXPECT_EQ(trouble_of(text), "");
  EXPECT_FALSE(is_red(paint_strip(1280, text)));
  text.box.unanswered = 3;
  EXPECT_NE(trouble_of(text), "");
  EXPECT_TRUE(is_red(paint_strip(1280, text)));
}

TEST(StripPaint, TurnsRedWithWhatWaitsWhenTheLedgerIsLate) {
  StripText text = sample_text();
  text.waiting_s = 12;
  text.waiting_bytes = 3'400'000;
  EXPECT_EQ(trouble_of(text), "封存缓慢 SEALING LATE，待封存 12 秒 4 MB WAITING");
  EXPECT_TRUE(is_red(paint_strip(1280, text)));
  text.box.unanswered = 3;
  EXPECT_EQ(trouble_of(text), "账本无应答 LEDGER SILENT，待封存 12 秒 4 MB WAITING");
  text.waiting_s = 0;
  EXPECT_EQ(trouble_of(text), "账本无应答 LEDGER SILENT");
}

TEST(StripPaint, TurnsRedWhenNothingMoreCanBeSealedOrTheRecordingEnded) {
  StripText broken = sample_text(), ended = sample_text();
  broken.box.broken = "disk is full";
  ended.ended_by = "disk is full";
  for (const StripText& text : {broken, ended}) {
    EXPECT_NE(trouble_of(text).find("disk is full"), std::string::npos);
    EXPECT_TRUE(is_red(paint_strip(1280, text)));
  }
  EXPECT_FALSE(is_red(paint_strip(1280, sample_text())));
}

TEST(StripPaint, RecordingIsSaidOnlyWhenASegmentLiesOnTheDisk) {
  StripText text = sample_text();
  const auto preparing = paint_strip(1280, text);
  text.box.segments = 1;
  const auto recording = paint_strip(1280, text);
  text.box.segments = 2;
  const auto further = paint_strip(1280, text);
  ASSERT_TRUE(preparing.ok() && recording.ok() && further.ok());
  EXPECT_NE(preparing->pixels, recording->pixels);
  EXPECT_EQ(recording->pixels, further->pixels);
}

TEST(ClockWords, AnErrorBeyondTheLimitIsBadHoweverSynchronised) {
  BoxState box;
  box.clock_state = "synchronised";
  box.error_us = 500'000;
  box.limit_us = 500'000;
  EXPECT_EQ(clock_tone(box), Tone::plain);
  EXPECT_EQ(clock_text(box), "±500 ms 已同步");
  box.error_us = 500'001;
  EXPECT_EQ(clock_tone(box), Tone::bad);
  EXPECT_NE(clock_text(box).find("误差超限"), std::string::npos);
  box.error_us = 1'000;
  box.clock_state = "holdover";
  EXPECT_EQ(clock_tone(box), Tone::doubtful);
}

Json usual_environment() {
  return {{"browser", "Chrome"}, {"browser_version", "156.0"}, {"kernel", "Linux 6.1"}, {"display", ":1"}, {"width", 1280}, {"height", 684},
          {"extensions", 0}, {"webdriver", false}, {"proxy", false}, {"hosts_changed", false}, {"devtools", false}, {"profile_new", true}};
}

std::size_t marked(const std::vector<PageLine>& lines) {
  return static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), [](const PageLine& line) { return line.tone == Tone::bad; }));
}

TEST(ClockWords, WhatRoundsToNothingHasNoSign) {
  EXPECT_EQ(milliseconds(-30), "0.0 ms");
  EXPECT_EQ(milliseconds(49), "0.0 ms");
  EXPECT_EQ(milliseconds(-51), "-0.1 ms");
  EXPECT_EQ(milliseconds(-9'960), "-10.0 ms");
  EXPECT_EQ(milliseconds(60), "0.1 ms");
}

TEST(PreparationPage, WhatIsUnusualInTheEnvironmentIsMarked) {
  EXPECT_EQ(marked(environment_lines(usual_environment())), 0U);
  const std::pair<const char*, Json> unusual[] = {{"extensions", 2}, {"webdriver", true}, {"proxy", true}, {"hosts_changed", true}, {"devtools", true}, {"profile_new", false}};
  for (const auto& [key, value] : unusual) {
    Json environment = usual_environment();
    environment[key] = value;
    EXPECT_EQ(marked(environment_lines(environment)), 1U) << key;
  }
}

TEST(PreparationPage, WhatTheMachineHasBesideIsMarkedToo) {
  Json usual = usual_environment();
  usual.update({{"authorities_system", 0}, {"authorities_account", 0}, {"authorities_policy", 0}, {"dns_servers", 1}, {"default_routes", 1}, {"tunnels", 0},
                {"processes", 90}, {"browsers_other", 0}, {"remote_control", 0}, {"screen_sharing", 0}, {"interception", 0},
                {"free_bytes", 100'000'000'000}, {"browser_sha256", std::string(64, 'a')}});
  EXPECT_EQ(environment_lines(usual).size(), environment_lines(usual_environment()).size() + 5);
  EXPECT_EQ(marked(environment_lines(usual)), 0U);
  const std::pair<const char*, Json> unusual[] = {{"authorities_account", 1}, {"dns_servers", 0}, {"default_routes", 0}, {"tunnels", 1}, {"browsers_other", 1},
                                                  {"remote_control", 1}, {"screen_sharing", 1}, {"interception", 1}, {"free_bytes", 1'000'000}};
  for (const auto& [key, value] : unusual) {
    Json environment = usual;
    environment[key] = value;
    EXPECT_EQ(marked(environment_lines(environment)), 1U) << key;
  }
}

TEST(PreparationPage, HasServersEnvironmentAndBox) {
  Preparation page{sample_text(), "r", "0.1", std::string(64, 'c')};
  page.now.box.box_id = std::string(64, 'b');
  page.now.box.servers = {{"ntp.example", true, 1'000, 2'000, 2, 3'000, ""}, {"ntp2.example", false, 0, 0, 0, 0, "timeout"}};
  const auto without = preparation_sections(page);
  ASSERT_EQ(without.size(), 3U);
  EXPECT_EQ(without[1].size(), 1U);  // says that nothing is known yet
  page.now.box.environment = environment_lines(usual_environment());
  std::string all;
  for (const auto& section : preparation_sections(page))
    for (const PageLine& line : section) all += line.label + " " + line.value + "\n";
  for (const char* words : {"ntp.example 偏差 offset 1.0 ms   往返 delay 2.0 ms   层级 stratum 2   离散 dispersion 3.0 ms", "ntp2.example 无应答", "timeout", "Chrome 156.0",
                            "C-1", "张三、李四", "cccccccc", "bbbbbbbb"})
    EXPECT_NE(all.find(words), std::string::npos) << words;
}

TEST(PreparationPage, ShowsTheTimeStampsCodeWhereThereIsOne) {
  const auto modules = beacon_modules(std::string(64, 'd'));
  ASSERT_TRUE(modules.ok());
  const auto with = paint_page(1280, 684, kPreparationTitle, {}, *modules), without = paint_page(1280, 684, kPreparationTitle, {}, {});
  ASSERT_TRUE(with.ok() && without.ok());
  EXPECT_NE(with->pixels, without->pixels);
}

TEST(StripPaint, SaysWhatIsNotKnown) {
  EXPECT_EQ(error_text(-1), "误差未知");
  EXPECT_EQ(error_text(86'400'000'000), "误差未知");
  EXPECT_EQ(error_text(1'234), "±1.2 ms");
  EXPECT_EQ(error_text(123'400), "±123 ms");
  EXPECT_EQ(error_text(16'000'000), "±16 s");
  EXPECT_EQ(clock_state_text("synchronised"), "已同步");
  EXPECT_EQ(clock_state_text(""), "未同步");
}

TEST(StripWatch, OneFindingForOneAbsence) {
  StripWatch watch("screen");
  EXPECT_FALSE(watch.look(true, 1'000'000));
  EXPECT_FALSE(watch.look(false, 2'000'000));
  EXPECT_FALSE(watch.look(false, 3'000'000));
  const auto note = watch.look(true, 4'000'000);
  ASSERT_TRUE(note);
  EXPECT_EQ(note->type, "finding");
  EXPECT_EQ(note->body["code"], "strip-absent");
  EXPECT_EQ(note->body["from_us"], 2'000'000);
  EXPECT_EQ(note->body["to_us"], 4'000'000);
  EXPECT_EQ(note->body["count"], 2);
  EXPECT_FALSE(watch.look(true, 5'000'000));
}

TEST(StripWatch, AnAbsenceAtTheEndIsReported) {
  StripWatch watch("screen");
  EXPECT_FALSE(watch.finish(1));
  EXPECT_FALSE(watch.look(false, 2'000'000));
  EXPECT_TRUE(watch.finish(2'500'000));
}

TEST(BoxState, ReadsItsOwnRecordingAndTheClock) {
  const Json status = {{"recordings", {{{"id", "other"}, {"kind", "unboxing"}, {"head", "11"}}, {{"id", "mine"}, {"kind", "purchase"}, {"head", "22"}, {"segments", 3}, {"environment", usual_environment()}, {"broken", "disk is full"}}}},
                       {"clock",
                        {{"state", "synchronised"},
                         {"error_us", 900},
                         {"limit_us", 500'000},
                         {"offset_us", -5},
                         {"stratum", 2},
                         {"servers", {{{"server", "ntp.example"}, {"ok", true}, {"offset_us", 7}, {"delay_us", 8}, {"stratum", 1}}}}}}};
  const BoxState state = box_state_from(status, "mine");
  EXPECT_EQ(state.kind, "purchase");
  EXPECT_EQ(state.head, "22");
  EXPECT_EQ(state.broken, "disk is full");
  EXPECT_EQ(state.error_us, 900);
  EXPECT_EQ(state.limit_us, 500'000);
  EXPECT_EQ(state.segments, 3);
  EXPECT_EQ(state.environment.size(), 8U);
  ASSERT_EQ(state.servers.size(), 1U);
  EXPECT_EQ(state.servers[0].delay_us, 8);
}

TEST(BoxState, WhatIsMissingStaysUnknown) {
  const BoxState state = box_state_from(Json{{"recordings", Json::array()}}, "mine");
  EXPECT_TRUE(state.kind.empty());
  EXPECT_TRUE(state.clock_state.empty());
  EXPECT_EQ(state.error_us, -1);
}

TEST(BoxState, ASilentLedgerIsSaid) {
  BoxStatus status("/nonexistent/socket", "mine");
  EXPECT_FALSE(status.poll().answered);
}

}  // namespace
}  // namespace netsampler::capture
