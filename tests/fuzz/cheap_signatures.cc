// Signatures for fuzzing chains and packages, where Ed25519 would take nine tenths of each run: libsodium's two functions under their own names, so that
// the linker takes these first, with a keyed hash behind them. As with the real ones, a changed byte is noticed and an unchanged text accepted; they are no
// secret, but a fuzzer does not forge. In preset fuzz alone: the same seeds are replayed with the real signatures everywhere else.
#include <sodium.h>

namespace {

void tag_of(unsigned char* tag, const unsigned char* message, unsigned long long size, const unsigned char* public_key) {
  crypto_generichash(tag, crypto_sign_BYTES, message, size, public_key, crypto_sign_PUBLICKEYBYTES);
}

}  // namespace

extern "C" int crypto_sign_detached(unsigned char* signature, unsigned long long* written, const unsigned char* message,
                                    unsigned long long size, const unsigned char* secret_key) {
  tag_of(signature, message, size, secret_key + crypto_sign_SEEDBYTES);  // a secret key is seed and public key
  if (written != nullptr) *written = crypto_sign_BYTES;
  return 0;
}

extern "C" int crypto_sign_verify_detached(const unsigned char* signature, const unsigned char* message, unsigned long long size,
                                           const unsigned char* public_key) {
  unsigned char tag[crypto_sign_BYTES];
  tag_of(tag, message, size, public_key);
  return sodium_memcmp(tag, signature, sizeof tag);
}
