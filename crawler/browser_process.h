// Chromium as our child: spoken to through two pipes (its descriptors 3 and 4), no port is opened. Its own words go to
// PROFILE/browser.log. Whatever program --browser names is treated the same, if it speaks the same two pipes.
#pragma once
#include <string>
#include <vector>

#include "crawler/cdp_pipe.h"
#include "evidence/base/process.h"

namespace netsampler {

struct Window {
  int width = 0, height = 0, x = 0, y = 0;  // pixels of the display
};

struct BrowserOptions {
  std::string browser = "chromium";
  std::vector<std::string> flags;  // added to ours
  std::string profile;             // its own directory; made where absent
  std::string display;             // ":7"; empty: headless
  Window window;
  bool kiosk = false;
};

// navigator.webdriver stays false: the pipe alone would set it, --disable-blink-features=AutomationControlled keeps it from doing so.
std::vector<std::string> browser_arguments(const BrowserOptions& options);

class BrowserProcess {
 public:
  // `unavailable` where the program is not there. That it ends at once shows as a closed pipe.
  static Result<BrowserProcess> start(const BrowserOptions& options);
  CdpPipe& pipe() { return pipe_; }
  Process& process() { return process_; }
  // The last line of its log that speaks of an error; empty where there is none.
  std::string last_words() const;

 private:
  BrowserProcess(CdpPipe pipe, Process process, std::string log)
      : pipe_(std::move(pipe)), process_(std::move(process)), log_(std::move(log)) {}
  CdpPipe pipe_;
  Process process_;
  std::string log_;
};

}  // namespace netsampler
