#include "evidence/corroborate/crop.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace netsampler::corroborate {
namespace {

constexpr int kRoom = 12, kLargest = 4, kLargestSide = 4096;

std::uint8_t& pixel(GrayPicture& picture, int x, int y) { return picture.pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) + static_cast<std::size_t>(x)]; }
int pixel(const GrayPicture& picture, int x, int y) { return picture.pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) + static_cast<std::size_t>(x)]; }

GrayPicture cut(const GrayPicture& picture, const Rect& rect) {
  GrayPicture part{rect.width, rect.height, {}};
  for (int y = 0; y < rect.height; ++y)
    for (int x = 0; x < rect.width; ++x) part.pixels.push_back(static_cast<std::uint8_t>(pixel(picture, rect.x + x, rect.y + y)));
  return part;
}

// The most frequent brightness is the background; text is stretched to black on white.
void make_dark_on_light(GrayPicture& picture) {
  std::array<int, 16> counts{};
  int low = 255, high = 0;
  for (const int value : picture.pixels) {
    ++counts[static_cast<std::size_t>(value / 16)];
    low = std::min(low, value);
    high = std::max(high, value);
  }
  const auto most = static_cast<int>(std::max_element(counts.begin(), counts.end()) - counts.begin()) * 16 + 8;
  const bool inverted = most - low < high - most;
  const int range = std::max(high - low, 1);
  for (std::uint8_t& value : picture.pixels) {
    const int stretched = (value - low) * 255 / range;
    value = static_cast<std::uint8_t>(inverted ? 255 - stretched : stretched);
  }
}

// A row that is dark over three quarters of the text's width is the line; what stands above and below closes over it.
void paint_over_line(GrayPicture& picture) {
  std::vector<int> rows;
  for (int y = 2; y + 2 < picture.height; ++y) {
    int dark = 0;
    for (int x = 0; x < picture.width; ++x) dark += pixel(std::as_const(picture), x, y) < 150 ? 1 : 0;
    if (dark * 4 > picture.width * 3) rows.push_back(y);
  }
  if (rows.empty() || rows.size() > 6) return;
  const int above = rows.front() - 1, below = rows.back() + 1;
  if (below - above > 8 || below >= picture.height) return;
  for (const int y : rows)
    for (int x = 0; x < picture.width; ++x)
      pixel(picture, x, y) = static_cast<std::uint8_t>(std::max(pixel(std::as_const(picture), x, above), pixel(std::as_const(picture), x, below)));
}

GrayPicture enlarged(const GrayPicture& picture, int times) {
  GrayPicture large{picture.width * times, picture.height * times, {}};
  large.pixels.resize(static_cast<std::size_t>(large.width) * static_cast<std::size_t>(large.height));
  for (int y = 0; y < large.height; ++y) {
    const int sy = std::max(0, (2 * y + 1 - times) * 128 / times), y0 = sy >> 8, y1 = std::min(y0 + 1, picture.height - 1), fy = sy & 255;
    for (int x = 0; x < large.width; ++x) {
      const int sx = std::max(0, (2 * x + 1 - times) * 128 / times), x0 = sx >> 8, x1 = std::min(x0 + 1, picture.width - 1), fx = sx & 255;
      const int top = pixel(picture, x0, y0) * (256 - fx) + pixel(picture, x1, y0) * fx;
      const int bottom = pixel(picture, x0, y1) * (256 - fx) + pixel(picture, x1, y1) * fx;
      pixel(large, x, y) = static_cast<std::uint8_t>((top * (256 - fy) + bottom * fy) >> 16);
    }
  }
  return large;
}

GrayPicture with_room(const GrayPicture& picture) {
  GrayPicture wide{picture.width + 2 * kRoom, picture.height + 2 * kRoom, {}};
  wide.pixels.assign(static_cast<std::size_t>(wide.width) * static_cast<std::size_t>(wide.height), 255);
  for (int y = 0; y < picture.height; ++y)
    for (int x = 0; x < picture.width; ++x) pixel(wide, x + kRoom, y + kRoom) = static_cast<std::uint8_t>(pixel(picture, x, y));
  return wide;
}

}  // namespace

GrayPicture line_for_reading(const GrayPicture& picture, const Rect& rect, const CropWish& wish) {
  GrayPicture part = cut(picture, rect);
  make_dark_on_light(part);
  if (wish.without_line) paint_over_line(part);
  const int fits = kLargestSide / std::max({part.width, part.height, 1});
  const int times = std::clamp((wish.height_px + part.height / 2) / std::max(part.height, 1), 1, std::clamp(fits, 1, kLargest));
  return with_room(enlarged(part, times));
}

}  // namespace netsampler::corroborate
