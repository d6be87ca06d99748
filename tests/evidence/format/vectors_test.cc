#include "tests/evidence/format/vectors.h"

#include <algorithm>
#include <cmath>

#include "evidence/base/json.h"
#include "evidence/format/merkle.h"

namespace netsampler::test {
namespace {

// Some vectors have short "don't care" texts in place of roots: their hash stands for them, equal texts stay equal.
Hash hash_of(const Json& base64) {
  const Bytes bytes = from_base64(base64.is_string() ? base64.get<std::string>() : "").value_or(Bytes());
  Hash hash{};
  if (bytes.size() != hash.size()) return sha256(bytes);
  std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}

// A proof element that is not 32 bytes cannot even be spelled as a Hash: then nothing is left to check.
std::optional<std::vector<Hash>> proof_of(const Json& list) {
  std::vector<Hash> proof;
  if (list.is_null()) return proof;
  for (const Json& element : list) {
    if (from_base64(element.get<std::string>()).value_or(Bytes()).size() != 32) return std::nullopt;
    proof.push_back(hash_of(element));
  }
  return proof;
}

bool is_spelled(const Json& base64) { return base64.is_string() && !base64.get<std::string>().empty(); }

TEST(MerkleVectors, Hold) {
  const auto text = vector_file("merkle.json");
  if (!text) GTEST_SKIP() << "the conformance vectors are not beside the repository";
  const auto all = parse_any(*text);
  ASSERT_TRUE(all.ok());
  for (const Json& v : (*all)["inclusion"]) {
    const auto proof = proof_of(v["proof"]);
    const bool holds = proof && is_spelled(v["root"]) && is_spelled(v["leafHash"]) &&
                       inclusion_holds(v["leafIdx"], v["treeSize"], hash_of(v["leafHash"]), *proof, hash_of(v["root"]));
    EXPECT_NE(holds, v["wantErr"].get<bool>()) << v["name"];
  }
  for (const Json& v : (*all)["consistency"]) {
    const auto proof = proof_of(v["proof"]);
    const bool holds = proof && consistency_holds(v["size1"], v["size2"], hash_of(v["root1"]), hash_of(v["root2"]), *proof);
    EXPECT_NE(holds, v["wantErr"].get<bool>()) << v["name"];
  }
}

TEST(Ed25519Vectors, Hold) {
  const auto text = vector_file("ed25519.json");
  if (!text) GTEST_SKIP() << "the conformance vectors are not beside the repository";
  const auto all = parse_any(*text);
  ASSERT_TRUE(all.ok());
  int checked = 0;
  for (const Json& group : (*all)["testGroups"]) {
    const Hash key = hash_from_hex(group["publicKey"]["pk"].get<std::string>()).value_or(Hash());
    for (const Json& v : group["tests"]) {
      const Bytes bytes = from_hex(v["sig"].get<std::string>()).value_or(Bytes());
      const Bytes message = from_hex(v["msg"].get<std::string>()).value_or(Bytes());
      Signature signature{};
      const bool spelled = bytes.size() == signature.size();
      if (spelled) std::copy(bytes.begin(), bytes.end(), signature.begin());
      EXPECT_EQ(spelled && verify_signature(key, message, signature), v["result"] == "valid") << v["tcId"];
      ++checked;
    }
  }
  EXPECT_GT(checked, 100);
}

std::u16string utf16_of(const std::string& text) {
  std::u16string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
    char32_t point = more == 3 ? lead & 7u : more == 2 ? lead & 15u : more == 1 ? lead & 31u : lead;
    for (int k = 1; k <= more; ++k) point = point << 6 | (static_cast<unsigned char>(text[i + k]) & 63u);
    i += static_cast<std::size_t>(more) + 1;
    if (point >= 0x10000) {
      out += static_cast<char16_t>(0xd800 + ((point - 0x10000) >> 10));
      out += static_cast<char16_t>(0xdc00 + ((point - 0x10000) & 0x3ff));
    } else {
      out += static_cast<char16_t>(point);
    }
  }
  return out;
}

// Full RFC 8785 but for fractions: what the profile leaves out, for comparison with the published vectors.
std::string general_jcs(const Json& value) {
  if (value.is_number_float()) return std::to_string(std::llround(value.get<double>()));
  if (!value.is_structured()) return value.dump();
  std::vector<std::string> parts;
  if (value.is_array()) {
    for (const Json& v : value) parts.push_back(general_jcs(v));
  } else {
    std::vector<std::string> keys;
    for (const auto& item : value.items()) keys.push_back(item.key());
    std::sort(keys.begin(), keys.end(), [](const auto& a, const auto& b) { return utf16_of(a) < utf16_of(b); });
    for (const auto& key : keys) parts.push_back(Json(key).dump() + ":" + general_jcs(value[key]));
  }
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : ",") + part;
  return value.is_array() ? "[" + text + "]" : "{" + text + "}";
}

class JcsVector : public testing::TestWithParam<const char*> {};

TEST_P(JcsVector, OutsideTheProfileIsRefusedByName) {
  const auto input = vector_file(std::string("jcs/input/") + GetParam() + ".json");
  const auto output = vector_file(std::string("jcs/output/") + GetParam() + ".json");
  if (!input || !output) GTEST_SKIP() << "the conformance vectors are not beside the repository";
  const auto refused = parse_profile(*output);
  ASSERT_FALSE(refused.ok());
  EXPECT_TRUE(refused.error().text.starts_with("JSON refused: ")) << refused.error().text;
  const auto parsed = parse_any(*input);
  ASSERT_TRUE(parsed.ok());
  const bool has_fractions = std::string(GetParam()) == "values";
  if (!has_fractions) {
    EXPECT_EQ(general_jcs(*parsed), *output);
  }
}

INSTANTIATE_TEST_SUITE_P(All, JcsVector, testing::Values("arrays", "french", "structures", "unicode", "values", "weird"),
                         [](const auto& one) { return std::string(one.param); });

}  // namespace
}  // namespace netsampler::test
