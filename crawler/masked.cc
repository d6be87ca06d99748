#include "crawler/masked.h"

#include <algorithm>

namespace netsampler {
namespace {

constexpr std::string_view kNames[] = {"token", "passw", "passwd", "pwd", "secret", "authorization", "cookie", "session", "ticket", "credential"};
constexpr std::string_view kWithheld = "withheld";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_name_char(char c) { return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; }

bool names_secret(std::string_view text, std::size_t at) {
  return std::any_of(std::begin(kNames), std::end(kNames), [&](std::string_view name) {
    return text.size() - at >= name.size() && std::equal(name.begin(), name.end(), text.begin() + static_cast<std::ptrdiff_t>(at),
                                                         [](char a, char b) { return a == lower(b); });
  });
}

std::size_t past(std::string_view text, std::size_t at, std::string_view what) {
  while (at < text.size() && what.find(text[at]) != std::string_view::npos) ++at;
  return at;
}

struct Value {
  std::size_t from, to;  // equal: no value stands here
};

// Where the closing quote begins: as many backslashes before it as before the opening one; more belong to the value.
std::size_t end_of_quoted(std::string_view text, std::size_t from, char quote, std::size_t escapes) {
  std::size_t run = 0;
  for (std::size_t at = from; at < text.size(); ++at) {
    if (text[at] == quote && run <= escapes) return at - run;
    run = text[at] == '\\' ? run + 1 : 0;
  }
  return text.size();
}

// Behind a name: quotes (each perhaps escaped), a separator, the value up to the quote that opened it or the next mark.
Value value_behind(std::string_view text, std::size_t at) {
  while (at < text.size() && is_name_char(text[at])) ++at;
  const std::size_t separator = past(text, past(text, at, "\\"), "\"' \t");
  if (separator >= text.size() || (text[separator] != ':' && text[separator] != '=')) return {at, at};
  const std::size_t quote = past(text, past(text, separator + 1, " \t"), "\\");
  const bool quoted = quote < text.size() && (text[quote] == '"' || text[quote] == '\'');
  const std::size_t from = quoted ? quote + 1 : quote;
  std::size_t to = from;
  if (quoted) {
    to = end_of_quoted(text, from, text[quote], text[quote - 1] == '\\' ? 1 : 0);
  } else {
    to = std::min(text.size(), text.find_first_of("&,;}]\"'\r\n \t<", from));
  }
  return {from, to};
}

}  // namespace

std::string masked(std::string_view text) {
  std::string out;
  std::size_t done = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!names_secret(text, at)) continue;
    const Value value = value_behind(text, at);
    if (value.from >= value.to) continue;
    out.append(text.substr(done, value.from - done)).append(kWithheld);
    done = value.to;
    at = value.to - 1;
  }
  out.append(text.substr(done));
  return out;
}

}  // namespace netsampler
