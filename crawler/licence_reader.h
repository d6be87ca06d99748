// A licence in a picture: the sheet found and laid flat, its direction tried, text read (Tesseract), number and name read again from several
// treatments of their lines, the QR code read. Opens two text models (about 0.4 s, 100 MB): keep one reader for many pictures.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "crawler/licence_number.h"
#include "crawler/licence_text.h"
#include "evidence/base/json.h"
#include "evidence/vision/still.h"
#include "evidence/vision/text.h"

namespace netsampler {

struct Licence {
  std::vector<LicenceField> fields;  // without number and name
  std::string name;
  int name_confidence = 0;
  LicenceNumber uscc, registration_number, food_licence;
  std::string qr;                    // the payload, UTF-8
  std::vector<std::string> warnings; // one line each, Chinese and English
};

class LicenceReader {
 public:
  // `unavailable` where a text model is not installed.
  static Result<LicenceReader> open();
  // Any picture gives a licence, if an empty one. Bounded: at most ten readings of a whole sheet of 2000 pixels, twenty of single lines.
  Result<Licence> read(const Picture& picture);

 private:
  LicenceReader(TextReader chinese, TextReader latin) : chinese_(std::move(chinese)), latin_(std::move(latin)) {}
  TextReader chinese_, latin_;
};

// The shape that the command line promises; what is not certain is absent.
Json licence_json(const Licence& licence);

}  // namespace netsampler
