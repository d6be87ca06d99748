// netsampler doctor: is this machine ready, and how to mend what is not.
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cstdlib>
#include <iostream>
#include <memory>

#include "evidence/base/clock.h"
#include "evidence/base/process.h"
#include "evidence/base/program.h"
#include "evidence/base/recording_settings.h"
#include "evidence/format/policy.h"
#include "evidence/ledger/client.h"
#include "evidence/ledger/index_reader.h"
#include "ui/cli/command.h"

namespace netsampler {
namespace {

constexpr int kProbeMs = 20'000;

struct Check {
  std::string name;
  bool ok = false;
  std::string text, mend;
  bool warning = false;  // it works, and should be better
};

struct Machine {
  StatePaths paths;
  Config config;
  RecordingSettings recording;
  std::string programs, display;
};

Check check_display(const Machine& machine) {
  if (machine.display.empty()) return {"display", false, "DISPLAY is not set", "start a desktop session, or give --display :N"};
  const auto probe = run_and_read({machine.programs + "/netsampler-capture", "check", "--display", machine.display}, kProbeMs);
  return {"display", probe.ok(), probe.ok() ? machine.display + " can be recorded" : machine.display + " cannot be recorded",
          "check that the X server runs and that this account may use it (xauth)"};
}

// Without one in the configuration: is there a device at all? Otherwise each of those that are recorded beside the screen.
Check check_camera(const Machine& machine) {
  const auto& named = machine.recording.cameras;
  for (std::size_t i = 0; i < named.size(); ++i) {
    const auto probe = run_and_read({machine.programs + "/netsampler-capture", "check", "--input", named[i]}, kProbeMs);
    if (!probe.ok())
      return {"camera", false, "camera " + std::to_string(i + 1) + " of netsampler.conf cannot be recorded: no recording of the screen starts with it",
              "netsampler-capture check --input ADDRESS says why; mend it, take it out of cameras in netsampler.conf, or record with --no-camera"};
  }
  if (!named.empty()) return {"camera", true, std::to_string(named.size()) + " of netsampler.conf can be recorded", ""};
  struct stat info {};
  const bool there = ::stat("/dev/video0", &info) == 0;
  return {"camera", there, there ? "/dev/video0" : "no camera device (an RTSP camera needs none)",
          "connect a UVC camera, or use unbox start --camera rtsp://…"};
}

// As the recorder itself is granted it when this account starts it.
Check check_real_time(const Machine& machine) {
  const auto told = run_and_read({machine.programs + "/netsampler-capture", "check", "--real-time", "--json"}, kProbeMs);
  const auto body = told.ok() ? parse_any(*told) : Result<Json>(told.error());
  if (!body.ok()) return {"realtime", false, "录制程序不能启动 (netsampler-capture does not start)", "install netsampler-capture beside this program"};
  if (bool_or(*body, "ok", false)) return {"realtime", true, "录制有实时优先级，内存已锁定 (" + string_or(*body, "text", "") + ")", ""};
  return {"realtime", true, "录制没有实时优先级或内存未锁定，机器繁忙时可能丢画面 (refused to the recorder: " + string_or(*body, "text", "") + ")",
          "安装 systemd/user@.service.d/netsampler.conf 与 limits.d/netsampler.conf，重新登录 (LimitRTPRIO=10, LimitMEMLOCK=infinity; then log in again)", true};
}

Check check_clock(const Machine& machine) {
  const std::string mend = "install and start chrony; name reachable servers as time_servers in netsampler.conf";
  const auto text = run_and_read({machine.programs + "/netsampler-capture", "clock", "--state", machine.paths.root, "--once", "--json"}, kProbeMs);
  if (!text.ok()) return {"clock", false, "the clock cannot be judged", mend};
  const auto body = parse_any(*text);
  if (!body.ok()) return {"clock", false, "the clock cannot be judged", mend};
  const std::int64_t error_us = int_or(*body, "error_us", 0);
  const std::string state = string_or(*body, "state", "unsynchronised");
  return {"clock", state == "synchronised" && error_us <= machine.config.clock_limit_us,
          state + ", error at most " + std::to_string(error_us / 1000) + " ms (limit " +
              std::to_string(machine.config.clock_limit_us / 1000) + " ms)", mend};
}

Check check_disk(const Machine& machine) {
  struct statvfs info {};
  if (::statvfs(machine.paths.root.c_str(), &info) != 0)
    return {"disk", false, machine.paths.root + " is not there", "start once with netsampler up --state " + machine.paths.root};
  const auto free_bytes = static_cast<std::int64_t>(info.f_bavail * info.f_frsize);
  return {"disk", free_bytes > machine.config.minimum_free_bytes, std::to_string(free_bytes >> 20) + " MiB free",
          "free at least " + std::to_string(machine.config.minimum_free_bytes >> 20) + " MiB"};
}

constexpr const char* kSealHelp = "seal it with systemd-creds, see docs/operations.md";

// The ledger knows best where its key is; without it, what can be seen of the file.
Check check_key_file(const Machine& machine) {
  const std::string path = machine.paths.keys + "/box.key";
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0)
    return {"keys", false, "no box key in a file (a sealed one is seen when the ledger runs)", "it is made at the first netsampler up"};
  const bool closed = (info.st_mode & 077) == 0;
  return {"keys", closed, std::string("box key in a file, ") + (closed ? "mode 0600, not sealed" : "readable by others"),
          closed ? kSealHelp : "chmod 0600 " + path, closed};
}

Check check_keys(const Machine& machine) {
  auto ledger = LedgerClient::connect(machine.paths.ledger_socket);
  const auto shown = ledger.ok() ? ledger->key_show() : Result<Json>(ledger.error());
  if (!shown.ok()) return check_key_file(machine);
  if (!bool_or(*shown, "locked_memory", true))
    return {"keys", false, "the keys' memory cannot be locked: secrets may reach the swap", "LimitMEMLOCK=64M in the ledger's unit, or ulimit -l"};
  const std::string path = string_or(*shown, "path", "");
  if (string_or(*shown, "kept", "") != "credential") return {"keys", true, "box key in a file, mode 0600, not sealed: " + path, kSealHelp, true};
  if (bool_or(*shown, "copy", false))
    return {"keys", true, "box key sealed as a credential, but an open copy lies in keys/box.key", "keep it apart as the backup: move it off this disk", true};
  return {"keys", true, "box key sealed as a credential", ""};
}

std::size_t trusted_authorities(const Machine& machine) {
  const RealFileSystem disk;
  const auto text = disk.read(machine.paths.policy, 1u << 20);
  const auto policy = text.ok() ? parse_policy(as_text(*text)) : Result<Policy>(Error(text.error()));
  return policy.ok() ? policy->tsas.size() : 0;
}

// Who is named, who is trusted, and whether tokens really come: a list of addresses alone proves nothing.
Check check_authorities(const Machine& machine) {
  const auto& named = machine.config.time_stamp_authorities;
  if (named.empty())
    return {"authorities", false, "no time-stamp authority: cases are verified as PARTIAL (unstamped)",
            "name RFC 3161 authorities as time_stamp_authorities in netsampler.conf"};
  const std::string text = std::to_string(named.size()) + " named";
  if (named.size() < 2) return {"authorities", false, text + ": when it is away nothing is stamped", "name a second one in time_stamp_authorities"};
  if (trusted_authorities(machine) == 0)
    return {"authorities", false, text + ", none trusted", "add their certificates as tsa lines to " + machine.paths.policy};
  auto ledger = LedgerClient::connect(machine.paths.ledger_socket);
  const auto state = ledger.ok() ? ledger->log_state() : Result<Json>(Error(ledger.error()));
  if (!state.ok()) return {"authorities", true, text + "; whether they answer shows once the box runs", ""};
  const std::int64_t size = int_or(*state, "size", 0), stamped = int_or(*state, "stamped", 0);
  return {"authorities", size == 0 || stamped > 0, text + "; " + std::to_string(stamped) + " of " + std::to_string(size) + " log entries are time-stamped",
          "see the log of netsampler-stamp for what each authority answered: " + machine.paths.logs};
}

Check check_browser(const Machine& machine) {
  const auto text = run_and_read({machine.config.browser, "--version"}, kProbeMs);
  return {"browser", text.ok(), text.ok() ? text->substr(0, text->find('\n')) : machine.config.browser + " does not start",
          "apt-get install chromium, or set browser in netsampler.conf"};
}

Check check_fonts(const Machine&) {
  const auto text = run_and_read({"fc-list", ":lang=zh", "family"}, kProbeMs);
  const bool there = text.ok() && text->find("CJK") != std::string::npos;
  return {"fonts", there, there ? "Chinese fonts found" : "no Chinese font", "apt-get install fonts-noto-cjk fontconfig"};
}

Check check_ledger(const Machine& machine) {
  auto ledger = LedgerClient::connect(machine.paths.ledger_socket);
  const auto status = ledger.ok() ? ledger->status() : Result<Json>(Error(ledger.error()));
  if (!status.ok()) return {"ledger", false, ledger.ok() ? status.error().text : "is not running", "netsampler up --state " + machine.paths.root};
  std::string broken;
  for (const auto& item : status->value("broken_cases", Json::object()).items()) broken += (broken.empty() ? "" : ", ") + item.key();
  if (broken.empty()) return {"ledger", true, "answers", ""};
  return {"ledger", false, "answers, but takes nothing for " + broken, "mend the disk or restore cases/<id>/book.jsonl, then start the box anew; why: " + machine.paths.logs};
}

// The box's own book remembers every finished round.
Check check_files(const Machine& machine) {
  constexpr std::int64_t kDayUs = 86'400'000'000, kStaleDays = 30;
  const std::string mend = "netsampler fsck --state " + machine.paths.root + " (systemd: netsampler-fsck.timer)";
  const auto index = IndexReader::open(machine.paths.index);
  const auto records = index.ok() ? index->book_records("box") : Result<std::vector<RecordRow>>(index.error());
  if (!records.ok()) return {"files", false, "no book of the box yet", mend};
  const RecordRow* last = nullptr;
  for (const auto& record : *records)
    if (record.type == "check" && string_or(record.body, "name", "") == "fsck" && (last == nullptr || record.seq > last->seq)) last = &record;
  if (last == nullptr) return {"files", false, "never checked", mend};
  const std::int64_t findings = int_or(last->body, "findings", 0);
  const bool fresh = SystemClock().utc_us() - last->at_us < kStaleDays * kDayUs;
  const std::string text = "last checked " + beijing_time(last->at_us) + ": " + std::to_string(int_or(last->body, "checked_files", 0)) + " files, " +
                           std::to_string(findings) + " damaged";
  return {"files", findings == 0 && fresh, text,
          findings == 0 ? mend : "restore the damaged files from the backup (netsampler-verify names them), then " + mend};
}

constexpr Check (*kChecks[])(const Machine&) = {check_display, check_real_time,   check_camera,  check_clock, check_disk, check_keys,
                                                check_authorities, check_browser, check_fonts, check_ledger, check_files};

Result<int> examine(const std::string& state, const std::string& display, bool json) {
  const RealFileSystem disk;
  const StatePaths paths(state);
  const Config config = TRY(load_config(disk, paths.config));
  const RecordingSettings recording = TRY(load_recording_settings(disk, paths.config));
  const Machine machine{paths, config, recording, program_directory(), display};
  Json list = Json::array();
  bool all = true;
  for (const auto& probe : kChecks) {
    const Check check = probe(machine);
    all = all && check.ok;
    list.push_back({{"name", check.name}, {"ok", check.ok}, {"text", check.text}});
    if (!check.ok || check.warning) list.back()["mend"] = check.mend;
    if (check.warning) list.back()["warning"] = true;
    if (json) continue;
    std::cout << (!check.ok ? "  ---  " : check.warning ? "  注意 " : "  ok   ") << check.name << ": " << check.text << "\n";
    if (!check.ok || check.warning) std::cout << "         → " << check.mend << "\n";
  }
  if (json) std::cout << print({{"ok", all}, {"checks", list}}) << "\n";
  return all ? 0 : 1;
}

}  // namespace

void add_doctor(CommandPlace place) {
  struct DoctorOptions {
    std::string state, display;
    bool json = false;
  };
  auto options = std::make_shared<DoctorOptions>();
  add_state_option(place.app, options->state);
  const char* display = std::getenv("DISPLAY");
  options->display = display != nullptr ? display : "";
  place.app.add_option("--display", options->display, "X display (default: $DISPLAY)");
  place.app.add_flag("--json", options->json, "one JSON object");
  place.app.callback([options, &slot = place.run] {
    slot = [options] { return examine(options->state, options->display, options->json); };
  });
}

}  // namespace netsampler
