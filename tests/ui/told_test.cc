// What a case tells of its recordings' troubles: put together by hand, as the index would.
#include <gtest/gtest.h>

#include "ui/console/api_case_json.h"

namespace netsampler {
namespace {

RecordingView recording() {
  RecordingView view;
  view.row.id = std::string(26, 'a');
  view.row.opened_at_us = 1'000'000'000;
  view.row.opened_boot_us = 0;
  return view;
}

RecordRow interrupted(const std::string& id) {
  RecordRow record;
  record.type = "finding";
  record.at_us = 9'000'000'000;
  record.body = {{"code", "interrupted"}, {"severity", "partial"}, {"recording", id}, {"cause", "restarted"}, {"last_seq", 41}, {"last_us", 1'030'000'000}};
  return record;
}

TEST(Told, GapsFindingsAndTheInterruptionInTheOrderOfTime) {
  RecordingView view = recording();
  GapRow gap;
  gap.source = "screen", gap.cause = "suspended", gap.from_us = 20'000'000, gap.to_us = 25'000'000;
  view.gaps = {gap};
  FindingRow finding;
  finding.code = "strip-absent", finding.severity = "partial", finding.at_us = 1'010'000'000;
  view.findings = {finding};
  const Json told = told_json(view, {interrupted(view.row.id)});
  ASSERT_EQ(told.size(), 3U);
  EXPECT_EQ(told[0]["zh"], "画面上看不到时间条");
  EXPECT_EQ(told[1]["zh"], "设备休眠");
  EXPECT_EQ(told[1]["at_us"], 1'020'000'000);
  EXPECT_EQ(told[1]["duration_us"], 5'000'000);
  EXPECT_EQ(told[2]["what"], "interrupted");
  EXPECT_EQ(told[2]["zh"], "设备重启或断电");
  EXPECT_EQ(told[2]["last_seq"], 41);
}

TEST(Told, NothingWhereNothingWasAndNothingOfAnotherRecording) {
  const RecordingView view = recording();
  EXPECT_EQ(told_json(view, {}), Json::array());
  EXPECT_EQ(told_json(view, {interrupted(std::string(26, 'b'))}), Json::array());
}

}  // namespace
}  // namespace netsampler
