// What a licence's QR code says: the link to the public register of the old form (a key alone) or the new (uniscid=…), or lines of text
// ("统一社会信用代码:…;名称:…;"). The payload is anybody's: it is bounded, and believed only as far as its check digits go. Pure.
#pragma once
#include <string>
#include <string_view>

namespace netsampler {

struct LicenceQr {
  std::string uscc, registration_number;  // well formed, or empty
  std::string name;                       // as in the text; what cannot be seen is taken out
  bool hidden_characters = false;         // the name had zero-width or direction characters
  bool of_a_licence = false;              // the register's address, or a licence's captions
};

inline constexpr std::size_t kQrTextLimit = 8192;  // bytes; a QR code holds 2953

LicenceQr read_licence_qr(std::string_view payload);

}  // namespace netsampler
