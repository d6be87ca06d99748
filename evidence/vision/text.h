// Printed text in a rectangle of a picture (Tesseract 5, simplified Chinese with Latin letters and digits).
// One reader holds one loaded model (about 0.2 s and 60 MB to open); one thread at a time; keep it for many readings.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "evidence/base/result.h"
#include "evidence/vision/image.h"

namespace netsampler {

struct TextFound {
  std::string text;    // UTF-8, lines by '\n', spaces that the engine puts between Chinese characters kept as read
  int confidence = 0;  // 0…100, the engine's mean over words; 0 where nothing was read
};

// One character, or what the engine takes for one.
struct TextSymbol {
  std::string text;    // UTF-8
  Rect rect;           // pixels of the picture handed in
  int confidence = 0;  // 0…100, the engine's own
  int line = 0;        // the engine's line, counted from 0
};

enum class TextLayout { line, block, sparse };  // one line · one even block · scattered words anywhere

class TextReader {
 public:
  // `unavailable` where the model is not installed (Debian: tesseract-ocr-chi-sim).
  static Result<TextReader> open(const std::string& language = "chi_sim");
  TextReader(TextReader&&) noexcept;
  TextReader& operator=(TextReader&&) noexcept;
  ~TextReader();

  // The rectangle is clipped to the picture; outside of it, or an unsound picture, is `invalid`. No text is no error.
  Result<TextFound> read(const ImageView& image, const Rect& rect, TextLayout layout = TextLayout::block);
  // The same, character by character, in the engine's order; at most 20,000.
  Result<std::vector<TextSymbol>> read_symbols(const ImageView& image, const Rect& rect, TextLayout layout = TextLayout::sparse);
  // From now on nothing but these characters comes out (ASCII); empty: anything.
  void allow_only(const std::string& characters);

 private:
  struct Engine;
  explicit TextReader(std::unique_ptr<Engine> engine);
  std::unique_ptr<Engine> engine_;
};

}  // namespace netsampler
