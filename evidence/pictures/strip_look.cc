#include "evidence/pictures/strip_look.h"

#include "evidence/vision/codes.h"

namespace netsampler::pictures {
namespace {

constexpr int kMiddleLuma = 126;  // between black, 16, and white, 235

bool is_white(const ImageView& luma, int left, int top) {
  int sum = 0;
  for (int y = top + 1; y < top + 3; ++y)
    for (int x = left + 1; x < left + 3; ++x) sum += luma.data[static_cast<std::ptrdiff_t>(y) * luma.stride_bytes + x];
  return sum > 4 * kMiddleLuma;
}

StripCodeBytes cells_of(const ImageView& luma) {
  StripCodeBytes bytes{};
  for (int column = 0; column < kStripCodeBytes; ++column)
    for (int row = 0; row < 8; ++row) {
      const bool one = is_white(luma, kStripCodeLeft + column * kStripCell, kStripCodeTop + row * kStripCell);
      bytes[static_cast<std::size_t>(column)] = static_cast<std::uint8_t>(bytes[static_cast<std::size_t>(column)] << 1 | (one ? 1 : 0));
    }
  return bytes;
}

std::string beacon_in(const ImageView& luma) {
  const ImageView corner{luma.data + kBeaconLeft, kBeaconSide, kBeaconSide, luma.stride_bytes, PixelForm::gray};
  const auto codes = read_codes(corner);
  if (!codes.ok()) return "";
  for (const Code& code : *codes)
    if (parse_beacon(code.text)) return code.text;
  return "";
}

}  // namespace

Look look_at_strip(const ImageView& luma, std::int64_t pts) {
  Look look{pts, std::nullopt, ""};
  if (luma.width < kBeaconLeft + kBeaconSide || luma.height < kStripRows || luma.form != PixelForm::gray) return look;
  look.code = parse_strip_code(cells_of(luma));
  look.beacon = beacon_in(luma);
  return look;
}

}  // namespace netsampler::pictures
