#include "evidence/vision/text.h"

#include <tesseract/baseapi.h>
#include <tesseract/resultiterator.h>

#include <algorithm>
#include <cstdlib>

#include "evidence/base/bytes.h"

namespace netsampler {
namespace {

constexpr int kScreenPixelsPerInch = 96;
constexpr std::size_t kSymbolLimit = 20'000;

tesseract::PageSegMode mode_of(TextLayout layout) {
  if (layout == TextLayout::line) return tesseract::PSM_SINGLE_LINE;
  return layout == TextLayout::block ? tesseract::PSM_SINGLE_BLOCK : tesseract::PSM_SPARSE_TEXT;
}

// Tesseract takes 3-byte pixels as red first; a gray copy spares it the colours and us the order.
Bytes gray_copy(const ImageView& image, const Rect& rect) {
  Bytes gray;
  gray.reserve(static_cast<std::size_t>(rect.width) * static_cast<std::size_t>(rect.height));
  const int step = bytes_per_pixel(image.form);
  for (int y = 0; y < rect.height; ++y) {
    const std::uint8_t* pixel = image.data + std::ptrdiff_t{rect.y + y} * image.stride_bytes + std::ptrdiff_t{rect.x} * step;
    for (int x = 0; x < rect.width; ++x, pixel += step)
      gray.push_back(step == 1 ? pixel[0] : static_cast<std::uint8_t>((pixel[0] * 29 + pixel[1] * 150 + pixel[2] * 77) >> 8));
  }
  return gray;
}

std::string without_line_ends(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ' || text.back() == '\f')) text.pop_back();
  return text;
}

}  // namespace

struct TextReader::Engine {
  tesseract::TessBaseAPI api;
};

TextReader::TextReader(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
TextReader::TextReader(TextReader&&) noexcept = default;
TextReader& TextReader::operator=(TextReader&&) noexcept = default;
TextReader::~TextReader() = default;

Result<TextReader> TextReader::open(const std::string& language) {
  auto engine = std::make_unique<Engine>();
  if (engine->api.Init(nullptr, language.c_str(), tesseract::OEM_LSTM_ONLY) != 0)
    return fail(ErrorKind::unavailable, "text model " + language + " is not installed (Debian package tesseract-ocr-chi-sim)");
  engine->api.SetVariable("debug_file", "/dev/null");
  return TextReader(std::move(engine));
}

// What the engine is to look at: a gray copy, which must live as long as the engine reads.
static Result<Bytes> show(tesseract::TessBaseAPI& api, const ImageView& image, const Rect& part, TextLayout layout) {
  if (part.width == 0) return fail(ErrorKind::invalid, "reading text: the rectangle lies outside the picture");
  Bytes gray = gray_copy(image, part);
  api.SetPageSegMode(mode_of(layout));
  api.SetImage(gray.data(), part.width, part.height, 1, part.width);
  api.SetSourceResolution(kScreenPixelsPerInch);
  return gray;
}

Result<TextFound> TextReader::read(const ImageView& image, const Rect& rect, TextLayout layout) {
  if (!is_sound(image)) return fail(ErrorKind::invalid, "reading text: not a picture (no data, or sides out of bounds)");
  const Bytes gray = TRY(show(engine_->api, image, clipped(rect, image), layout));
  const std::unique_ptr<char[]> text(engine_->api.GetUTF8Text());
  TextFound found;
  if (text != nullptr) found.text = without_line_ends(text.get());
  if (!found.text.empty()) found.confidence = std::clamp(engine_->api.MeanTextConf(), 0, 100);
  engine_->api.Clear();
  return found;
}

Result<std::vector<TextSymbol>> TextReader::read_symbols(const ImageView& image, const Rect& rect, TextLayout layout) {
  if (!is_sound(image)) return fail(ErrorKind::invalid, "reading text: not a picture (no data, or sides out of bounds)");
  const Rect part = clipped(rect, image);
  const Bytes gray = TRY(show(engine_->api, image, part, layout));
  std::vector<TextSymbol> symbols;
  const bool read = engine_->api.Recognize(nullptr) == 0;
  const std::unique_ptr<tesseract::ResultIterator> at(read ? engine_->api.GetIterator() : nullptr);
  int line = -1;
  if (at != nullptr) do {
    if (at->IsAtBeginningOf(tesseract::RIL_TEXTLINE)) ++line;
    const std::unique_ptr<char[]> text(at->GetUTF8Text(tesseract::RIL_SYMBOL));
    int left = 0, top = 0, right = 0, bottom = 0;
    if (text == nullptr || !at->BoundingBox(tesseract::RIL_SYMBOL, &left, &top, &right, &bottom)) continue;
    const int confidence = std::clamp(static_cast<int>(at->Confidence(tesseract::RIL_SYMBOL)), 0, 100);
    symbols.push_back({text.get(), {part.x + left, part.y + top, right - left, bottom - top}, confidence, std::max(line, 0)});
  } while (symbols.size() < kSymbolLimit && at->Next(tesseract::RIL_SYMBOL));
  engine_->api.Clear();
  return symbols;
}

void TextReader::allow_only(const std::string& characters) { engine_->api.SetVariable("tessedit_char_whitelist", characters.c_str()); }

}  // namespace netsampler
