#include "crawler/dom_text.h"

#include <algorithm>

namespace netsampler {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

struct CodePoint {
  char32_t value = 0xFFFD;
  std::size_t bytes = 1;
  bool valid = false;
};

std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

CodePoint decode(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t length = sequence_length(lead);
  if (length == 0 || at + length > text.size()) return {};
  if (length == 1) return {lead, 1, true};
  char32_t value = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[at + i]);
    if ((next & 0xC0) != 0x80) return {};
    value = (value << 6) | (next & 0x3Fu);
  }
  constexpr char32_t kSmallest[5] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < kSmallest[length] || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) return {};
  return {value, length, true};
}

bool is_space(char32_t c) {
  return c == ' ' || (c >= 0x09 && c <= 0x0D) || c == 0xA0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F ||
         c == 0x2028 || c == 0x2029;
}

bool is_zero_width(char32_t c) {
  return (c >= 0x200B && c <= 0x200F) || c == 0xFEFF || c == 0x2060 || c == 0xAD || (c >= 0x202A && c <= 0x202E);
}

// What stands for the character in the folded text; nothing where it stays as it is.
std::string_view folded_form(char32_t c, char (&room)[2]) {
  if (c == 0xFFE5) return "\xc2\xa5";
  if (c >= 0x2012 && c <= 0x2015) return "-";
  if (c == 0x2212 || c == 0x2010 || c == 0x2011) return "-";
  if (c == 0x301C) return "~";
  if (c == 0xFFE1) return "\xc2\xa3";
  if (c == 0x066B) return ".";
  if (c == 0x066C) return ",";
  const char32_t zero = c >= 0x0660 && c <= 0x0669 ? 0x0660 : c >= 0x06F0 && c <= 0x06F9 ? 0x06F0 : c >= 0x0966 && c <= 0x096F ? 0x0966 : 0;
  if (zero != 0) {  // Arabic, Persian and Devanagari digits
    room[0] = static_cast<char>('0' + static_cast<int>(c - zero));
    return {room, 1};
  }
  if (c < 0xFF01 || c > 0xFF5E) return {};
  room[0] = static_cast<char>(c - 0xFF01 + 0x21);
  return {room, 1};
}

}  // namespace

void FoldedText::space() {
  if (text.empty() || text.back() == ' ') return;
  at.push_back(static_cast<std::uint32_t>(raw.size()));
  text += ' ';
  raw += ' ';
}

void FoldedText::mark(char c) {
  at.push_back(static_cast<std::uint32_t>(raw.size()));
  text += c;
}

void FoldedText::trim_end() {
  if (text.empty() || text.back() != ' ') return;
  raw.erase(at.back());
  text.pop_back();
  at.pop_back();
}

void FoldedText::append(std::string_view source) {
  for (std::size_t i = 0; i < source.size();) {
    const CodePoint c = decode(source, i);
    const std::string_view own = c.valid ? source.substr(i, c.bytes) : kReplacement;
    i += c.bytes;
    if (c.valid && is_space(c.value)) {
      space();
      continue;
    }
    char room[2];
    std::string_view form = c.valid ? folded_form(c.value, room) : std::string_view{};
    if (form.empty()) form = own;
    const auto begin = static_cast<std::uint32_t>(raw.size());
    raw += own;
    if (c.valid && is_zero_width(c.value)) continue;
    text += form;
    at.insert(at.end(), form.size(), begin);
  }
}

std::string FoldedText::raw_of(std::size_t begin, std::size_t end) const {
  if (begin >= at.size() || begin >= end) return "";
  const std::size_t from = at[begin];
  const std::size_t to = end < at.size() ? at[end] : raw.size();
  return std::string(trim(std::string_view(raw).substr(from, to - from)));
}

std::string fold(std::string_view source) {
  FoldedText folded;
  folded.append(source);
  return std::string(trim(folded.text));
}

std::string without_zero_width(std::string_view source) {
  std::string whole;
  for (std::size_t i = 0; i < source.size();) {
    const CodePoint c = decode(source, i);
    if (!c.valid || !is_zero_width(c.value)) whole += c.valid ? source.substr(i, c.bytes) : kReplacement;
    i += c.bytes;
  }
  return whole;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::string replace_invalid_utf8(std::string_view source) {
  std::string whole;
  for (std::size_t i = 0; i < source.size();) {
    const CodePoint c = decode(source, i);
    whole += c.valid ? source.substr(i, c.bytes) : kReplacement;
    i += c.bytes;
  }
  return whole;
}

std::size_t code_points(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::size_t code_point_bytes(std::string_view text, std::size_t at) {
  return at < text.size() ? decode(text, at).bytes : 0;
}

}  // namespace netsampler
