// JSON in the one profile the product speaks (RFC 8785 form of a subset): UTF-8 strings, integers within ±(2^53−1), booleans,
// arrays, objects; no fractions, no null; keys [a-z0-9_]+ in records. One encoding per value: canonical().
#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "evidence/base/result.h"

namespace netsampler {

using Json = nlohmann::json;

struct JsonLimits {
  std::size_t bytes = 65536;
  int depth = 8;  // an object in an object is depth 2
};

// Parses text inside the profile, duplicate keys refused. Does not ask for the canonical form; the caller compares canonical().
Result<Json> parse_profile(std::string_view text, JsonLimits limits = {});
// The profile and the one form: parse_profile, then canonical(value) == text.
Result<Json> parse_canonical(std::string_view text, JsonLimits limits = {});
// Any JSON (the browser's protocol, JSON-LD, configuration), bounded in size and depth; never throws.
Result<Json> parse_any(std::string_view text, JsonLimits limits = {64u << 20, 512});
// RFC 8785 for values of the profile: sorted keys, no spaces, shortest escapes.
std::string canonical(const Json& value);
// The text form for people and other programs: invalid UTF-8 is replaced, never thrown over.
std::string print(const Json& value, int indent = -1);
// Is the value inside the profile (for what a producer hands us)? Empty where it is, else why not.
std::optional<std::string> outside_profile(const Json& value, int depth = 8);

// Members by name and type, as values: missing or of another type is an `invalid` error that names it.
Result<std::string> get_string(const Json& object, const char* key);
Result<std::int64_t> get_int(const Json& object, const char* key);
Result<bool> get_bool(const Json& object, const char* key);
std::string string_or(const Json& object, const char* key, const std::string& other);
std::int64_t int_or(const Json& object, const char* key, std::int64_t other);
bool bool_or(const Json& object, const char* key, bool other);

}  // namespace netsampler
