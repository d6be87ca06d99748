#include "evidence/format/public_text.h"

#include <algorithm>

#include "evidence/format/names.h"

namespace netsampler {
namespace {

using T = MemberType;
constexpr std::size_t kDigitsInARow = 8;
constexpr std::ptrdiff_t kDigitsOfAWord = 4;
constexpr std::ptrdiff_t kDigitsOfAnAccount = 10;
constexpr std::size_t kPhraseBytes = 200;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_letter(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }
bool is_host_letter(char c) { return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '_' || c == ':' || c == '[' || c == ']'; }

std::ptrdiff_t digits_of(std::string_view text) { return std::count_if(text.begin(), text.end(), is_digit); }

bool has_long_number(std::string_view text) {
  std::size_t run = 0;
  return std::any_of(text.begin(), text.end(), [&run](char c) {
    run = is_digit(c) ? run + 1 : 0;
    return run > kDigitsInARow;
  });
}

bool is_word(std::string_view text) {
  if (text.empty() || text.size() > 64 || !is_lower(text.front()) || digits_of(text) > kDigitsOfAWord) return false;
  bool joined = false;  // the letter before was a joint
  for (char c : text) {
    const bool joint = c == '.' || c == '_' || c == '-';
    if ((joint && joined) || (!joint && !is_lower(c) && !is_digit(c))) return false;
    joined = joint;
  }
  return !joined;
}

bool is_number(std::string_view text, std::size_t most) { return !text.empty() && text.size() <= most && digits_of(text) == std::ssize(text); }

bool is_item(std::string_view text) {
  const std::size_t dash = text.find('-');
  return dash != std::string_view::npos && is_number(text.substr(0, dash), 3) && is_number(text.substr(dash + 1), 2);
}

bool is_phrase(std::string_view text) {
  return text.size() <= kPhraseBytes && !has_long_number(text) && std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool is_display(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon > 64 || has_long_number(text)) return false;
  const std::string_view host = text.substr(0, colon), number = text.substr(colon + 1);
  const std::size_t dot = number.find('.');
  const bool screen = dot == std::string_view::npos || is_number(number.substr(dot + 1), 2);
  return screen && is_number(number.substr(0, dot), 5) && std::all_of(host.begin(), host.end(), [](char c) { return is_host_letter(c) || c == '/'; });
}

// Shops have numbers in their addresses (shop107922698.example): only a part that is nothing but a number could be somebody's telephone.
bool is_host(std::string_view host) {
  if (host.empty() || host.size() > 260 || !std::all_of(host.begin(), host.end(), is_host_letter)) return false;
  for (std::size_t from = 0; from <= host.size();) {
    const std::size_t to = std::min(host.find_first_of(".:", from), host.size());
    if (is_number(host.substr(from, to - from), host.size()) && to - from > kDigitsInARow) return false;
    from = to + 1;
  }
  return true;
}

bool is_origin(std::string_view text) {
  if (text.empty()) return true;
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon > 32 || !is_word(text.substr(0, colon))) return false;
  if (colon + 1 == text.size()) return true;
  return text.substr(colon, 3) == "://" && (text.size() == colon + 3 || is_host(text.substr(colon + 3)));
}

bool is_public_server(const Json& server) {
  return is_public_text(string_or(server, "server", ""), T::phrase) && is_public_text(string_or(server, "why", ""), T::phrase);
}

}  // namespace

bool is_account_id(std::string_view id) { return is_case_id(id) && digits_of(id) <= kDigitsOfAnAccount; }

bool is_public_path(std::string_view path) { return is_record_path(path) && !has_long_number(path); }

bool is_public_text(std::string_view text, MemberType type) {
  switch (type) {
    case T::word: return is_word(text);
    case T::item: return is_item(text);
    case T::account: return text == "?" || is_account_id(text);
    case T::display: return is_display(text);
    case T::origin: return is_origin(text);
    case T::phrase: return is_phrase(text);
    case T::recording: return is_recording_id(text);
    default: return true;
  }
}

bool is_public(const Json& value, MemberType type) {
  if (type == T::accounts)
    return std::all_of(value.begin(), value.end(), [](const Json& one) { return is_public_text(one.get<std::string>(), T::account); });
  if (type == T::servers) return std::all_of(value.begin(), value.end(), is_public_server);
  return !value.is_string() || is_public_text(value.get<std::string>(), type);
}

}  // namespace netsampler
