// What surrounds the box in the demo: display, time servers, shop, parcel camera: child programs, ended with the stage.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "evidence/base/clock.h"
#include "evidence/base/config.h"
#include "ui/demo/demo.h"
#include "ui/supervisor/line_child.h"

namespace netsampler {

// A line of progress: "[  12s] 3/9 …", flushed, both languages.
class Progress {
 public:
  explicit Progress(int steps) : steps_(steps), begun_us_(clock_.boot_us()) {}
  void step(const std::string& zh, const std::string& en);
  void detail(const std::string& text);

 private:
  void line(const std::string& text);
  SystemClock clock_;
  int steps_, now_ = 0;
  std::int64_t begun_us_;
};

struct Stage {
  explicit Stage(const DemoOptions& demo);
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  const DemoOptions& options;
  StatePaths paths;      // of the demo's own box, under --out
  std::string material;  // share/demo
  std::string logs;      // --out/logs
  Progress progress;
  std::string display;  // ":N"
  std::string case_id, waybill, console;
  std::string time_directory;  // short, under /tmp: chronyd's sockets
  std::string passwords[2];
  std::vector<Json> authorities;  // of time stamps: what each said of itself
  std::vector<std::unique_ptr<LineChild>> children;  // last started, first ended
  LineChild* box = nullptr;                          // netsampler up, one of them

  // Starts a script of the demo's material and waits for its first JSON line.
  Result<Json> play(const std::string& script, std::vector<std::string> arguments, int ready_ms);
  Result<LineChild*> start(const std::vector<std::string>& arguments, const std::string& log_name,
                           const std::vector<std::pair<std::string, std::string>>& env = {});
};

Result<void> raise_display(Stage& stage);  // $DISPLAY where it answers, else an Xvfb of our own
Result<void> raise_box(Stage& stage);      // time servers, shop, configuration, netsampler up, accounts, policy
Result<void> raise_authorities(Stage& stage);
Result<void> trust_authorities(Stage& stage);  // their certificates into the box's policy
Result<void> wait_first_token(Stage& stage);   // a recording that begins now can name it
Result<void> buy(Stage& stage);            // case, recording, officer, order
Result<void> unbox(Stage& stage);          // film, camera, recording, inclusion by the waybill
Result<int> deliver(Stage& stage);         // export, verify, last words

}  // namespace netsampler
