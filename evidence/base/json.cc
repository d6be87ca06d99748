#include "evidence/base/json.h"

#include <set>

namespace netsampler {
namespace {

constexpr std::int64_t kMaxInteger = (std::int64_t{1} << 53) - 1;

bool is_key(const std::string& key) {
  if (key.empty()) return false;
  for (char c : key)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  return true;
}

// Checks while parsing what a parsed value no longer shows: duplicate keys, depth, the form of numbers.
class Guard : public nlohmann::json_sax<Json> {
 public:
  Guard(bool profile, int depth_limit) : profile_(profile), depth_limit_(depth_limit) {}
  std::string why;

  bool null() override { return !profile_ || no("null"); }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t n) override {
    return !profile_ || (n >= -kMaxInteger && n <= kMaxInteger) || no("an integer beyond 2^53-1");
  }
  bool number_unsigned(number_unsigned_t n) override {
    return !profile_ || n <= static_cast<number_unsigned_t>(kMaxInteger) || no("an integer beyond 2^53-1");
  }
  bool number_float(number_float_t, const string_t&) override { return !profile_ || no("a fraction"); }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return no("binary"); }
  bool start_object(std::size_t) override {
    keys_.emplace_back();
    return enter();
  }
  bool key(string_t& name) override {
    if (profile_ && !is_key(name)) return no("a key outside [a-z0-9_]+");
    return !profile_ || keys_.back().insert(name).second || no("a key twice");
  }
  bool end_object() override {
    keys_.pop_back();
    --depth_;
    return true;
  }
  bool start_array(std::size_t) override { return enter(); }
  bool end_array() override {
    --depth_;
    return true;
  }
  bool parse_error(std::size_t at, const std::string&, const nlohmann::detail::exception&) override {
    return no("not JSON at byte " + std::to_string(at));
  }

 private:
  bool enter() { return ++depth_ <= depth_limit_ || no("nested too deep"); }
  bool no(std::string reason) {
    if (why.empty()) why = std::move(reason);
    return false;
  }
  bool profile_;
  int depth_limit_;
  int depth_ = 0;
  std::vector<std::set<std::string>> keys_;
};

Result<Json> parse(std::string_view text, JsonLimits limits, bool profile) {
  if (text.size() > limits.bytes) return fail(ErrorKind::invalid, "JSON longer than " + std::to_string(limits.bytes) + " bytes");
  Guard guard(profile, limits.depth);
  if (!Json::sax_parse(text.begin(), text.end(), &guard)) return fail(ErrorKind::invalid, "JSON refused: " + guard.why);
  Json value = Json::parse(text.begin(), text.end(), nullptr, false);
  if (value.is_discarded()) return fail(ErrorKind::invalid, "not JSON");
  return value;
}

std::optional<std::string> number_outside(const Json& value) {
  if (value.is_number_float()) return "a fraction";
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > static_cast<std::uint64_t>(kMaxInteger))
    return "an integer beyond 2^53-1";
  const auto n = value.get<std::int64_t>();
  if (n > kMaxInteger || n < -kMaxInteger) return "an integer beyond 2^53-1";
  return std::nullopt;
}

std::optional<std::string> string_outside(const Json& value) {
  // dump() with the strict handler is the library's only UTF-8 check; the exception stops here.
  try {
    (void)value.dump();
  } catch (const Json::exception&) {
    return "a string that is not UTF-8";
  }
  return std::nullopt;
}

template <class T>
Result<T> member(const Json& object, const char* key, bool (Json::*is)() const noexcept, const char* type) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || found == object.end()) return fail(ErrorKind::invalid, std::string("member missing: ") + key);
  if (!((*found).*is)()) return fail(ErrorKind::invalid, std::string("member is not ") + type + ": " + key);
  return found->get<T>();
}

}  // namespace

Result<Json> parse_profile(std::string_view text, JsonLimits limits) { return parse(text, limits, true); }
Result<Json> parse_any(std::string_view text, JsonLimits limits) { return parse(text, limits, false); }

Result<Json> parse_canonical(std::string_view text, JsonLimits limits) {
  Json value = TRY(parse(text, limits, true));
  if (canonical(value) != text) return fail(ErrorKind::invalid, "JSON that is not in its one form (RFC 8785)");
  return value;
}

std::string canonical(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::strict); }
std::string print(const Json& value, int indent) {
  return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

std::optional<std::string> outside_profile(const Json& value, int depth) {
  if (value.is_boolean()) return std::nullopt;
  if (value.is_string()) return string_outside(value);
  if (value.is_number()) return number_outside(value);
  if (!value.is_structured()) return "null or binary";
  if (depth <= 0) return "nested too deep";
  for (const auto& item : value.items()) {
    if (value.is_object() && !is_key(item.key())) return "a key outside [a-z0-9_]+: " + item.key();
    if (auto why = outside_profile(item.value(), depth - 1)) return why;
  }
  return std::nullopt;
}

Result<std::string> get_string(const Json& object, const char* key) {
  return member<std::string>(object, key, &Json::is_string, "a string");
}
Result<std::int64_t> get_int(const Json& object, const char* key) {
  return member<std::int64_t>(object, key, &Json::is_number_integer, "an integer");
}
Result<bool> get_bool(const Json& object, const char* key) {
  return member<bool>(object, key, &Json::is_boolean, "a boolean");
}
std::string string_or(const Json& object, const char* key, const std::string& other) {
  return get_string(object, key).value_or(other);
}
std::int64_t int_or(const Json& object, const char* key, std::int64_t other) {
  return get_int(object, key).value_or(other);
}
bool bool_or(const Json& object, const char* key, bool other) { return get_bool(object, key).value_or(other); }

}  // namespace netsampler
