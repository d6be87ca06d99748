#include "evidence/corroborate/pixels.h"

#include <algorithm>
#include <array>

#include "evidence/corroborate/compare.h"
#include "evidence/corroborate/crop.h"
#include "evidence/corroborate/forms.h"

namespace netsampler::corroborate {
namespace {

constexpr std::size_t kLines = 4;
constexpr double kUncovered = 0.6;
constexpr int kMargin = 2;

bool is_within(const Rect& rect, int x, int y, const GrayPicture& picture) {
  return rect.x + x >= 0 && rect.y + y >= 0 && rect.x + x + rect.width <= picture.width && rect.y + y + rect.height <= picture.height;
}

Rect hull_of(const std::vector<TextLine>& lines) {
  Rect all = lines.front().rect;
  for (const TextLine& line : lines) {
    const int right = std::max(all.x + all.width, line.rect.x + line.rect.width), bottom = std::max(all.y + all.height, line.rect.y + line.rect.height);
    all.x = std::min(all.x, line.rect.x);
    all.y = std::min(all.y, line.rect.y);
    all.width = right - all.x;
    all.height = bottom - all.y;
  }
  return all;
}

// A long text is looked for by its first lines alone.
void shorten(std::vector<TextLine>& lines, Expected& expected) {
  if (lines.size() <= kLines) return;
  lines.resize(kLines);
  if (expected.form != Form::text) return;
  std::string first;
  for (const TextLine& line : lines) first += folded(line.text);
  if (folded(expected.text).find(first) != std::string::npos) expected.text = first;
}

Rect with_margin(const Rect& rect) { return {rect.x - kMargin, rect.y - kMargin, rect.width + 2 * kMargin, rect.height + 2 * kMargin}; }

std::string read_lines(TextReader& reader, const Shown& shown, const std::vector<TextLine>& lines, const CropWish& wish) {
  std::string text;
  for (const TextLine& line : lines) {
    const Rect there{line.rect.x + shown.place.x, line.rect.y + shown.place.y, line.rect.width, line.rect.height};
    const GrayPicture picture = line_for_reading(shown.frame, clipped(with_margin(there), shown.frame.view()), wish);
    const auto found = reader.read(picture.view(), {0, 0, picture.width, picture.height}, TextLayout::line);
    if (found.ok() && !found->text.empty()) text += (text.empty() ? "" : "\n") + found->text;
  }
  return text;
}

// What makes two readings the same other value: their amounts, or all of the text.
std::string value_in(const std::string& text, Form form) {
  if (form != Form::money) return look_alike(folded(text));
  std::string values;
  for (const Amount& amount : amounts_in(half_width(text))) values += std::to_string(amount.minor) + " ";
  return values;
}

}  // namespace

Said look_in_picture(TextReader& reader, const Shown& shown, const std::vector<TextLine>& all_lines, Expected expected, Rect& rect) {
  std::vector<TextLine> lines = all_lines;
  shorten(lines, expected);
  const Rect where = hull_of(lines);
  if (!is_within(where, 0, 0, shown.screenshot) || !is_within(where, shown.place.x, shown.place.y, shown.frame)) return {Answer::not_applicable, "outside", ""};
  rect = {where.x + shown.place.x, where.y + shown.place.y, where.width, where.height};
  const Likeness likely = likeness(shown.frame, shown.screenshot, shown.place, where);
  if (likely.share() < kUncovered) return {Answer::not_found, "covered", ""};
  constexpr std::array<CropWish, 3> kWishes = {{{48, false}, {80, false}, {60, true}}};
  std::vector<std::string> others;
  Said said{Answer::not_found, "unread", ""};
  for (const CropWish& wish : kWishes) {
    said.text = read_lines(reader, shown, lines, wish);
    const Answer answer = compare_read(expected, said.text);
    if (answer == Answer::agrees) return {answer, "", said.text};
    if (answer != Answer::differs) continue;
    const std::string other = value_in(said.text, expected.form);
    if (std::find(others.begin(), others.end(), other) != others.end()) return {answer, "other-value", said.text};
    others.push_back(other);
  }
  return said;
}

}  // namespace netsampler::corroborate
