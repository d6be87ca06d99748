#include "evidence/format/record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evidence/format/counts.h"
#include "evidence/format/epoch_keys.h"
#include "evidence/format/kinds.h"
#include "evidence/format/private.h"

namespace netsampler::test {
namespace {

using testing::HasSubstr;

SigningKey key_of(std::uint8_t number) {
  crypto_start();
  return SigningKey(Secret::from(Bytes(32, number)).take());
}

Envelope chain_envelope() {
  Envelope head;
  head.owner = std::string(26, 'a');
  head.type = "mark";
  head.at_us = 1'800'000'000'000'000;
  head.boot = "boot";
  head.boot_us = 5;
  return head;
}

Envelope book_envelope() {
  Envelope head = chain_envelope();
  head.chain = ChainKind::book;
  head.owner = "CQ-1";
  head.actor = "li";
  return head;
}

std::string line_of(const Envelope& head, const Json& body) {
  auto object = make_record(head, body);
  EXPECT_TRUE(object.ok()) << (object.ok() ? "" : object.error().text);
  auto line = seal_record(object.take(), key_of(1));
  EXPECT_TRUE(line.ok()) << (line.ok() ? "" : line.error().text);
  return line.value_or("");
}

TEST(Record, GoesThereAndBack) {
  const std::string line = line_of(chain_envelope(), {{"from_us", 7}, {"actor", "li"}});
  const auto record = parse_record(line);
  ASSERT_TRUE(record.ok()) << record.error().text;
  EXPECT_EQ(record->head.type, "mark");
  EXPECT_EQ(record->body, Json({{"from_us", 7}, {"actor", "li"}}));
  EXPECT_TRUE(record_signature_holds(*record, key_of(1).public_key()));
  EXPECT_FALSE(record_signature_holds(*record, key_of(2).public_key()));
}

TEST(Record, OfABookKeepsTheRecordingItIncludes) {
  const auto record = parse_record(line_of(book_envelope(), {{"recording", "bbb"}}));
  ASSERT_TRUE(record.ok());
  EXPECT_EQ(record->head.owner, "CQ-1");
  EXPECT_EQ(record->body, Json({{"recording", "bbb"}}));
}

TEST(Record, BodyMayNotTakeTheEnvelopesPlace) {
  EXPECT_TRUE(make_record(chain_envelope(), {{"note", "x"}}).ok());
  for (const char* member : {"v", "seq", "prev", "sig", "epoch", "recording", "private_root"})
    EXPECT_THAT(make_record(chain_envelope(), {{member, 1}}).error().text, HasSubstr(member));
}

TEST(Record, ChangedMemberBreaksTheSignature) {
  const std::string line = line_of(chain_envelope(), {{"from_us", 7}});
  const auto bent = parse_record(std::string(line).replace(line.find("\"from_us\":7"), 11, "\"from_us\":8"));
  ASSERT_TRUE(bent.ok());
  EXPECT_FALSE(record_signature_holds(*bent, key_of(1).public_key()));
}

TEST(Record, SizeAndDepthHaveTheirBounds) {
  const std::size_t rest = line_of(chain_envelope(), {{"note", ""}}).size();
  EXPECT_TRUE(parse_record(line_of(chain_envelope(), {{"note", std::string(kLineBytes - 1 - rest, 'x')}})).ok());
  const auto long_one = make_record(chain_envelope(), {{"note", std::string(kLineBytes - rest, 'x')}});
  EXPECT_FALSE(seal_record(*long_one, key_of(1)).ok());
  Json nest = Json::array();
  for (int i = 1; i < 7; ++i) nest = Json::array({nest});
  EXPECT_TRUE(parse_record(line_of(chain_envelope(), {{"note", nest}})).ok());  // 8 with the record itself
  const auto deep = make_record(chain_envelope(), {{"note", Json::array({nest})}});
  EXPECT_THAT(seal_record(*deep, key_of(1)).error().text, HasSubstr("deep"));
}

struct BadLine {
  const char* from;
  const char* to;
};
TEST(Record, LinesOutsideTheFormAreRefused) {
  const std::string line = line_of(chain_envelope(), {{"from_us", 7}});
  ASSERT_TRUE(parse_record(line).ok());
  const BadLine bad[] = {{"\"v\":1", "\"v\":2"},           {"\"from_us\":7", "\"from_us\":7.5"}, {"\"from_us\":7", "\"from_us\": 7"},
                         {"\"seq\":0", "\"seq\":-1"},      {"\"seq\":0", "\"seq\":\"0\""},       {"\"err_us\":0", "\"err_us\":-1"},
                         {"unsynchronised", "fine"},       {"\"sig\":\"", "\"sig\":\"!"},        {"\"boot\":\"boot\"", "\"boot\":4"},
                         {"\"epoch\":0", "\"epoch\":-1"},  {"\"epoch\":0", "\"epoch\":null"},    {"\"boot_us\":5,", ""},
                         {"aaaaaaaaaaaaaaaaaaaaaaaaaa", "AAAAAAAAAAAAAAAAAAAAAAAAAA"}};
  for (const auto& [from, to] : bad) {
    ASSERT_NE(line.find(from), std::string::npos) << from;
    EXPECT_FALSE(parse_record(std::string(line).replace(line.find(from), std::string(from).size(), to)).ok()) << to;
  }
}

TEST(Open, IsSignedByTheBoxAndByEpochZero) {
  Envelope head = chain_envelope();
  head.type = "open";
  const auto object = make_record(head, {{"nonce", std::string(64, '0')}});
  const auto line = seal_open(*object, key_of(3), key_of(1));
  ASSERT_TRUE(line.ok());
  const auto record = parse_record(*line);
  ASSERT_TRUE(record.ok());
  EXPECT_TRUE(box_signature_holds(*record, key_of(3).public_key()));
  EXPECT_TRUE(record_signature_holds(*record, key_of(1).public_key()));
  EXPECT_FALSE(box_signature_holds(*record, key_of(1).public_key()));
  EXPECT_FALSE(record_signature_holds(*record, key_of(3).public_key()));
}

TEST(Kinds, LetPublicMembersThroughAndNameTheOthers) {
  const Json gap = {{"source", "screen"}, {"cause", "stalled"}, {"from_us", 1}, {"to_us", 2}};
  EXPECT_TRUE(check_public(ChainKind::recording, "gap", gap).ok());
  Json with_title = gap;
  with_title["title"] = "头盔";
  EXPECT_THAT(check_public(ChainKind::recording, "gap", with_title).error().text, HasSubstr("gap.title"));
  EXPECT_TRUE(check_read(ChainKind::recording, "gap", with_title).ok());
  Json late = gap;
  late["to_us"] = "2";
  EXPECT_THAT(check_public(ChainKind::recording, "gap", late).error().text, HasSubstr("gap.to_us"));
  late.erase("to_us");
  EXPECT_THAT(check_read(ChainKind::recording, "gap", late).error().text, HasSubstr("missing: gap.to_us"));
}

TEST(Kinds, UnknownOnesAreRefusedWhenWrittenAndPassWhenRead) {
  EXPECT_FALSE(check_public(ChainKind::recording, "hologram", Json::object()).ok());
  EXPECT_FALSE(check_public(ChainKind::book, "segment", Json::object()).ok());
  EXPECT_TRUE(check_read(ChainKind::recording, "hologram", {{"x", 1}}).ok());
}

TEST(Kinds, NoPublicMemberStandsInTheEnvelopesPlace) {
  for (const Kind& kind : all_kinds()) {
    Envelope head = kind.chain == ChainKind::book ? book_envelope() : chain_envelope();
    for (const Member& member : kind.members)
      EXPECT_TRUE(make_record(head, {{std::string(member.name), 1}}).ok()) << kind.type << "." << member.name;
  }
}

TEST(Kinds, TypesAreStrict) {
  const auto page = [](const Json& files) {
    return check_public(ChainKind::recording, "page",
                        {{"page", 0}, {"kind", "product"}, {"origin", "https://x"}, {"status", 200}, {"responses", 1},
                         {"bytes", 1}, {"from_us", 0}, {"to_us", 1}, {"ended", "left"}, {"files", files}});
  };
  const Json file = {{"path", "pages/0/a"}, {"bytes", 1}, {"sha256", std::string(64, 'a')}, {"sm3", std::string(64, 'b')}};
  EXPECT_TRUE(page(Json::array({file})).ok());
  for (const char* path : {"/etc/passwd", "a/../b", "a//b", "", ".", "a b"}) {
    Json bent = file;
    bent["path"] = path;
    EXPECT_FALSE(page(Json::array({bent})).ok()) << path;
  }
  Json short_hash = file;
  short_hash["sha256"] = "ab";
  EXPECT_FALSE(page(Json::array({short_hash})).ok());
}

TEST(Openings, CommitToTheirValues) {
  crypto_start();
  const auto made = make_openings(4, {{"value", 19900}, {"raw", "￥199.00"}});
  ASSERT_TRUE(made.ok());
  ASSERT_EQ(made->count, 2);
  const auto first = parse_opening(made->lines[0]);
  const auto second = parse_opening(made->lines[1]);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->field, "raw");  // sorted
  EXPECT_EQ(merkle_root(std::vector<Hash>{first->leaf, second->leaf}), made->root);
  const auto hidden = parse_opening(withheld_line(*second));
  ASSERT_TRUE(hidden.ok());
  EXPECT_TRUE(hidden->withheld);
  EXPECT_EQ(hidden->leaf, second->leaf);
  EXPECT_NE(opening_leaf(second->salt, "value", 19800), second->leaf);
}

TEST(Openings, SaltsAreFresh) {
  crypto_start();
  EXPECT_NE(make_openings(0, {{"value", 1}})->root, make_openings(0, {{"value", 1}})->root);
}

TEST(Openings, LinesOutsideTheFormAreRefused) {
  const std::string salt(32, '0');
  EXPECT_TRUE(parse_opening(R"({"field":"a","index":0,"salt":")" + salt + R"(","seq":0,"value":1})").ok());
  EXPECT_FALSE(parse_opening(R"({"field":"a","index":0,"salt":"00","seq":0,"value":1})").ok());
  EXPECT_FALSE(parse_opening(R"({"field":"a","index":-1,"salt":")" + salt + R"(","seq":0,"value":1})").ok());
  EXPECT_FALSE(parse_opening(R"({"field":"a","index":0,"more":1,"salt":")" + salt + R"(","seq":0,"value":1})").ok());
  EXPECT_FALSE(parse_opening(R"({"index":0,"leaf":"00","seq":0})").ok());
  EXPECT_FALSE(make_openings(0, {{"value", 1.5}}).ok());
  EXPECT_FALSE(make_openings(0, {{"Name", "x"}}).ok());
}

TEST(EpochKeys, RatchetForwardOnly) {
  crypto_start();
  EpochKeys keys(Secret::from(Bytes(32, 9)).take(), 3);
  const auto listed = parse_keys(keys.keys_text());
  ASSERT_TRUE(listed.ok());
  ASSERT_EQ(listed->size(), 3u);
  EXPECT_EQ(keys.key().public_key(), listed->at(0));
  ASSERT_TRUE(keys.advance_to(2).ok());
  EXPECT_EQ(keys.key().public_key(), listed->at(2));
  EXPECT_EQ(keys.advance_to(1).error().kind, ErrorKind::invalid);
  EXPECT_EQ(keys.advance_to(3).error().kind, ErrorKind::full);
}

// keys.txt is made in one pass; its keys must be those of the ratchet, one by one.
TEST(EpochKeys, TheListIsTheRatchets) {
  crypto_start();
  EpochKeys keys(Secret::from(Bytes(32, 9)).take(), 40);
  const auto listed = parse_keys(keys.keys_text());
  ASSERT_TRUE(listed.ok());
  ASSERT_EQ(listed->size(), 40u);
  for (std::int64_t e = 0; e < 40; ++e) {
    ASSERT_TRUE(keys.advance_to(e).ok());
    EXPECT_EQ(keys.key().public_key(), listed->at(static_cast<std::size_t>(e))) << e;
  }
}

// The derivation as the format says it, spelled out: an independent second reading.
TEST(EpochKeys, AreWhatTheFormatSays) {
  crypto_start();
  EpochKeys keys(Secret::from(Bytes(32, 9)).take(), 2);
  const Secret s0 = Secret::from(Bytes(32, 9)).take();
  EXPECT_EQ(keys.key().public_key(), SigningKey(derive(s0, 1)).public_key());
  ASSERT_TRUE(keys.advance_to(1).ok());
  EXPECT_EQ(keys.key().public_key(), SigningKey(derive(derive(s0, 2), 1)).public_key());
}

TEST(EpochKeys, TextOutsideTheFormIsRefused) {
  const std::string key = to_base64(Bytes(32, 1));
  EXPECT_TRUE(parse_keys(key + "\n").ok());
  EXPECT_FALSE(parse_keys(key).ok());
  EXPECT_FALSE(parse_keys(key + "\n\n").ok());
  EXPECT_FALSE(parse_keys("").ok());
  EXPECT_THAT(parse_keys(key + "\nAAAA\n").error().text, HasSubstr("line 2"));
}

TEST(Epochs, BeginWithTheOpenRecord) {
  EXPECT_EQ(epoch_at(100, kEpochUs, 100), 0);
  EXPECT_EQ(epoch_at(100, kEpochUs, 100 + kEpochUs - 1), 0);
  EXPECT_EQ(epoch_at(100, kEpochUs, 100 + kEpochUs), 1);
}

TEST(Counts, GoThereAndBack) {
  ChainCounts counts;
  counts.add("segment", {{"frames", 30}, {"dropped", 2}});
  counts.add("fact", Json::object());
  const auto back = counts_from(json_of(counts));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, counts);
  EXPECT_EQ(counts.frames, 30);
  EXPECT_FALSE(counts_from({{"records", 1}}).ok());
}

}  // namespace
}  // namespace netsampler::test
