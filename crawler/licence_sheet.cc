#include "crawler/licence_sheet.h"

#include <array>

#include "evidence/vision/clean.h"
#include "evidence/vision/codes.h"
#include "evidence/vision/sheet.h"

namespace netsampler {
namespace {

constexpr int kLongSide = 2000, kSmallSide = 1200;  // pixels
constexpr int kEnoughCaptions = 3;

Rect whole_of(const Picture& picture) { return {0, 0, picture.width, picture.height}; }

Result<LevelSheet> read_sheet(TextReader& reader, Picture colours) {
  LevelSheet sheet;
  const Picture gray = TRY(cleaned(colours.view(), Cleaning::no_red));
  const double skew = TRY(skew_degrees(gray.view()));
  sheet.gray = TRY(rotated(gray.view(), skew));
  sheet.colours = TRY(rotated(colours.view(), skew));
  auto symbols = TRY(reader.read_symbols(sheet.gray.view(), whole_of(sheet.gray), TextLayout::block));
  sheet.rows = licence_rows(std::move(symbols));
  sheet.captions = caption_count(sheet.rows);
  return sheet;
}

Result<int> captions_at(TextReader& reader, const Picture& colours, int quarters) {
  const Picture small = TRY(scaled_to(colours.view(), kSmallSide));
  Picture other_way = TRY(turned(small.view(), quarters));
  const LevelSheet sheet = TRY(read_sheet(reader, std::move(other_way)));
  return sheet.captions;
}

// As it lies, or, where that says too little, in the direction that says most.
Result<LevelSheet> read_upright(TextReader& reader, Picture colours) {
  LevelSheet sheet = TRY(read_sheet(reader, colours));
  if (sheet.captions >= kEnoughCaptions) return sheet;
  int best = 0, most = sheet.captions;
  for (const int quarters : {1, 3, 2}) {
    const int captions = TRY(captions_at(reader, colours, quarters));
    if (captions > most) most = captions, best = quarters;
    if (captions >= kEnoughCaptions) break;
  }
  if (best == 0) return sheet;
  Picture upright = TRY(turned(colours.view(), best));
  LevelSheet other = TRY(read_sheet(reader, std::move(upright)));
  return other.captions > sheet.captions ? std::move(other) : std::move(sheet);
}

Result<bool> add_payloads(const Picture& picture, std::vector<std::string>& payloads) {
  const auto codes = TRY(read_codes(picture.view(), CodeKinds::matrix));
  for (const Code& code : codes)
    if (code.format == "QRCode" && !code.text.empty()) payloads.push_back(code.text);
  return !payloads.empty();
}

}  // namespace

Result<LevelSheet> level_sheet(TextReader& reader, const Picture& picture) {
  const auto corners = TRY(find_sheet(picture.view()));
  LevelSheet sheet;
  if (corners) {
    Picture flat = TRY(flattened(picture.view(), *corners, kLongSide));
    sheet = TRY(read_upright(reader, std::move(flat)));
    if (sheet.captions >= kEnoughCaptions) return sheet;
  }
  Picture whole = TRY(scaled_to(picture.view(), kLongSide));
  LevelSheet other = TRY(read_upright(reader, std::move(whole)));
  return !corners || other.captions > sheet.captions ? std::move(other) : std::move(sheet);
}

Result<std::vector<LicenceRow>> scattered_rows(TextReader& reader, const LevelSheet& sheet) {
  auto symbols = TRY(reader.read_symbols(sheet.gray.view(), whole_of(sheet.gray), TextLayout::sparse));
  return licence_rows(std::move(symbols));
}

Result<std::vector<std::string>> qr_payloads(const Picture& picture, const LevelSheet& sheet) {
  std::vector<std::string> payloads;
  for (const Picture* each : {&picture, &sheet.colours}) {
    const bool found = TRY(add_payloads(*each, payloads));
    if (found) return payloads;
  }
  for (const Cleaning each : {Cleaning::even, Cleaning::strict}) {
    const Picture gray = TRY(cleaned(sheet.colours.view(), each));
    const Picture large = TRY(magnified(gray.view(), whole_of(gray), 1.75, 0));
    const bool found = TRY(add_payloads(gray, payloads)), found_large = found || TRY(add_payloads(large, payloads));
    if (found_large) return payloads;
  }
  return payloads;
}

}  // namespace netsampler
