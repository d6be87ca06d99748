#include "evidence/corroborate/bodies.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>

#include "evidence/corroborate/forms.h"
#include "evidence/web/gzip.h"

namespace netsampler::corroborate {
namespace {

constexpr std::size_t kTextLimit = 12u << 20, kBodyLimit = 8u << 20, kHeaderLimit = 256u << 10, kCharsetWindow = 1024, kRecordLimit = 20'000;

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

using Fields = std::map<std::string, std::string>;  // names in lower case

// Lines "Name: value" up to an empty one; `at` moves behind it.
std::optional<Fields> read_fields(std::string_view text, std::size_t& at) {
  Fields fields;
  const std::size_t end = text.find("\r\n\r\n", at);
  if (end == std::string_view::npos || end - at > kHeaderLimit) return std::nullopt;
  for (std::size_t line = at; line < end;) {
    const std::size_t next = std::min(text.find("\r\n", line), end), colon = text.find(':', line);
    if (colon < next) {
      const std::size_t value = std::min(text.find_first_not_of(' ', colon + 1), next);
      fields.emplace(lower(text.substr(line, colon - line)), text.substr(value, next - value));
    }
    line = next + 2;
  }
  at = end + 4;
  return fields;
}

std::string field(const Fields& fields, const char* name) {
  const auto found = fields.find(name);
  return found == fields.end() ? "" : found->second;
}

std::optional<std::size_t> number(const std::string& text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && !text.empty() ? std::optional(value) : std::nullopt;
}

bool is_passed_over(const std::string& type) {
  constexpr std::array<std::string_view, 8> kOthers = {"image/", "font/", "video/", "audio/", "text/css", "application/font", "application/wasm", "application/pdf"};
  return std::any_of(kOthers.begin(), kOthers.end(), [&](std::string_view other) { return type.starts_with(other); });
}

bool is_utf8(std::string_view text) { return code_points(text).find(char32_t{0xfffd}) == std::u32string::npos; }

std::string charset_in(std::string_view text) {
  const std::string words = lower(text.substr(0, kCharsetWindow));
  auto at = words.find("charset=");
  if (at == std::string::npos) return "";
  at = words.find_first_not_of("\"' ", at + 8);
  if (at == std::string::npos) return "";
  return words.substr(at, words.find_first_of("\"'; >\r\n/", at) - at);
}

std::string converted(std::string_view body, const std::string& charset) {
  iconv_t converter = ::iconv_open("UTF-8//IGNORE", charset.c_str());
  if (converter == reinterpret_cast<iconv_t>(-1)) return std::string(body);
  std::string in(body), out(body.size() * 2 + 16, '\0');
  char *from = in.data(), *to = out.data();
  std::size_t left = in.size(), room = out.size();
  ::iconv(converter, &from, &left, &to, &room);  // what is no text of that charset ends it; what came before stays
  ::iconv_close(converter);
  out.resize(out.size() - room);
  return out;
}

std::string as_utf8(std::string_view body, const std::string& content_type) {
  std::string charset = charset_in(content_type);
  if (charset.empty()) charset = charset_in(body);
  const bool chinese = charset.starts_with("gb") || (charset.empty() && !is_utf8(body));
  if (chinese) charset = "gb18030";
  if (charset.empty() || charset == "utf-8" || charset == "utf8") return std::string(body);
  const bool sound = charset.size() < 32 && std::all_of(charset.begin(), charset.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; });
  return sound ? converted(body, charset) : std::string(body);
}

int hex_value(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; }

std::optional<char32_t> hex_at(std::string_view text, std::size_t at, std::size_t digits) {
  if (at + digits > text.size()) return std::nullopt;
  char32_t value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const int digit = hex_value(text[at + i]);
    if (digit < 0) return std::nullopt;
    value = value << 4 | static_cast<char32_t>(digit);
  }
  return value;
}

// An escape of JSON or JavaScript at `at`: what it stands for; moves behind it.
std::optional<char32_t> escape_at(std::string_view text, std::size_t& at) {
  if (text[at] != '\\' || at + 1 >= text.size()) return std::nullopt;
  const char kind = text[at + 1];
  if (kind == '/' || kind == '"' || kind == '\'') return at += 2, static_cast<char32_t>(kind);
  const std::size_t digits = kind == 'u' ? 4 : kind == 'x' ? 2 : 0;
  auto point = digits == 0 ? std::nullopt : hex_at(text, at + 2, digits);
  if (!point.has_value()) return std::nullopt;
  at += 2 + digits;
  if (*point >= 0xd800 && *point < 0xdc00 && at + 1 < text.size() && text[at] == '\\' && text[at + 1] == 'u')
    if (const auto low = hex_at(text, at + 2, 4); low.has_value() && *low >= 0xdc00 && *low < 0xe000) {
      point = 0x10000 + ((*point - 0xd800) << 10) + (*low - 0xdc00);
      at += 6;
    }
  return point;
}

