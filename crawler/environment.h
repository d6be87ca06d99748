// What the officer's browser runs in, for the `environment` record: facts about this machine that could bend a page.
#pragma once
#include <string>

#include "crawler/browser_process.h"
#include "crawler/environment_look.h"
#include "evidence/base/file_system.h"
#include "evidence/base/json.h"

namespace netsampler {

// True where the hosts file maps anything but this machine: an address outside loopback and multicast, or a name with a dot
// (other than localhost.localdomain and this host's own) on loopback.
bool hosts_changed(std::string_view hosts_text, const std::string& own_name);
// True where a proxy variable is set or a flag names one.
bool has_proxy(const std::vector<std::string>& flags);
struct SeenBrowser {
  std::string version;          // "Chrome/156.0…"
  std::int64_t extensions = 0;  // how many run
  bool devtools = false;        // DevTools are open
  bool profile_new = false;     // nobody used its profile before
  int pid = 0;                  // of its process
};
// The record's members, and what of them is odd.
MachineLook environment_record(const FileSystem& disk, const BrowserOptions& options, const SeenBrowser& seen);
// The display's size in pixels (xdpyinfo). `unavailable` where there is no such display.
Result<std::pair<int, int>> display_size(const std::string& display);

}  // namespace netsampler
