// One running recording: its chain at the ledger, the recorders (of the screen, of a camera, or of the screen and up to four cameras) and, for the screen, the browser
// capture, as children. All begin and end together; one that dies does not stop the others: that is told at once (finding `source-lost`),
// and at the end from when to when its pictures are missing (gap, cause `lost`).
//   starting → recording (the first sealed segment of each has its receipt) → stopping → ended
//   any → failed (the browser or the last recorder died, the ledger went away): the chain is closed as failed where it still can be.
// Single-threaded: step() looks at the children and returns at once.
#pragma once
#include <optional>

#include "evidence/base/config.h"
#include "evidence/base/recording_settings.h"
#include "evidence/ledger/client.h"
#include "ui/supervisor/line_child.h"

namespace netsampler {

struct SessionPlan {
  std::string kind, case_id, display, start_url;
  std::string camera;          // its address, where it is recorded alone
  std::vector<std::string> cameras_beside;  // or beside the screen, in the same recording, each once; at most kCamerasBeside
  std::vector<SamplerLogin> samplers;
  std::string sampler_names;   // for the strip
  bool accept_clock = false;   // record although the clock's error is beyond the limit
};

// One thing that is recorded, by a recorder of its own.
struct SessionInput {
  std::string medium, source, address;  // source: its name in the recording; address: a display or a camera
};
// The screen or the camera, then the cameras beside it.
std::vector<SessionInput> inputs_of(const SessionPlan& plan);

// What the programs of a box have in common for every session.
struct SessionWorld {
  StatePaths paths;
  Config config;
  std::string programs;  // directory of our executables
  RecordingSettings recording;
};

class Session {
 public:
  enum class Phase { starting, recording, stopping, ended, failed };

  // Checks that display or camera is there, opens the recording, starts the children.
  static Result<Session> start(const SessionWorld& world, const SessionPlan& plan, std::int64_t now_us);
  void step(const SessionWorld& world, std::int64_t now_us);
  // Ends the children in good order; step() closes the chain with `reason` when they are gone.
  void stop(const std::string& reason, std::vector<SamplerLogin> samplers, std::int64_t now_us);

  bool uses_camera(const std::string& address) const;
  bool over() const { return phase_ == Phase::ended || phase_ == Phase::failed; }
  bool is(const std::string& recording) const { return recording_ == recording || resumed_ == recording; }
  const SessionPlan& plan() const { return plan_; }
  // {"recording","case","kind","phase","sealed","sources":[{"medium","name","sealed","lost"?,"error"?}],"pages","included","resumed"?,"waiting"?: {"seconds","bytes"},"error"?,"browser_error"?}
  Json state() const;

 private:
  struct Recorder {
    std::string medium;  // "screen" or "camera"
    std::string source;  // the newest that it sealed a segment of: at first "screen", "camera", "camera2" …
    LineChild child;
    std::int64_t sealed = 0;
    std::int64_t waiting_s = 0, waiting_bytes = 0;  // what it has no receipt for, where that is late
    std::string error = {};
    bool lost = false;   // it ended by itself, and another goes on
  };
  Result<void> start_recorder(const SessionWorld& world, const SessionInput& input);
  Result<void> start_browser(const SessionWorld& world);
  void take_events_of(const SessionWorld& world, Recorder& recorder);
  void take_losses(const SessionWorld& world);
  void tell_lost(const SessionWorld& world);
  void step_stopping(const SessionWorld& world, std::int64_t now_us);
  bool any_recorder_runs();
  bool all_sealed() const;
  Result<void> start_children(const SessionWorld& world);
  void take_events(const SessionWorld& world);
  void take_resumed(const SessionWorld& world, const std::string& heir);
  const std::string& chain() const { return resumed_.empty() ? recording_ : resumed_; }
  void fail_with(const SessionWorld& world, const std::string& why, const std::string& reason = "failed");
  void fail_without(const SessionWorld& world, Recorder& recorder);
  void ask_time_servers(const SessionWorld& world, const char* phase);
  bool clock_is_being_asked(std::int64_t now_us);
  void close_chain(const SessionWorld& world, const std::string& reason);

  SessionPlan plan_;
  std::string recording_;  // as the officers know it
  std::string resumed_;    // the chain that takes its records now, after a ledger's death; empty: itself
  Phase phase_ = Phase::starting;
  std::vector<Recorder> recorders_;
  LineChild browser_;
  Process clock_;  // the recorder's own look at the time servers, at the start and at the end
  bool has_browser_ = false;
  bool recorders_told_ = false, last_look_ = false;
  std::int64_t started_us_ = 0, now_us_ = 0, stopping_us_ = 0, pages_ = 0;  // BOOTTIME; now_us_ of the last step
  std::string stop_reason_, error_, browser_error_;
  std::vector<SamplerLogin> stop_samplers_;
  std::vector<std::string> included_;
};

}  // namespace netsampler