std::optional<char32_t> entity_at(std::string_view text, std::size_t& at) {
  const std::size_t end = text[at] == '&' ? text.substr(at, 12).find(';') : std::string_view::npos;
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view name = text.substr(at + 1, end - 1);
  constexpr std::array<std::pair<std::string_view, char32_t>, 7> kNames = {
      {{"yen", 0xa5}, {"nbsp", 0x20}, {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"middot", 0xb7}}};
  for (const auto& [known, point] : kNames)
    if (name == known) return at += end + 1, point;
  if (name.size() < 2 || name[0] != '#') return std::nullopt;
  const bool hex = name[1] == 'x' || name[1] == 'X';
  std::uint32_t value = 0;
  const auto [stop, error] = std::from_chars(name.data() + (hex ? 2 : 1), name.data() + name.size(), value, hex ? 16 : 10);
  if (error != std::errc() || stop != name.data() + name.size() || value > 0x10ffff) return std::nullopt;
  return at += end + 1, static_cast<char32_t>(value);
}

std::string without_tags(std::string_view text) {
  constexpr std::size_t kTagLimit = 4096;
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool opens = text[at] == '<' && at + 1 < text.size() && (text[at + 1] == '/' || text[at + 1] == '!' || (text[at + 1] | 32) >= 'a');
    const std::size_t close = opens ? text.substr(at, kTagLimit).find('>') : std::string_view::npos;
    if (close == std::string_view::npos) out.push_back(text[at]);
    else at += close;
  }
  return out;
}

// One response's block: its text, where it is text.
void take_response(std::string_view block, const Fields& fields, Bodies& bodies) {
  std::size_t at = 0;
  const auto http = read_fields(block, at);
  if (!http.has_value()) return;
  const std::string type = lower(field(*http, "content-type"));
  if (is_passed_over(type)) return;
  const std::string_view body = block.substr(at);
  const bool text = type.find("octet-stream") == std::string::npos && body.substr(0, kCharsetWindow).find('\0') == std::string_view::npos;
  const bool fits = body.size() <= kTextLimit - bodies.text_bytes;
  if (!field(fields, "warc-truncated").empty() || !fits) bodies.complete = false;
  if (!text || body.empty() || !fits) return;
  bodies.text_bytes += body.size();
  Body found;
  found.url = field(fields, "warc-target-uri");
  found.code = lower(half_width(unescaped(as_utf8(body, type))));
  found.plain = without_tags(found.code);
  found.folded_code = folded(found.code);
  found.folded_plain = folded(found.plain);
  bodies.list.push_back(std::move(found));
}

// The record at `at`; moves behind it. `whole`: its block must be there to the end.
Result<void> take_record(std::string_view text, std::size_t& at, bool whole, Bodies& bodies) {
  if (!text.substr(at).starts_with("WARC/1.")) return fail(ErrorKind::invalid, "not a page archive (WARC 1.1)");
  const auto fields = read_fields(text, at);
  const auto length = fields.has_value() ? number(field(*fields, "content-length")) : std::nullopt;
  if (!length.has_value() || (whole && *length > text.size() - at)) return fail(ErrorKind::invalid, "a page archive that breaks off");
  Bodies cut;
  const bool response = field(*fields, "warc-type") == "response";
  if (response && whole) take_response(text.substr(at, *length), *fields, bodies);
  if (response && !whole) take_response(text.substr(at), *fields, cut);  // too long: was it text at all?
  if (!cut.list.empty()) bodies.complete = false;
  at = std::min(at + *length + 4, text.size());
  return {};
}

Result<void> add_plain(std::string_view text, Bodies& bodies) {
  std::size_t at = 0;
  for (std::size_t n = 0; at < text.size(); ++n) {
    if (n == kRecordLimit) return fail(ErrorKind::full, "a page archive of too many records");
    TRY(take_record(text, at, true, bodies));
  }
  return {};
}

}  // namespace

std::string unescaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    auto point = text[at] == '\\' ? escape_at(text, at) : text[at] == '&' ? entity_at(text, at) : std::nullopt;
    if (point.has_value()) out += utf8_of(std::u32string_view(&*point, 1));
    else out.push_back(text[at++]);
  }
  return out;
}

Result<void> add_bodies(ByteView warc, Bodies& bodies) {
  constexpr std::uint8_t kGzip[2] = {0x1f, 0x8b};
  if (warc.size() < 2 || !std::equal(kGzip, kGzip + 2, warc.begin())) return add_plain(as_text(warc), bodies);
  GzipMembers members(kBodyLimit, [&bodies](const GzipMember& member) -> Result<void> {
    std::size_t at = 0;
    const bool whole = member.content_bytes == static_cast<std::int64_t>(member.head.size());
    return take_record(as_text(member.head), at, whole, bodies);
  });
  TRY(members.take(warc));
  return members.finish();
}

}  // namespace netsampler::corroborate
