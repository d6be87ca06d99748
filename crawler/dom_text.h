// Text as the extractors compare it: folded, with the way back to the characters as they stand on the page.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace netsampler {

// Full-width ASCII and Arabic digits become ASCII, every kind of white space one space, dashes '-', "￥" "¥"; zero-width characters vanish;
// bytes that are not UTF-8 become U+FFFD in both forms. Look-alike letters of other scripts stay what they are.
struct FoldedText {
  std::string text;               // folded
  std::string raw;                // the same without folding but runs of white space as one space
  std::vector<std::uint32_t> at;  // at[i]: where in `raw` the character of text byte i begins

  void append(std::string_view source);
  void space();      // one space, unless there is one already or nothing yet
  void mark(char c);  // a mark that a reader sees by layout alone (the point before raised cents): in `text`, not in `raw`
  void trim_end();   // takes a last space off again
  std::string raw_of(std::size_t begin, std::size_t end) const;  // trimmed original of text[begin, end)
};

std::string without_zero_width(std::string_view source);  // what a reader sees of it; invalid UTF-8 replaced
std::string fold(std::string_view source);                // the folded form alone, trimmed
std::string_view trim(std::string_view text);             // ASCII spaces off both ends
std::string replace_invalid_utf8(std::string_view source);
std::size_t code_points(std::string_view utf8);
// The length in bytes of the code point that begins at text[at], 1 for a stray byte; 0 at the end.
std::size_t code_point_bytes(std::string_view text, std::size_t at);
inline bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_ascii_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
inline bool is_ascii_alnum(char c) { return is_ascii_digit(c) || is_ascii_letter(c); }

}  // namespace netsampler
