// The parcel: a film of it with the order's waybill on the label, served as a live camera, recorded; the waybill that the recorder
// reads in the picture finds the case, nobody tells it.
#include <poll.h>

#include "ui/cli/command.h"
#include "ui/demo/stage.h"

namespace netsampler {
namespace {

constexpr int kFilmMakingMs = 120'000, kConfirmMs = 60'000, kStopMs = 60'000;
constexpr std::int64_t kFilmLimitUs = 120'000'000;
constexpr std::int64_t kFilmSegments = 23;  // of 1 s, as the film has its key pictures: the whole of it

Result<void> watch_film(Stage& stage, const std::string& recording) {
  const SystemClock clock;
  const std::int64_t end_us = clock.boot_us() + kFilmLimitUs;
  while (clock.boot_us() < end_us) {
    const Json session = TRY(wait_for_phase(stage.paths.root, recording, "recording", 1000));
    if (int_or(session, "sealed", 0) >= kFilmSegments) return {};
    ::poll(nullptr, 0, 300);
  }
  return fail(ErrorKind::unavailable, "the camera delivered too little within 120 s (see box/logs/capture.log)");
}

Result<void> check_included(const Stage& stage, const Json& ended) {
  for (const auto& one : ended["included"])
    if (one == stage.case_id) return {};
  return fail(ErrorKind::invalid, "the waybill in the picture did not find the case " + stage.case_id);
}

}  // namespace

Result<void> unbox(Stage& stage) {
  stage.progress.step("收货拆封：摄像头录制，运单号由画面读出", "unboxing before the camera");
  const std::string film = stage.options.out + "/parcel.mp4";
  TRY(run_and_read({"/usr/bin/python3", stage.material + "/parcel/parcel_film.py", "--waybill", stage.waybill, "--out", film},
                   kFilmMakingMs));
  const Json camera = TRY(stage.play("parcel/rtsp_server.py", {"--film", film}, 30'000));
  const std::string url = TRY(get_string(camera, "url"));
  stage.progress.detail(url);
  const Json begun = TRY(ask_supervisor(stage.paths.root, {{"op", "unbox_start"}, {"camera", url}, {"kind", "unboxing"}}));
  const std::string recording = TRY(get_string(begun, "recording"));
  TRY(wait_for_phase(stage.paths.root, recording, "recording", kConfirmMs));
  TRY(watch_film(stage, recording));
  TRY(ask_supervisor(stage.paths.root, {{"op", "unbox_stop"}, {"recording", recording}}));
  const Json ended = TRY(wait_for_phase(stage.paths.root, recording, "ended", kStopMs));
  TRY(check_included(stage, ended));
  stage.progress.detail("凭运单号归入案件 / the waybill found the case: " + stage.case_id);
  return {};
}

}  // namespace netsampler
