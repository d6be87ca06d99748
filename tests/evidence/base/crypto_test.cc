#include "evidence/base/crypto.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace netsampler {
namespace {

TEST(Crypto, KnownHashes) {
  EXPECT_EQ(hex_of(sha256(as_bytes("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex_of(sm3(as_bytes("abc"))), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");  // GB/T 32905 A.1
}

TEST(Crypto, StreamedHashEqualsWhole) {
  Hasher hasher(HashKind::sha256);
  hasher.update(as_bytes("a"));
  hasher.update(as_bytes("bc"));
  EXPECT_EQ(hasher.finish(), sha256(as_bytes("abc")));
  EXPECT_NE(sha256(as_bytes("abc")), sha256(as_bytes("abd")));
}

TEST(Crypto, SignsAsRfc8032Test1) {
  crypto_start();
  const Secret seed = Secret::from(*from_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")).take();
  const SigningKey key(seed);
  EXPECT_EQ(to_hex(key.public_key()), "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  const Signature signature = key.sign({});
  EXPECT_EQ(to_hex(signature).substr(0, 32), "e5564300c360ac729086e2cc806e828a");
  EXPECT_TRUE(verify_signature(key.public_key(), {}, signature));
}

TEST(Crypto, ForgedSignatureIsRefused) {
  crypto_start();
  const SigningKey key(Secret::random()), other(Secret::random());
  Signature signature = key.sign(as_bytes("sample"));
  EXPECT_TRUE(verify_signature(key.public_key(), as_bytes("sample"), signature));
  EXPECT_FALSE(verify_signature(key.public_key(), as_bytes("sampler"), signature));
  EXPECT_FALSE(verify_signature(other.public_key(), as_bytes("sample"), signature));
  signature[5] ^= 1;
  EXPECT_FALSE(verify_signature(key.public_key(), as_bytes("sample"), signature));
}

TEST(Crypto, DerivationIsOneWayAndRepeatable) {
  crypto_start();
  const Secret master = Secret::random();
  const auto equal = [](const Secret& a, const Secret& b) { return std::ranges::equal(a.bytes(), b.bytes()); };
  EXPECT_TRUE(equal(derive(master, 1), derive(master, 1)));
  EXPECT_FALSE(equal(derive(master, 1), derive(master, 2)));
}

TEST(Crypto, PasswordsMatchOnlyThemselves) {
  crypto_start();
  const auto hash = password_hash("口令 one");
  ASSERT_TRUE(hash.ok());
  EXPECT_TRUE(password_matches(*hash, "口令 one"));
  EXPECT_FALSE(password_matches(*hash, "口令 two"));
  EXPECT_FALSE(password_matches("not a hash", "口令 one"));
}

TEST(Crypto, KeysOfWrongLengthAreRefused) {
  EXPECT_TRUE(public_key_from_base64(to_base64(Bytes(32))).ok());
  EXPECT_FALSE(public_key_from_base64(to_base64(Bytes(31))).ok());
  EXPECT_FALSE(signature_from_base64(to_base64(Bytes(63))).ok());
  EXPECT_FALSE(hash_from_hex("00").ok());
  EXPECT_FALSE(Secret::from(Bytes(33)).ok());
}

}  // namespace
}  // namespace netsampler
