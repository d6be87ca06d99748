// netsampler.conf of a state directory: one JSON object; unknown or mistyped members are named, defaults fill the rest.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "evidence/base/file_system.h"

namespace netsampler {

struct WitnessPlace {
  std::string url;   // …/add-checkpoint is asked
  std::string name;  // as its `witness` line in policies has it
  std::string key;   // base64, the same
};

struct Config {
  std::string box_name = "netsampler";
  std::vector<std::string> time_servers = {"ntp.ntsc.ac.cn", "ntp.aliyun.com", "ntp.tencent.com"};  // host or host:port
  std::vector<std::string> time_stamp_authorities;  // URLs of RFC 3161 authorities, asked in turn; none: nothing is time-stamped
  std::int64_t time_stamp_interval_s = 60;          // between two tokens, 1 to 3600
  std::vector<WitnessPlace> witnesses;              // asked for cosignatures on each checkpoint of the box log
  std::string time_stamp_policy;                    // dotted OID a token must have; empty: any
  std::string chronyd_socket;  // chronyd's command socket; empty: chronyc's own default
  std::string browser = "chromium";
  std::vector<std::string> browser_flags;  // added to ours
  std::int64_t clock_limit_us = 500'000;   // beyond this a recording is refused
  std::int64_t minimum_free_bytes = 2LL << 30;
  std::vector<std::string> ledger_accounts;  // of the system, beside the ledger's own and root, that may ask the ledger; at most 16
};

// Absent file: the defaults. Unreadable or broken: an error that names file and member.
Result<Config> load_config(const FileSystem& disk, const std::string& path);
std::string text_of(const Config& config);  // what load_config reads back

// Where things lie in a state directory.
struct StatePaths {
  explicit StatePaths(const std::string& root);
  std::string root, data, keys, run, logs;
  std::string config, accounts, index, policy;       // files
  std::string ledger_socket, control_socket, console_socket;
};

}  // namespace netsampler
