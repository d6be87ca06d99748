// The purchase: a case, a recording of the screen, the scripted officer in the browser, the order and its waybill.
#include <poll.h>

#include <algorithm>

#include "evidence/base/file_system.h"
#include "evidence/ledger/client.h"
#include "ui/cli/command.h"
#include "ui/demo/stage.h"

namespace netsampler {
namespace {

constexpr int kConfirmMs = 60'000, kStopMs = 60'000;
constexpr std::int64_t kPurchaseLimitUs = 300'000'000;  // four times the human pace

Json samplers_of(const Stage& stage) {
  return {{{"id", "cq-0001"}, {"password", stage.passwords[0]}}, {{"id", "cq-0002"}, {"password", stage.passwords[1]}}};
}

Result<void> open_case(Stage& stage) {
  const SystemClock clock;
  std::string stamp = beijing_time(clock.utc_us());
  std::replace_if(stamp.begin(), stamp.end(), [](char c) { return c == ' ' || c == ':'; }, '-');
  stage.case_id = "DEMO-" + stamp;
  LedgerClient ledger = TRY(LedgerClient::connect(stage.paths.ledger_socket));
  TRY(ledger.case_open(stage.case_id, "cq-0001", Json::object(),
                       {{"title", "演示：网络抽样买样（移动电源）"}, {"product", "移动电源"}}));
  return {};
}

// One line of the officer's log: a step is shown; true at the end, when the order's logistics page has shown the waybill.
Result<bool> take_line(Stage& stage, std::string_view text) {
  const Json line = TRY_WITH(parse_any(text), "officer's log");
  if (line.contains("failed"))
    return fail(ErrorKind::unavailable, "the officer could not buy: " + string_or(line, "failed", "no reason told"));
  if (!bool_or(line, "done", false)) {
    stage.progress.detail(string_or(line, "zh", string_or(line, "step", "")));
    return false;
  }
  stage.waybill = TRY_WITH(get_string(line, "waybill"), "the shop showed no waybill");
  return true;
}

Result<void> follow_officer(Stage& stage, const std::string& recording) {
  const SystemClock clock;
  const RealFileSystem disk;
  const std::int64_t end_us = clock.boot_us() + kPurchaseLimitUs;
  std::size_t told = 0;
  while (clock.boot_us() < end_us) {
    auto log = disk.read(stage.options.out + "/officer.jsonl", 1u << 20);
    const std::string text = log.ok() ? std::string(as_text(*log)) : "";
    for (auto end = text.find('\n', told); end != std::string::npos; end = text.find('\n', told)) {
      const bool done = TRY(take_line(stage, std::string_view(text).substr(told, end - told)));
      if (done) return {};
      told = end + 1;
    }
    TRY(wait_for_phase(stage.paths.root, recording, "recording", 1000));  // a recording that died ends the wait at once
    ::poll(nullptr, 0, 200);
  }
  return fail(ErrorKind::unavailable, "the officer did not finish within 300 s (see officer.jsonl)");
}

}  // namespace

Result<void> buy(Stage& stage) {
  TRY(open_case(stage));
  stage.progress.step("录屏并在商城购买样品（案件 " + stage.case_id + "）", "recorded purchase");
  const Json begun = TRY(ask_supervisor(
      stage.paths.root,
      {{"op", "record_start"}, {"case", stage.case_id}, {"kind", "purchase"}, {"samplers", samplers_of(stage)}}));
  const std::string recording = TRY(get_string(begun, "recording"));
  TRY(wait_for_phase(stage.paths.root, recording, "recording", kConfirmMs));
  stage.progress.detail("录制已确认 / recording confirmed " + recording);
  // The officer waits for this file: nobody buys before the recording stands on the disk.
  RealFileSystem disk;
  TRY(write_whole(disk, stage.options.out + "/officer-go", as_bytes(recording)));
  TRY(follow_officer(stage, recording));
  stage.progress.step("封存购买录像", "purchase sealed");
  TRY(ask_supervisor(stage.paths.root, {{"op", "record_stop"}, {"case", stage.case_id}, {"samplers", samplers_of(stage)}}));
  const Json ended = TRY(wait_for_phase(stage.paths.root, recording, "ended", kStopMs));
  stage.progress.detail(std::to_string(int_or(ended, "sealed", 0)) + " 段 / segments, " +
                        std::to_string(int_or(ended, "pages", 0)) + " 页 / pages");
  return {};
}

}  // namespace netsampler
