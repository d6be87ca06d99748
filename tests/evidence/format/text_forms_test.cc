#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evidence/format/bagit.h"
#include "evidence/format/names.h"
#include "evidence/format/policy.h"

namespace netsampler::test {
namespace {

using testing::HasSubstr;

TEST(Names, KeepToTheirRules) {
  EXPECT_TRUE(is_recording_id("abcdefghijklmnopqrstuvwx27"));
  for (const char* id : {"abcdefghijklmnopqrstuvwx2", "abcdefghijklmnopqrstuvwx271", "Abcdefghijklmnopqrstuvwx27", "abcdefghijklmnopqrstuvwx81"})
    EXPECT_FALSE(is_recording_id(id)) << id;
  EXPECT_TRUE(is_case_id("CQ-2026_1.a"));
  for (const char* id : {"", ".", "..", "a/b", "a b", "案"}) EXPECT_FALSE(is_case_id(id)) << id;
  EXPECT_FALSE(is_case_id(std::string(65, 'a')));
  EXPECT_TRUE(is_record_path("pages/0/page.warc"));
  for (const char* path : {"", "/a", "a/", "a//b", "./a", "a/..", "a/b c", "a\\b"}) EXPECT_FALSE(is_record_path(path)) << path;
  EXPECT_TRUE(is_record_path(std::string(200, 'a')));
  EXPECT_FALSE(is_record_path(std::string(201, 'a')));
}

TEST(Names, OfSegmentsGrowBeyondSixDigits) {
  EXPECT_EQ(segment_path("screen", 7), "media/screen/000007.m4s");
  EXPECT_EQ(segment_path("screen", 1234567), "media/screen/1234567.m4s");
}

TEST(Tag, IsTheHashOfNonceBytesAndId) {
  const auto tag = chain_tag(std::string(64, '0'), "CQ-1");
  ASSERT_TRUE(tag.ok());
  Bytes message(32, 0);
  append(message, as_bytes("CQ-1"));
  EXPECT_EQ(*tag, sha256(message));
  EXPECT_FALSE(chain_tag("00", "CQ-1").ok());
}

std::string policy_text() {
  const Bytes key(32, 1);
  return "netsampler-policy v1\nbox " + to_hex(sha256(key)) + " " + to_base64(key) + " 重庆 一号\n# note\n\nclock-limit-us 900\n";
}

TEST(Policy, IsReadAndPrinted) {
  const auto policy = parse_policy(policy_text());
  ASSERT_TRUE(policy.ok()) << policy.error().text;
  EXPECT_EQ(policy->boxes.at(0).name, "重庆 一号");
  EXPECT_EQ(policy->clock_limit_us, 900);
  const auto again = parse_policy(text_of(*policy));
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(text_of(*again), text_of(*policy));
  EXPECT_NE(again->find_box(policy->boxes[0].key), nullptr);
  EXPECT_EQ(again->find_box(PublicKey{}), nullptr);
}

TEST(Policy, ErrorsNameTheLine) {
  EXPECT_THAT(parse_policy("something").error().text, HasSubstr("line 1"));
  EXPECT_THAT(parse_policy(policy_text() + "quorum -1\n").error().text, HasSubstr("line 6"));
  EXPECT_THAT(parse_policy(policy_text() + "colour red\n").error().text, HasSubstr("unknown word: colour"));
  EXPECT_THAT(parse_policy(policy_text() + "box " + std::string(64, '0') + " " + to_base64(Bytes(32, 1)) + " x\n").error().text,
              HasSubstr("do not agree"));
  EXPECT_THAT(parse_policy(policy_text() + "box 00 AA\n").error().text, HasSubstr("line 6"));
  EXPECT_THAT(parse_policy("netsampler-policy v1\n").error().text, HasSubstr("no box"));
}

TEST(Manifest, GoesThereAndBackAndKeepsOddNames) {
  const std::vector<ManifestEntry> entries = {{"data/100%.txt", sha256(as_bytes("a"))}, {"data/a\nb", sha256(as_bytes("b"))}, {"data/a b", sha256({})}};
  const std::string text = print_manifest(entries);
  EXPECT_THAT(text, HasSubstr("  data/100%25.txt\n"));
  EXPECT_THAT(text, HasSubstr("  data/a%0Ab\n"));
  const auto back = parse_manifest(text);
  ASSERT_TRUE(back.ok()) << back.error().text;
  EXPECT_THAT(*back, testing::UnorderedElementsAreArray(entries));
}

TEST(Manifest, LinesOutsideTheFormAreRefused) {
  const std::string hash = std::string(64, 'a');
  EXPECT_TRUE(parse_manifest(hash + "  data/x\n").ok());
  EXPECT_TRUE(parse_manifest(hash + " \t data/x\n").ok());
  for (const std::string& line : {hash + "  /x\n", hash + "  ../x\n", hash + "  a/../../x\n", hash + "  ~x\n", hash + "  \n", hash + "\n",
                                  std::string(64, 'A') + "  x\n", hash + "  x", std::string("ab  x\n")})
    EXPECT_FALSE(parse_manifest(line).ok()) << line;
  EXPECT_THAT(parse_manifest(hash + "  x\n" + hash + "  x\n").error().text, HasSubstr("line 2: a path twice"));
}

// Of the conformance suite's bags (RFC 8493): the same file twice, and white space before and behind. Their text, here as data.
TEST(Manifest, ConformanceSuitesBadManifests) {
  const std::string hash = std::string(128, 'a');
  EXPECT_TRUE(parse_manifest(hash + "  data/hello.txt\n", 64).ok());
  EXPECT_FALSE(parse_manifest(hash + "  data/README\n" + hash + "  data/README\n", 64).ok());
  EXPECT_FALSE(parse_manifest("  " + hash + "  data/hello.txt\n", 64).ok());
}

TEST(BagDeclaration, IsExact) {
  EXPECT_TRUE(check_bag_declaration(kBagDeclaration).ok());
  EXPECT_FALSE(check_bag_declaration("BagIt-Version : 1.0\nTag-File-Character-Encoding: UTF-8\n").ok());
  EXPECT_FALSE(check_bag_declaration("BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n").ok());
  EXPECT_FALSE(check_bag_declaration("").ok());
}

TEST(PackageSignature, GoesThereAndBack) {
  Signature signature{};
  signature[0] = 7;
  const auto back = parse_package_signature(print_package_signature(signature));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, signature);
  EXPECT_FALSE(parse_package_signature(to_base64(signature)).ok());
  EXPECT_FALSE(parse_package_signature("AAAA\n").ok());
}

}  // namespace
}  // namespace netsampler::test
