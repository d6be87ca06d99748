#include "evidence/base/bytes.h"

#include <sodium.h>

namespace netsampler {

void append(Bytes& to, ByteView more) { to.insert(to.end(), more.begin(), more.end()); }

std::string to_hex(ByteView bytes) {
  std::string text(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
  text.pop_back();
  return text;
}

Result<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return fail(ErrorKind::invalid, "hex of odd length");
  for (char c : text)
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
      return fail(ErrorKind::invalid, "hex with a character outside 0-9a-f");
  Bytes bytes(text.size() / 2);
  // An empty vector may have no address, and the library is not to be called with none.
  if (!bytes.empty()) sodium_hex2bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, nullptr, nullptr);
  return bytes;
}

std::string to_base64(ByteView bytes) {
  std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
  text.pop_back();
  return text;
}

Result<Bytes> from_base64(std::string_view text) {
  Bytes bytes(text.size() / 4 * 3 + 3);
  std::size_t size = 0;
  const int code = sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &size, nullptr,
                                     sodium_base64_VARIANT_ORIGINAL);
  if (code != 0) return fail(ErrorKind::invalid, "not base64");
  bytes.resize(size);
  if (to_base64(bytes) != text) return fail(ErrorKind::invalid, "base64 that is not in its one form");
  return bytes;
}

}  // namespace netsampler
