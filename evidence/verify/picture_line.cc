#include "evidence/verify/picture_line.h"

#include <algorithm>

#include "evidence/base/json.h"

namespace netsampler::verify {
namespace {

constexpr std::size_t kLooksLimit = 16, kTextLimit = 500, kTimesLimit = 1000;
constexpr std::int64_t kSecondLimit = 1LL << 40;

Result<std::optional<std::int64_t>> optional_int(const Json& object, const char* key) {
  if (!object.contains(key)) return std::optional<std::int64_t>();
  const std::int64_t value = TRY(get_int(object, key));
  return std::optional<std::int64_t>(value);
}

Result<StripCode> code_in(const Json& look) {
  StripCode code;
  code.second = TRY(get_int(look, "second"));
  const std::string head = TRY(get_string(look, "head"));
  const Bytes bytes = TRY(from_hex(head));
  if (code.second < 0 || code.second >= kSecondLimit || bytes.size() != code.head.size()) return fail(ErrorKind::invalid, "no strip's cells");
  std::copy(bytes.begin(), bytes.end(), code.head.begin());
  return code;
}

Result<PictureLook> look_in(const Json& object) {
  if (!object.is_object()) return fail(ErrorKind::invalid, "a look is no object");
  PictureLook look;
  look.pts = TRY(get_int(object, "pts"));
  if (object.contains("second")) look.code = TRY(code_in(object));
  if (!object.contains("beacon")) return look;
  const std::string text = TRY(get_string(object, "beacon"));
  look.beacon = parse_beacon(text);
  if (!look.beacon) return fail(ErrorKind::invalid, "a beacon of another form");
  return look;
}

Result<void> read_looks(const Json& object, PictureLine& line) {
  const auto looks = object.find("looks");
  if (looks == object.end() || !looks->is_array() || looks->size() > kLooksLimit) return fail(ErrorKind::invalid, "looks");
  for (const Json& each : *looks) {
    PictureLook look = TRY(look_in(each));
    line.looks.push_back(std::move(look));
  }
  return {};
}

Result<void> read_times(const Json& times, PictureLine& line) {
  if (!times.is_array() || times.empty() || times.size() > kTimesLimit) return fail(ErrorKind::invalid, "times");
  for (const Json& each : times) {
    const bool five = each.is_array() && each.size() == 5 && std::ranges::all_of(each, [](const Json& one) { return one.is_number_integer(); });
    if (!five) return fail(ErrorKind::invalid, "a picture's time of another form");
    const auto number = [&](std::size_t i) { return each[i].get<std::int64_t>(); };
    line.times.push_back({number(0), {number(1), number(2), number(3), number(4)}});
  }
  return {};
}

}  // namespace

Result<PictureLine> parse_picture_line(std::string_view text) {
  const Json object = TRY(parse_profile(text));
  if (!object.is_object()) return fail(ErrorKind::invalid, "no object");
  PictureLine line;
  line.end = bool_or(object, "end", false);
  if (line.end) return line;
  line.no = TRY(get_int(object, "no"));
  if (line.no < 0) return fail(ErrorKind::invalid, "a negative number");
  if (const auto times = object.find("times"); times != object.end()) {
    TRY(read_times(*times, line));
    return line;
  }
  line.frames = TRY(get_int(object, "frames"));
  line.first_pts = TRY(optional_int(object, "first_pts"));
  line.last_pts = TRY(optional_int(object, "last_pts"));
  line.sha256 = string_or(object, "sha256", "");
  line.why = string_or(object, "why", "");
  line.text = string_or(object, "text", "").substr(0, kTextLimit);
  if (line.frames < 0) return fail(ErrorKind::invalid, "a negative count");
  if (!line.why.empty() && line.why != "key" && line.why != "file") return fail(ErrorKind::invalid, "why");
  TRY(read_looks(object, line));
  return line;
}

}  // namespace netsampler::verify
