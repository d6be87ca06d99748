// netsampler record start|stop|void, netsampler unbox start|stop.
#include <iostream>
#include <memory>

#include "ui/cli/command.h"
#include "ui/cli/credentials.h"

namespace netsampler {
namespace {

constexpr int kConfirmLimitMs = 40'000;
constexpr int kStopLimitMs = 45'000;

struct RecordOptions {
  std::string state, case_id, kind = "purchase", credentials, display, start_url, camera;
  std::vector<std::string> samplers, cameras;
  bool json = false, accept_clock = false, no_camera = false;
};

void tell(const Json& session, bool json, const std::string& text) {
  std::cout << (json ? print(session) : text) << std::endl;
}

Result<Json> with_samplers(const RecordOptions& options, const std::string& op) {
  if (options.samplers.size() < 2 || options.samplers[0] == options.samplers[1])
    return fail(ErrorKind::usage, "two different samplers are needed (article 43): --sampler ID --sampler ID");
  return Json{{"op", op},
              {"case", options.case_id},
              {"kind", options.kind},
              {"samplers", TRY(read_credentials(options.samplers, options.credentials))}};
}

// Told only when the first sealed segment lies on the disk.
Result<int> start_confirmed(const RecordOptions& options, Json request) {
  request["accept_clock"] = options.accept_clock;
  const Json begun = TRY(ask_supervisor(options.state, request));
  const Json session = TRY(wait_for_phase(options.state, string_or(begun, "recording", ""), "recording", kConfirmLimitMs));
  tell(session, options.json, "录制已确认 / recording confirmed: " + string_or(session, "recording", ""));
  return 0;
}

Result<int> stop_sealed(const RecordOptions& options, const Json& request) {
  const Json begun = TRY(ask_supervisor(options.state, request));
  const Json session = TRY(wait_for_phase(options.state, string_or(begun, "recording", ""), "ended", kStopLimitMs));
  std::string text = "录制已封存 / recording sealed: " + string_or(session, "recording", "");
  for (const auto& id : session["included"]) text += "\n归入案件 / included in case " + id.get<std::string>();
  tell(session, options.json, text);
  return 0;
}

Result<int> record_start(const RecordOptions& options) {
  Json request = TRY(with_samplers(options, "record_start"));
  if (!options.display.empty()) request["display"] = options.display;
  if (!options.start_url.empty()) request["start"] = options.start_url;
  if (options.no_camera && !options.cameras.empty()) return fail(ErrorKind::usage, "give --camera or --no-camera, not both");
  if (options.no_camera || !options.cameras.empty()) request["cameras"] = options.cameras;
  return start_confirmed(options, std::move(request));
}

Result<int> record_stop(const RecordOptions& options, const std::string& op) {
  const Json request = TRY(with_samplers(options, op));
  return stop_sealed(options, request);
}

Result<int> unbox_start(const RecordOptions& options) {
  Json request = {{"op", "unbox_start"}, {"camera", options.camera}, {"kind", options.kind}};
  if (!options.case_id.empty()) request["case"] = options.case_id;
  return start_confirmed(options, std::move(request));
}

Result<int> unbox_stop(const RecordOptions& options) {
  Json request = {{"op", "unbox_stop"}};
  if (!options.case_id.empty()) request["case"] = options.case_id;
  return stop_sealed(options, request);
}

using Options = std::shared_ptr<RecordOptions>;

CLI::App* add_action(CommandPlace place, const Options& options, const char* name, const char* help,
                     const std::function<Result<int>(const RecordOptions&)>& run) {
  CLI::App* action = place.app.add_subcommand(name, help);
  add_state_option(*action, options->state);
  action->add_flag("--json", options->json, "one JSON object on stdout");
  action->callback([run, options, &slot = place.run] { slot = [run, options] { return run(*options); }; });
  return action;
}

void add_clock_option(CLI::App* action, const Options& options) {
  action->add_flag("--accept-clock", options->accept_clock,
                   "record although the clock's error is beyond the limit; every record then says so for ever");
}

void add_sampler_options(CLI::App* action, const Options& options) {
  action->add_option("--case", options->case_id, "case")->required();
  action->add_option("--sampler", options->samplers, "account of a sampler; give it twice, for two persons")->allow_extra_args(false);
  action->add_option("--credentials", options->credentials, "file (or - for stdin) with lines: id password; otherwise asked");
}

}  // namespace

void add_record(CommandPlace place) {
  auto options = std::make_shared<RecordOptions>();
  CLI::App* start = add_action(place, options, "start", "开始录制屏幕 / record the screen and the browser", record_start);
  add_sampler_options(start, options);
  start->add_option("--kind", options->kind, "purchase, logistics or supplement")
      ->check(CLI::IsMember({"purchase", "logistics", "supplement"}));
  start->add_option("--display", options->display, "X display, default that of netsampler up");
  start->add_option("--start", options->start_url, "first address the browser opens");
  start->add_option("--camera", options->cameras,
                    "同时录制的摄像头（如对准手机），可写多次，最多四个；默认按 netsampler.conf 的 cameras / a camera recorded beside the screen, in the same recording: rtsp://…, "
                    "v4l2:///dev/videoN or a file; give it up to four times; default: cameras of netsampler.conf")->allow_extra_args(false);
  start->add_flag("--no-camera", options->no_camera, "只录屏幕 / the screen alone, whatever netsampler.conf says");
  add_clock_option(start, options);
  CLI::App* stop = add_action(place, options, "stop", "结束并封存 / end and seal",
                              [](const RecordOptions& o) { return record_stop(o, "record_stop"); });
  CLI::App* spoil = add_action(place, options, "void", "作废：保留但不作数 / keep it, marked void; the purchase starts again",
                               [](const RecordOptions& o) { return record_stop(o, "record_void"); });
  for (CLI::App* action : {stop, spoil}) {
    add_sampler_options(action, options);
    action->add_option("--kind", options->kind, "as at the start");
  }
}

void add_unbox(CommandPlace place) {
  auto options = std::make_shared<RecordOptions>();
  options->kind = "unboxing";
  CLI::App* start = add_action(place, options, "start", "开始录制拆封 / record the unboxing camera", unbox_start);
  start->add_option("--camera", options->camera, "rtsp://… (over UDP: rtsp+udp://…), http://… (MJPEG), v4l2:///dev/videoN or a file")->required();
  start->add_option("--kind", options->kind, "unboxing, reception or reinspection")
      ->check(CLI::IsMember({"unboxing", "reception", "reinspection"}));
  add_clock_option(start, options);
  CLI::App* stop = add_action(place, options, "stop", "结束并封存 / end and seal", unbox_stop);
  for (CLI::App* action : {start, stop})
    action->add_option("--case", options->case_id, "case; without it the waybill in the picture finds it");
}

}  // namespace netsampler
