#include "evidence/corroborate/network.h"

#include <algorithm>
#include <array>

#include "evidence/corroborate/compare.h"
#include "evidence/corroborate/forms.h"

namespace netsampler::corroborate {
namespace {

constexpr std::size_t kNameWindow = 60, kAnchorWindow = 240, kOccurrences = 20'000;

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

// The name that the value at `at` is given: what stands before it, back to the end of the value before.
std::string_view name_before(std::string_view text, std::size_t at) {
  const std::size_t from = at > kNameWindow ? at - kNameWindow : 0;
  std::string_view before = text.substr(from, at - from);
  if (const auto cut = before.find_last_of(",;{}\n"); cut != std::string_view::npos) before.remove_prefix(cut + 1);
  return before;
}

bool is_named_as_money(std::string_view text, std::size_t at) {
  constexpr std::array<std::string_view, 11> kNames = {"price", "amount", "fee", "pay", "total", "cost", "money", "金额", "价", "款", "实付"};
  const std::string_view name = name_before(text, at);
  return std::any_of(kNames.begin(), kNames.end(), [&](std::string_view known) { return name.find(known) != std::string::npos; });
}

// Numbers of the wanted value as they may be written; the search for amounts in megabytes is spared where none occurs.
std::vector<std::string> spellings(std::int64_t minor) {
  const std::string yuan = std::to_string(minor / 100), fen = std::to_string(minor);
  std::vector<std::string> list = {yuan, fen};
  std::string grouped = yuan;
  for (std::size_t at = grouped.size(); at > 3; at -= 3) grouped.insert(at - 3, ",");
  if (grouped != yuan) list.push_back(grouped);
  if (minor % 10'000 == 0 && minor >= 1'000'000) list.push_back(std::to_string(minor / 1'000'000));  // 1.2万
  return list;
}

// Is the number that begins at `at` this amount, said as money?
bool says_amount(std::string_view text, std::size_t at, std::int64_t minor) {
  const std::size_t from = at > 12 ? at - 12 : 0;
  const std::string_view around = text.substr(from, 48);
  const bool named = is_named_as_money(text, at);
  for (const Amount& amount : amounts_in(around)) {
    if (amount.at != at - from) continue;
    if (amount.minor == minor && (amount.marked || named)) return true;
    return named && amount.decimals == 0 && amount.minor / 100 == minor && minor >= 100;  // 分
  }
  return false;
}

bool has_amount(std::string_view text, std::int64_t minor) {
  for (const std::string& spelling : spellings(minor)) {
    std::size_t seen = 0;
    for (auto at = text.find(spelling); at != std::string_view::npos && seen < kOccurrences; at = text.find(spelling, at + 1), ++seen)
      if (says_amount(text, at, minor)) return true;
  }
  return false;
}

bool has_pieces(const std::string& body, const std::string& wanted) {
  constexpr std::size_t kPieceBytes = 6;  // two Chinese characters
  const std::string text = half_width(wanted);
  int pieces = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" /|-_:,()[]", at), text.size());
    const std::string piece = folded(std::string_view(text).substr(at, end - at));
    if (!piece.empty() && body.find(piece) == std::string::npos) return false;
    pieces += piece.size() >= kPieceBytes ? 1 : 0;
    at = end + 1;
  }
  return pieces > 0;
}

bool is_short(const std::string& folded_text, Form form) { return folded_text.size() < (form == Form::code ? 4U : 2U); }

// Addresses stand in bodies without their server, too.
std::string path_of(const std::string& url) {
  const auto host = url.find("://");
  const auto path = host == std::string::npos ? 0 : url.find('/', host + 3);
  const std::string text = path == std::string::npos ? "" : url.substr(path);
  return text.size() > 3 ? text : host == std::string::npos ? url : url.substr(host + 3);
}

bool says(const Body& body, const Expected& expected) {
  if (expected.form == Form::money) return has_amount(body.code, expected.minor) || has_amount(body.plain, expected.minor);
  if (expected.form == Form::address) return body.code.find(lower(half_width(path_of(expected.text)))) != std::string::npos || body.url == expected.text;
  const std::string wanted = folded(expected.text);
  if (expected.form == Form::code) return has_token(body.code, wanted) || has_token(body.plain, wanted);
  return body.folded_plain.find(wanted) != std::string::npos || body.folded_code.find(wanted) != std::string::npos || has_pieces(body.folded_code, expected.text);
}

// Behind an element of that class or id the network brought amounts, and none is the wanted one.
bool has_other_behind(const Body& body, const std::string& shown_anchor) {
  const std::string anchor = lower(shown_anchor);
  std::size_t seen = 0;
  for (auto at = body.code.find(anchor); at != std::string::npos && seen < kOccurrences; at = body.code.find(anchor, at + 1), ++seen) {
    const auto from = body.code.find('>', at);
    if (from == std::string::npos || from - at > kAnchorWindow) continue;
    std::string behind = body.code.substr(from + 1, kAnchorWindow);
    const auto tag = behind.find('<');
    if (!amounts_in(behind.substr(0, tag)).empty()) return true;
  }
  return false;
}

}  // namespace

Said look_in_network(const Expected& expected, const std::vector<const Bodies*>& pages, const std::vector<std::string>& anchors) {
  if (expected.form != Form::money && is_short(folded(expected.text), expected.form)) return {Answer::not_applicable, "too-short", ""};
  bool any = false, complete = true;
  for (const Bodies* page : pages) {
    for (const Body& body : page->list)
      if (says(body, expected)) return {Answer::agrees, "", ""};
    any = any || !page->list.empty();
    complete = complete && page->complete;
  }
  if (!any) return {Answer::not_applicable, "no-archive", ""};
  if (!complete) return {Answer::not_applicable, "bodies-missing", ""};
  if (expected.form == Form::money)
    for (const Bodies* page : pages)
      for (const Body& body : page->list)
        for (const std::string& anchor : anchors)
          if (has_other_behind(body, anchor)) return {Answer::differs, "other-amount", ""};
  return {Answer::not_found, "not-served", ""};
}

}  // namespace netsampler::corroborate
