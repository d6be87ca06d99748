// Hashes (OpenSSL: SHA-NI), signatures, key derivation, locked memory, password hashing (libsodium). The only door to both libraries.
#pragma once
#include <array>
#include <memory>

#include "evidence/base/bytes.h"

namespace netsampler {

using Hash = std::array<std::uint8_t, 32>;       // SHA-256 or SM3
using PublicKey = std::array<std::uint8_t, 32>;  // Ed25519
using Signature = std::array<std::uint8_t, 64>;

enum class HashKind { sha256, sm3 };

// Incremental hash of a stream. One thread at a time.
class Hasher {
 public:
  explicit Hasher(HashKind kind);
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  void update(ByteView bytes);
  Hash finish();  // the hasher is then used up

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Hash sha256(ByteView bytes);
Hash sm3(ByteView bytes);
std::string hex_of(const Hash& hash);
Result<Hash> hash_from_hex(std::string_view text);

void crypto_start();  // once in main, before anything else here; aborts where the library cannot start
void random_fill(std::span<std::uint8_t> out);
std::string random_id(std::size_t letters);  // [a-z2-7]

// 32 secret bytes in locked memory, wiped when dropped; never copied, never written to disk by this class.
class Secret {
 public:
  Secret();  // zeros
  ~Secret();
  Secret(Secret&&) noexcept;
  Secret& operator=(Secret&&) noexcept;
  static Secret random();
  static Result<Secret> from(ByteView bytes);  // exactly 32
  std::span<std::uint8_t, 32> bytes();
  std::span<const std::uint8_t, 32> bytes() const;

 private:
  std::uint8_t* data_;
};

// crypto_kdf (BLAKE2b), context "NETSAMPL".
Secret derive(const Secret& master, std::uint64_t subkey);

// Ed25519 from a 32-byte seed. The secret half lies in locked memory.
class SigningKey {
 public:
  explicit SigningKey(const Secret& seed);
  Signature sign(ByteView message) const;
  const PublicKey& public_key() const { return public_key_; }

 private:
  Secret low_, high_;  // the 64-byte libsodium secret key in two locked halves
  PublicKey public_key_{};
};

bool verify_signature(const PublicKey& key, ByteView message, const Signature& signature);
Result<PublicKey> public_key_from_base64(std::string_view text);
Result<Signature> signature_from_base64(std::string_view text);

// Argon2id at the interactive limits; the text form carries its own parameters and salt.
Result<std::string> password_hash(std::string_view password);
bool password_matches(const std::string& hash, std::string_view password);

}  // namespace netsampler
