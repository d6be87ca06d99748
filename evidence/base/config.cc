#include "evidence/base/config.h"

#include "evidence/base/json.h"
#include "evidence/base/present.h"
#include "evidence/base/recording_settings.h"

namespace netsampler {
namespace {

Result<std::vector<std::string>> strings_of(const Json& value, const std::string& name) {
  std::vector<std::string> list;
  if (!value.is_array()) return fail(ErrorKind::invalid, name + " is not a list of strings");
  for (const auto& item : value) {
    if (!item.is_string()) return fail(ErrorKind::invalid, name + " is not a list of strings");
    list.push_back(item.get<std::string>());
  }
  return list;
}

Result<std::vector<std::string>> few_strings_of(const Json& value, const std::string& name, std::size_t most) {
  auto list = TRY(strings_of(value, name));
  if (list.size() > most) return fail(ErrorKind::invalid, name + " has more than " + std::to_string(most));
  return list;
}

Result<std::int64_t> seconds_of(const Json& object, const std::string& name, std::int64_t least, std::int64_t most) {
  const std::int64_t seconds = TRY(get_int(object, name.c_str()));
  if (seconds < least || seconds > most) return fail(ErrorKind::invalid, name + " is not within " + std::to_string(least) + " to " + std::to_string(most));
  return seconds;
}

Result<std::vector<WitnessPlace>> witnesses_of(const Json& value) {
  std::vector<WitnessPlace> list;
  if (!value.is_array() || value.size() > 16) return fail(ErrorKind::invalid, "witnesses is not a list of at most 16 objects");
  for (const auto& item : value) {
    if (!item.is_object() || item.size() != 3) return fail(ErrorKind::invalid, "witnesses: each has url, name, key and nothing else");
    WitnessPlace place;
    place.url = TRY_WITH(get_string(item, "url"), "witnesses");
    place.name = TRY_WITH(get_string(item, "name"), "witnesses");
    place.key = TRY_WITH(get_string(item, "key"), "witnesses");
    list.push_back(std::move(place));
  }
  return list;
}

Json json_of(const std::vector<WitnessPlace>& witnesses) {
  Json list = Json::array();
  for (const auto& place : witnesses) list.push_back({{"url", place.url}, {"name", place.name}, {"key", place.key}});
  return list;
}

Result<void> take_member(Config& config, const std::string& name, const Json& object) {
  const char* key = name.c_str();
  if (name == "box_name") return config.box_name = TRY(get_string(object, key)), Result<void>();
  if (name == "chronyd_socket") return config.chronyd_socket = TRY(get_string(object, key)), Result<void>();
  if (name == "browser") return config.browser = TRY(get_string(object, key)), Result<void>();
  if (name == "clock_limit_us") return config.clock_limit_us = TRY(get_int(object, key)), Result<void>();
  if (name == "minimum_free_bytes") return config.minimum_free_bytes = TRY(get_int(object, key)), Result<void>();
  if (name == "time_servers") return config.time_servers = TRY(strings_of(object[key], name)), Result<void>();
  if (name == "time_stamp_interval_s") return config.time_stamp_interval_s = TRY(seconds_of(object, name, 1, 3600)), Result<void>();
  if (name == "time_stamp_policy") return config.time_stamp_policy = TRY(get_string(object, key)), Result<void>();
  if (name == "time_stamp_authorities") return config.time_stamp_authorities = TRY(strings_of(object[key], name)), Result<void>();
  if (name == "witnesses") return config.witnesses = TRY(witnesses_of(object[key])), Result<void>();
  if (name == "ledger_accounts") return config.ledger_accounts = TRY(few_strings_of(object[key], name, 16)), Result<void>();
  if (name == "browser_flags") return config.browser_flags = TRY(strings_of(object[key], name)), Result<void>();
  return fail(ErrorKind::invalid, "unknown member \"" + name + "\" (see docs/operations.md for the list)");
}

bool is_of_recordings(const std::string& name) { return name == "cameras" || name == "preparation_s"; }

Result<void> take_recording_member(RecordingSettings& settings, const std::string& name, const Json& object) {
  if (name == "cameras") settings.cameras = TRY(few_strings_of(object["cameras"], name, kCamerasBeside));
  if (name == "preparation_s") settings.preparation_s = TRY(seconds_of(object, name, 0, 60));
  return {};
}

// An object without members where there is no such file.
Result<Json> read_object(const FileSystem& disk, const std::string& path) {
  if (!TRY_WITH(present(disk, path), "configuration")) return Json::object();
  const Bytes bytes = TRY_WITH(disk.read(path, 1u << 20), "configuration");
  Json object = TRY_WITH(parse_any(as_text(bytes), {1u << 20, 8}), "configuration " + path);
  if (!object.is_object()) return fail(ErrorKind::invalid, "configuration " + path + " is not one JSON object");
  return object;
}

}  // namespace

Result<Config> load_config(const FileSystem& disk, const std::string& path) {
  const Json object = TRY(read_object(disk, path));
  Config config;
  for (const auto& item : object.items())
    if (!is_of_recordings(item.key())) TRY_WITH(take_member(config, item.key(), object), "configuration " + path);
  return config;
}

Result<RecordingSettings> load_recording_settings(const FileSystem& disk, const std::string& path) {
  const Json object = TRY(read_object(disk, path));
  RecordingSettings settings;
  for (const auto& item : object.items()) TRY_WITH(take_recording_member(settings, item.key(), object), "configuration " + path);
  return settings;
}

std::string text_of(const Config& config) {
  return print({{"box_name", config.box_name},
                {"browser", config.browser},
                {"browser_flags", config.browser_flags},
                {"chronyd_socket", config.chronyd_socket},
                {"clock_limit_us", config.clock_limit_us},
                {"ledger_accounts", config.ledger_accounts},
                {"minimum_free_bytes", config.minimum_free_bytes},
                {"time_servers", config.time_servers},
                {"time_stamp_authorities", config.time_stamp_authorities},
                {"time_stamp_interval_s", config.time_stamp_interval_s},
                {"time_stamp_policy", config.time_stamp_policy},
                {"witnesses", json_of(config.witnesses)}},
               2) +
         "\n";
}

StatePaths::StatePaths(const std::string& r)
    : root(r), data(r + "/data"), keys(r + "/keys"), run(r + "/run"), logs(r + "/logs"), config(r + "/netsampler.conf"),
      accounts(r + "/accounts.json"), index(r + "/index.sqlite"), policy(r + "/policy.txt"),
      ledger_socket(run + "/ledger.sock"), control_socket(run + "/control.sock"), console_socket(run + "/console.sock") {}

}  // namespace netsampler
