#include "evidence/web/warc_head.h"

#include <algorithm>
#include <charconv>

namespace netsampler {
namespace {

// The next line without its CRLF; `text` is moved behind it. False: no whole line is left.
bool next_line(std::string_view& text, std::string_view& line) {
  const auto end = text.find("\r\n");
  if (end == std::string_view::npos) return false;
  line = text.substr(0, end);
  text.remove_prefix(end + 2);
  return true;
}

// "Name: value" → fields, up to the empty line. False: it does not come.
bool read_fields(std::string_view& text, std::map<std::string, std::string>& fields) {
  for (std::string_view line; next_line(text, line);) {
    if (line.empty()) return true;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const auto value = std::min(line.find_first_not_of(" \t", colon + 1), line.size());
    fields.emplace(lower_case(std::string(line.substr(0, colon))), line.substr(value));
  }
  return false;
}

std::string media_type(const std::map<std::string, std::string>& fields) {
  const auto found = fields.find("content-type");
  if (found == fields.end()) return "";
  std::string type = lower_case(found->second.substr(0, found->second.find(';')));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  return type;
}

void read_http(std::string_view text, WarcHead& head) {
  std::string_view line;
  if (!next_line(text, line) || !line.starts_with("HTTP/")) return;
  const auto space = std::min(line.find(' '), line.size() - 1) + 1;
  std::from_chars(line.data() + space, line.data() + line.size(), head.status);
  std::map<std::string, std::string> fields;
  read_fields(text, fields);
  head.mime = media_type(fields);
}

void read_method(std::string_view text, WarcHead& head) {
  std::string_view line;
  if (next_line(text, line) && line.find(" HTTP/") != std::string_view::npos) head.method = line.substr(0, line.find(' '));
}

}  // namespace

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

Result<WarcHead> warc_head(std::string_view beginning) {
  WarcHead head;
  std::string_view line;
  if (!next_line(beginning, line) || !line.starts_with("WARC/1.") || !read_fields(beginning, head.fields))
    return fail(ErrorKind::invalid, "no WARC record begins here");
  head.mime = media_type(head.fields);
  if (head.fields["warc-type"] == "response") read_http(beginning, head);
  if (head.fields["warc-type"] == "request") read_method(beginning, head);
  return head;
}

}  // namespace netsampler
