#include "evidence/format/member_type.h"

#include <algorithm>

#include "evidence/format/key_change.h"
#include "evidence/format/names.h"

namespace netsampler {
namespace {

using T = MemberType;

bool all_of(const Json& array, bool (*holds)(const Json&)) {
  return array.is_array() && std::all_of(array.begin(), array.end(), holds);
}
bool is_text(const Json& value) { return value.is_string(); }
bool is_integer(const Json& value) { return value.is_number_integer(); }
bool is_rect(const Json& value) { return value.size() == 4 && all_of(value, is_integer); }
bool is_file(const Json& value) { return named_file_from(value).ok(); }
bool is_hash(const Json& value) { return value.is_string() && hash_from_hex(value.get<std::string>()).ok(); }
bool is_key(const Json& value) { return value.is_string() && public_key_from_base64(value.get<std::string>()).ok(); }
bool is_signature(const Json& value) {
  return value.is_string() && signature_from_base64(value.get<std::string>()).ok();
}
bool is_severity(const Json& value) { return value == "note" || value == "partial" || value == "broken"; }

bool is_server(const Json& value) {
  if (!get_string(value, "server").ok() || !get_bool(value, "ok").ok()) return false;
  return std::all_of(value.items().begin(), value.items().end(), [](const auto& item) {
    const std::string& key = item.key();
    if (key == "server" || key == "ok") return true;
    if (key == "why") return is_text(item.value());
    const bool known = key == "offset_us" || key == "delay_us" || key == "dispersion_us" || key == "stratum";
    return known && is_integer(item.value());
  });
}

bool is_resumption(const Json& value) {
  const auto count = [&](const char* key) { return get_int(value, key).value_or(-1) >= 0; };
  const auto hash = [&](const char* key) { return value.contains(key) && is_hash(value[key]); };
  return value.is_object() && value.size() == 5 && is_recording_id(string_or(value, "recording", "")) && hash("head") && hash("torn_sha256") &&
         count("last_seq") && count("torn_bytes");
}

}  // namespace

bool has_type(const Json& value, MemberType type) {
  switch (type) {
    case T::word:
    case T::item:
    case T::account:
    case T::display:
    case T::origin:
    case T::phrase:
    case T::recording: return is_text(value);
    case T::integer: return is_integer(value);
    case T::count: return is_integer(value) && value.get<std::int64_t>() >= 0;
    case T::boolean: return value.is_boolean();
    case T::hash: return is_hash(value);
    case T::key: return is_key(value);
    case T::signature: return is_signature(value);
    case T::severity: return is_severity(value);
    case T::accounts: return all_of(value, is_text);
    case T::rect: return is_rect(value);
    case T::rects: return all_of(value, is_rect);
    case T::file: return is_file(value);
    case T::files: return all_of(value, is_file);
    case T::key_changes: return key_history_from(value).ok();
    case T::resumption: return is_resumption(value);
    case T::servers: return all_of(value, is_server);
  }
  return false;
}

}  // namespace netsampler
