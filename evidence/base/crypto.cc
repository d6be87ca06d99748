#include "evidence/base/crypto.h"

#include "evidence/base/key_ratchet.h"

#include <openssl/evp.h>
#include <sodium.h>

#include <algorithm>
#include <cstdlib>

namespace netsampler {

struct Hasher::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { EVP_MD_CTX_free(context); }
};

Hasher::Hasher(HashKind kind) : state_(std::make_unique<State>()) {
  const EVP_MD* method = kind == HashKind::sha256 ? EVP_sha256() : EVP_sm3();
  if (EVP_DigestInit_ex(state_->context, method, nullptr) != 1) std::abort();
}
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

void Hasher::update(ByteView bytes) {
  if (EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) != 1) std::abort();
}

Hash Hasher::finish() {
  Hash hash{};
  if (EVP_DigestFinal_ex(state_->context, hash.data(), nullptr) != 1) std::abort();
  return hash;
}

namespace {
Hash hash_once(HashKind kind, ByteView bytes) {
  Hasher hasher(kind);
  hasher.update(bytes);
  return hasher.finish();
}
}  // namespace

Hash sha256(ByteView bytes) { return hash_once(HashKind::sha256, bytes); }
Hash sm3(ByteView bytes) { return hash_once(HashKind::sm3, bytes); }
std::string hex_of(const Hash& hash) { return to_hex(hash); }

Result<Hash> hash_from_hex(std::string_view text) {
  const Bytes bytes = TRY(from_hex(text));
  Hash hash{};
  if (bytes.size() != hash.size()) return fail(ErrorKind::invalid, "a hash that is not 32 bytes");
  std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}

void crypto_start() {
  if (sodium_init() < 0) std::abort();
}

void random_fill(std::span<std::uint8_t> out) { randombytes_buf(out.data(), out.size()); }

std::string random_id(std::size_t letters) {
  static constexpr char kAlphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
  std::string id;
  for (std::size_t i = 0; i < letters; ++i) id += kAlphabet[randombytes_uniform(32)];
  return id;
}

Secret::Secret() : data_(static_cast<std::uint8_t*>(sodium_malloc(32))) {
  if (data_ == nullptr) std::abort();
  std::fill_n(data_, 32, std::uint8_t{0});
}
Secret::~Secret() { sodium_free(data_); }
Secret::Secret(Secret&& other) noexcept : data_(std::exchange(other.data_, nullptr)) {}
Secret& Secret::operator=(Secret&& other) noexcept {
  std::swap(data_, other.data_);
  return *this;
}

Secret Secret::random() {
  Secret secret;
  random_fill(secret.bytes());
  return secret;
}

Result<Secret> Secret::from(ByteView bytes) {
  if (bytes.size() != 32) return fail(ErrorKind::invalid, "a key that is not 32 bytes");
  Secret secret;
  std::copy(bytes.begin(), bytes.end(), secret.data_);
  return secret;
}

std::span<std::uint8_t, 32> Secret::bytes() { return std::span<std::uint8_t, 32>(data_, 32); }
std::span<const std::uint8_t, 32> Secret::bytes() const { return std::span<const std::uint8_t, 32>(data_, 32); }

namespace {
void derive_into(Secret& out, const Secret& master, std::uint64_t subkey) {
  static_assert(crypto_kdf_KEYBYTES == 32);
  if (crypto_kdf_derive_from_key(out.bytes().data(), 32, subkey, "NETSAMPL", master.bytes().data()) != 0) std::abort();
}
}  // namespace

Secret derive(const Secret& master, std::uint64_t subkey) {
  Secret out;
  derive_into(out, master, subkey);
  return out;
}

std::vector<PublicKey> ratchet_keys(const Secret& seed, std::uint64_t sign_subkey, std::uint64_t next_subkey, std::size_t count) {
  std::vector<PublicKey> keys(count);
  Secret present, other, signing;
  std::copy_n(seed.bytes().data(), 32, present.bytes().data());
  std::uint8_t whole[64];
  for (PublicKey& key : keys) {
    derive_into(signing, present, sign_subkey);
    crypto_sign_seed_keypair(key.data(), whole, signing.bytes().data());
    derive_into(other, present, next_subkey);
    std::swap(present, other);
  }
  sodium_memzero(whole, sizeof whole);
  return keys;
}

SigningKey::SigningKey(const Secret& seed) {
  std::uint8_t whole[64];
  crypto_sign_seed_keypair(public_key_.data(), whole, seed.bytes().data());
  std::copy_n(whole, 32, low_.bytes().data());
  std::copy_n(whole + 32, 32, high_.bytes().data());
  sodium_memzero(whole, sizeof whole);
}

Signature SigningKey::sign(ByteView message) const {
  std::uint8_t whole[64];
  std::copy_n(low_.bytes().data(), 32, whole);
  std::copy_n(high_.bytes().data(), 32, whole + 32);
  Signature signature{};
  crypto_sign_detached(signature.data(), nullptr, message.data(), message.size(), whole);
  sodium_memzero(whole, sizeof whole);
  return signature;
}

bool verify_signature(const PublicKey& key, ByteView message, const Signature& signature) {
  return crypto_sign_verify_detached(signature.data(), message.data(), message.size(), key.data()) == 0;
}

Result<PublicKey> public_key_from_base64(std::string_view text) {
  const Bytes bytes = TRY(from_base64(text));
  PublicKey key{};
  if (bytes.size() != key.size()) return fail(ErrorKind::invalid, "a public key that is not 32 bytes");
  std::copy(bytes.begin(), bytes.end(), key.begin());
  return key;
}

Result<Signature> signature_from_base64(std::string_view text) {
  const Bytes bytes = TRY(from_base64(text));
  Signature signature{};
  if (bytes.size() != signature.size()) return fail(ErrorKind::invalid, "a signature that is not 64 bytes");
  std::copy(bytes.begin(), bytes.end(), signature.begin());
  return signature;
}

Result<std::string> password_hash(std::string_view password) {
  char text[crypto_pwhash_STRBYTES];
  if (crypto_pwhash_str(text, password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                        crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
    return fail(ErrorKind::full, "no memory to hash a password (64 MiB needed)");
  return std::string(text);
}

bool password_matches(const std::string& hash, std::string_view password) {
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

}  // namespace netsampler
