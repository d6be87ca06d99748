#include "evidence/vision/codes.h"

#define ZX_USE_UTF8 1
#include <ReadBarcode.h>
#include <iconv.h>

#include <algorithm>

namespace netsampler {
namespace {

constexpr int kMatrixLimit = 8, kPassLimit = 24, kLinesAPass = 2;

ZXing::DecodeHints hints(ZXing::BarcodeFormats formats, int limit) {
  ZXing::DecodeHints wanted;
  wanted.setTryHarder(true);  // a waybill lies askew on a table
  wanted.setTryRotate(true);
  wanted.setFormats(formats);
  wanted.setMaxNumberOfSymbols(static_cast<std::uint8_t>(limit));
  return wanted;
}

// A picture of our own, to blank what has been read.
struct Canvas {
  explicit Canvas(const ImageView& image)
      : width(image.width), height(image.height), form(image.form), stride(image.width * bytes_per_pixel(image.form)) {
    for (int y = 0; y < height; ++y) {
      const std::uint8_t* row = image.data + static_cast<std::ptrdiff_t>(y) * image.stride_bytes;
      pixels.insert(pixels.end(), row, row + stride);
    }
  }
  void blank(const Rect& rect) {
    const Rect inside = clipped(rect, {pixels.data(), width, height, stride, form});
    const int bytes = bytes_per_pixel(form);
    for (int y = inside.y; y < inside.y + inside.height; ++y)
      std::fill_n(pixels.begin() + y * stride + inside.x * bytes, inside.width * bytes, std::uint8_t{255});
  }
  ZXing::ImageView view() const {
    return {pixels.data(), width, height, form == PixelForm::gray ? ZXing::ImageFormat::Lum : ZXing::ImageFormat::BGR, stride};
  }
  int width, height;
  PixelForm form;
  int stride;
  std::vector<std::uint8_t> pixels;
};

bool is_utf8(const std::string& text) {
  const iconv_t none = iconv_open("UTF-8", "UTF-8");
  std::string in = text, out(text.size() + 4, '\0');
  char *from = in.data(), *to = out.data();
  std::size_t left = in.size(), room = out.size();
  const bool sound = iconv(none, &from, &left, &to, &room) != static_cast<std::size_t>(-1);
  iconv_close(none);
  return sound;
}

// Empty where the bytes are no GB 18030 either.
std::string from_gb18030(const std::string& bytes) {
  const iconv_t way = iconv_open("UTF-8", "GB18030");
  std::string in = bytes, out(bytes.size() * 4 + 4, '\0');
  char *from = in.data(), *to = out.data();
  std::size_t left = in.size(), room = out.size();
  const bool sound = iconv(way, &from, &left, &to, &room) != static_cast<std::size_t>(-1);
  iconv_close(way);
  return sound ? out.substr(0, out.size() - room) : std::string();
}

// The decoder guesses the character set of a code that names none, Japanese among its guesses; Chinese licences are UTF-8 or GBK.
std::string text_of(const ZXing::Result& found) {
  if (found.format() != ZXing::BarcodeFormat::QRCode || found.hasECI()) return found.text();
  const std::string bytes(found.bytes().begin(), found.bytes().end());
  if (is_utf8(bytes)) return bytes;
  const std::string chinese = from_gb18030(bytes);
  return chinese.empty() ? found.text() : chinese;
}

Code code_from(const ZXing::Result& found) {
  Code code;
  code.format = ZXing::ToString(found.format());
  code.text = text_of(found);
  for (std::size_t i = 0; i < 4; ++i) code.corners[i] = {found.position()[static_cast<int>(i)].x, found.position()[static_cast<int>(i)].y};
  code.lines = std::max(0, found.lineCount());
  return code;
}

Rect grown(const Rect& rect, int margin) {
  return {rect.x - margin, rect.y - margin, rect.width + 2 * margin, rect.height + 2 * margin};
}

// Where a further stretch of the same code may lie: the decoder leaps over lines, the further the larger the picture.
Rect neighbourhood(const Code& code) {
  const Rect rect = bounds_of(code);
  return grown(rect, 8 + std::max(rect.width, rect.height) / 16);
}

bool touch(const Rect& a, const Rect& b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

std::int64_t area(const Code& code) {
  const Rect rect = bounds_of(code);
  return std::int64_t{rect.width} * rect.height;
}

// The next stretch of the same printed code: its far edge becomes the whole's.
void join(Code& whole, const Code& part) {
  Code upward = whole, downward = whole;
  for (std::size_t i : {0U, 1U}) upward.corners[i] = part.corners[i];
  for (std::size_t i : {2U, 3U}) downward.corners[i] = part.corners[i];
  const int lines = whole.lines + part.lines;
  whole = area(upward) > area(downward) ? upward : downward;
  whole.lines = lines;
}

// Some lines of one linear code a pass; what was read is blanked, and stretches that touch are one code. Not several codes a call:
// zxing-cpp 1.4 then aborts (an assertion in Result::operator==) where it meets the same code twice, as at two scales.
void read_linear(Canvas& canvas, std::vector<Code>& codes) {
  const std::size_t first = codes.size();
  auto wanted = hints(ZXing::BarcodeFormat::LinearCodes, 1);
  wanted.setMinLineCount(kLinesAPass);
  for (int pass = 0; pass < kPassLimit; ++pass) {
    const auto found = ZXing::ReadBarcodes(canvas.view(), wanted);
    if (found.empty() || !found.front().isValid()) return;
    const Code code = code_from(found.front());
    canvas.blank(grown(bounds_of(code), 8));
    const auto same = std::find_if(codes.begin() + static_cast<std::ptrdiff_t>(first), codes.end(), [&](const Code& other) {
      return other.format == code.format && other.text == code.text && touch(neighbourhood(other), neighbourhood(code));
    });
    if (same != codes.end())
      join(*same, code);
    else
      codes.push_back(code);
  }
}

void read_matrix(const Canvas& canvas, std::vector<Code>& codes) {
  for (const auto& found : ZXing::ReadBarcodes(canvas.view(), hints(ZXing::BarcodeFormat::MatrixCodes, kMatrixLimit)))
    if (found.isValid()) codes.push_back(code_from(found));
}

}  // namespace

Result<std::vector<Code>> read_codes(const ImageView& image, CodeKinds kinds) {
  if (!is_sound(image)) return fail(ErrorKind::invalid, "reading codes: not a picture (no data, or sides out of bounds)");
  std::vector<Code> codes;
  try {
    Canvas canvas(image);
    read_matrix(canvas, codes);
    if (kinds == CodeKinds::all) read_linear(canvas, codes);
  } catch (const std::exception& error) {  // the library throws its own and the standard ones on damaged symbols
    return fail(ErrorKind::internal, std::string("reading codes: ") + error.what());
  }
  return codes;
}

Rect bounds_of(const Code& code) {
  const auto [left, right] = std::minmax_element(code.corners.begin(), code.corners.end(), [](Point a, Point b) { return a.x < b.x; });
  const auto [top, bottom] = std::minmax_element(code.corners.begin(), code.corners.end(), [](Point a, Point b) { return a.y < b.y; });
  return {left->x, top->y, right->x - left->x + 1, bottom->y - top->y + 1};
}

}  // namespace netsampler
