// What of this machine could bend, show elsewhere or slow down what the officer sees: looked at once, when the browser is there. Nothing is
// changed and nothing is asked over the network. Public members are counts, yes or no, and hashes; names and addresses are private.
#pragma once
#include <string>
#include <vector>

#include "evidence/base/file_system.h"
#include "evidence/base/json.h"

namespace netsampler {

// Where to look; a test gives directories of its own.
struct MachinePlaces {
  std::string root;           // "" on a real machine; before /etc, /proc, /sys, /usr/local
  std::string home;           // of the account the browser runs under
  std::string profile;        // of the browser
  int browser_pid = 0;        // 0: none; processes of its group are ours
};

struct MachineLook {
  Json body = Json::object();     // public members of `environment`
  Json opened = Json::object();   // private ones
  std::vector<std::string> odd;   // codes of findings (severity note)
};

MachineLook look_at_machine(const FileSystem& disk, const MachinePlaces& places, const std::string& own_name);

// Lines of a hosts file that map anything but this machine (environment.h: hosts_changed).
std::vector<std::string> hosts_lines_changed(std::string_view hosts_text, const std::string& own_name);
// Addresses behind `nameserver` in a resolv.conf.
std::vector<std::string> name_servers(std::string_view resolv_text);
// How many X.509 v3 certificates lie in a key store's file (NSS, the browser's own), deleted ones perhaps among them.
std::int64_t certificates_in_store(ByteView store);
// The kind of a process that could watch, bend or show what is recorded: "browser", "remote-control", "screen-sharing", "interception"; ""
// for any other. `name` as in /proc/<pid>/comm: at most 15 bytes.
std::string process_kind(const std::string& name);

}  // namespace netsampler
