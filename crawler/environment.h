// What the officer's browser runs in, for the `environment` record: facts about this machine that could bend a page.
#pragma once
#include <string>

#include "crawler/browser_process.h"
#include "evidence/base/file_system.h"
#include "evidence/base/json.h"

namespace netsampler {

// True where the hosts file maps anything but this machine: an address outside loopback and multicast, or a name with a dot
// (other than localhost.localdomain and this host's own) on loopback.
bool hosts_changed(std::string_view hosts_text, const std::string& own_name);
// True where a proxy variable is set or a flag names one.
bool has_proxy(const std::vector<std::string>& flags);
// True unless a managed policy file of Chromium forbids DevTools (DeveloperToolsAvailability 2).
bool devtools_allowed(const FileSystem& disk);
// Body of the record. `version`: "Chrome/156.0…"; `extensions`: how many were seen running.
Json environment_record(const FileSystem& disk, const BrowserOptions& options, const std::string& version,
                        std::int64_t extensions, bool profile_new);
// The display's size in pixels (xdpyinfo). `unavailable` where there is no such display.
Result<std::pair<int, int>> display_size(const std::string& display);

}  // namespace netsampler
