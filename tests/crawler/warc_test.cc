// The WARC writer, read back by a strict reader, and the reader's own refusals.
#include <gtest/gtest.h>

#include <cstdlib>

#include "crawler/warc.h"
#include "evidence/base/crypto.h"
#include "evidence/web/gzip.h"
#include "tests/crawler/strict_warc.h"

namespace netsampler {
namespace {

Exchange page_exchange() {
  Exchange exchange;
  exchange.url = "https://shop.example/item?id=9007199254740993&q=%E9%94%85";
  exchange.status = 200;
  exchange.status_text = "OK";
  exchange.at_utc_us = 1'800'000'000'123'456;
  exchange.protocol = "h2";
  exchange.remote_ip = "[::1]";
  exchange.request_headers = {{":method", "GET"}, {"cookie", "sid=secret1; token=secret2"}, {"accept", "*/*"}};
  exchange.response_headers = {{"content-encoding", "br"},
                               {"content-length", "12"},
                               {"set-cookie", "sid=secret3; Path=/; HttpOnly"},
                               {"x-odd", "a\r\nWARC/1.1\r\n"}};
  const std::string body = "<p>电饭煲\r\n\r\nWARC/1.1";
  exchange.body = Body(Bytes(body.begin(), body.end()));
  exchange.body_state = BodyState::exact;
  return exchange;
}

PageArchive page_with(std::vector<Exchange> exchanges) {
  PageArchive page;
  page.at_utc_us = 1'800'000'001'000'000;
  page.exchanges = std::move(exchanges);
  return page;
}

std::string text_of_warc(const PageArchive& page) {
  const auto parts = warc_of(page, "test 1");
  EXPECT_TRUE(parts.ok() && parts->size() == 1);
  const auto bytes = parts.ok() ? gunzip(parts->front(), 1u << 20) : Result<Bytes>(parts.error());
  EXPECT_TRUE(bytes.ok());
  return bytes.ok() ? std::string(as_text(*bytes)) : "";
}

const WarcRecord* find(const std::vector<WarcRecord>& records, const std::string& type) {
  for (const WarcRecord& record : records)
    if (record.fields.at("WARC-Type") == type) return &record;
  return nullptr;
}

TEST(Warc, IsReadBackStrictly) {
  PageArchive page = page_with({page_exchange()});
  page.certificates = {{0x30, 0x03, 0x02, 0x01, 0x05}};
  const auto records = read_warc_strictly(text_of_warc(page));
  ASSERT_TRUE(records.ok()) << records.error().text;
  ASSERT_EQ(records->size(), 5u);
  EXPECT_EQ(records->back().block, "withheld: header set-cookie " + page.exchanges[0].url + "\r\nwithheld: header cookie " +
                                       page.exchanges[0].url + "\r\n");
  const WarcRecord* response = find(*records, "response");
  ASSERT_NE(response, nullptr);
  EXPECT_EQ(response->fields.at("WARC-Target-URI"), page.exchanges[0].url);
  EXPECT_EQ(response->fields.at("WARC-Date"), "2027-01-15T08:00:00.123456Z");
  EXPECT_EQ(response->fields.at("WARC-IP-Address"), "::1");
  EXPECT_EQ(response->fields.at("WARC-Protocol"), "h2");
  EXPECT_NE(response->block.find("X-Orig-content-encoding: br\r\n"), std::string::npos);
  EXPECT_EQ(response->block.find("\r\ncontent-encoding"), std::string::npos);
  EXPECT_NE(response->block.find("电饭煲"), std::string::npos);
  EXPECT_EQ(find(*records, "resource")->block.size(), 5u);
}

TEST(Warc, KeepsNoSecretOfTheSession) {
  Exchange exchange = page_exchange();
  exchange.request_headers.emplace_back("Authorization", "Bearer secret4");
  exchange.has_request_body = true;
  const auto records = read_warc_strictly(text_of_warc(page_with({exchange})));
  ASSERT_TRUE(records.ok()) << records.error().text;
  for (const WarcRecord& record : *records) EXPECT_EQ(record.block.find("secret"), std::string::npos) << record.block;
  const std::string& request = find(*records, "request")->block;
  EXPECT_NE(request.find("cookie: sid=withheld; token=withheld\r\n"), std::string::npos) << request;
  EXPECT_NE(find(*records, "response")->block.find("set-cookie: sid=withheld; Path=/; HttpOnly\r\n"), std::string::npos);
  EXPECT_EQ(find(*records, "request")->fields.at("WARC-Truncated"), "unspecified");
  EXPECT_NE(request.find("GET /item?id=9007199254740993&q=%E9%94%85 HTTP/1.1\r\nHost: shop.example\r\n"), std::string::npos);
}

TEST(Warc, SaysWhatIsNotThere) {
  Exchange long_one = page_exchange(), lost = page_exchange(), converted = page_exchange(), unanswered = page_exchange();
  long_one.body = Body(), long_one.body_state = BodyState::too_long;
  lost.body = Body(), lost.body_state = BodyState::lost, lost.failure = "net::ERR_CONNECTION_RESET";
  converted.body_state = BodyState::converted, converted.charset = "gbk";
  unanswered.status = 0, unanswered.failure = "net::ERR_NAME_NOT_RESOLVED";
  const auto records = read_warc_strictly(text_of_warc(page_with({long_one, lost, converted, unanswered})));
  ASSERT_TRUE(records.ok()) << records.error().text;
  std::vector<std::string> told;
  for (const WarcRecord& record : *records)
    for (const char* name : {"WARC-Truncated", "WARC-Body-Converted-From"})
      if (record.fields.count(name) > 0) told.push_back(record.fields.at(name));
  EXPECT_EQ(told, (std::vector<std::string>{"length", "disconnect", "gbk"}));
  const WarcRecord& failure = records->at(records->size() - 2);  // before the list of what was left out
  EXPECT_EQ(failure.fields.at("WARC-Type"), "metadata");
  EXPECT_EQ(failure.block, "fetchFailure: net::ERR_NAME_NOT_RESOLVED\r\n");
}

TEST(Warc, ASecretInABodyIsMaskedBeforeTheDigests) {
  Exchange exchange = page_exchange();
  const std::string body = "{\"password\":\"Hunter2!\",\"price\":199}";
  exchange.body = Body(Bytes(body.begin(), body.end()));
  PageArchive page = page_with({exchange});
  EXPECT_NE(text_of_warc(page).find(body), std::string::npos) << "nothing is known to be secret";
  page.secrets.add("Hunter2!");
  const auto records = read_warc_strictly(text_of_warc(page));
  ASSERT_TRUE(records.ok()) << records.error().text;
  const WarcRecord* response = find(*records, "response");
  EXPECT_NE(response->block.find("{\"password\":\"********\",\"price\":199}"), std::string::npos);
  EXPECT_EQ(response->fields.at("WARC-Body-Masked"), "1");
}

TEST(Warc, GrowsIntoFilesThatEachStandAlone) {
  std::vector<Exchange> exchanges(40, page_exchange());
  Bytes noise(20'000);
  random_fill(noise);
  for (Exchange& exchange : exchanges) exchange.body = Body(noise), exchange.mime = "image/jpeg";
  const PageArchive page = page_with(exchanges);
  const auto parts = warc_of(page, "test 1", 100'000);
  ASSERT_TRUE(parts.ok());
  EXPECT_GE(parts->size(), 7u);
  std::size_t responses = 0;
  for (const Bytes& part : *parts) {
    EXPECT_LT(part.size(), 150'000u);
    const auto bytes = gunzip(part, 1u << 20);
    ASSERT_TRUE(bytes.ok());
    const auto records = read_warc_strictly(as_text(*bytes));
    ASSERT_TRUE(records.ok()) << records.error().text;
    for (const WarcRecord& record : *records) responses += record.fields.at("WARC-Type") == "response" ? 1 : 0;
  }
  EXPECT_EQ(responses, 40u);
}

TEST(BodySpool, GivesBackWhatItTook) {
  BodySpool spool;
  Bytes small(100, 7), large(100'000, 8), other(50'000, 9);
  const auto first = spool.keep(small), second = spool.keep(large), third = spool.keep(other);
  ASSERT_TRUE(first.ok() && second.ok() && third.ok());
  spool.next();
  EXPECT_EQ(first->read().take(), small);
  EXPECT_EQ(second->read().take(), large);
  EXPECT_EQ(third->read().take(), other);
  const auto fourth = spool.keep(other);
  ASSERT_TRUE(fourth.ok());
  EXPECT_EQ(fourth->read().take(), other);
}

TEST(BodySpool, ADirectoryThatIsNotThereIsAnError) {
  const char* before = std::getenv("TMPDIR");
  const std::string old = before == nullptr ? "" : before;
  ::setenv("TMPDIR", "/nonexistent", 1);
  BodySpool spool;
  EXPECT_FALSE(spool.keep(Bytes(100'000)).ok());
  EXPECT_TRUE(spool.keep(Bytes(10)).ok());
  if (old.empty()) ::unsetenv("TMPDIR");
  else ::setenv("TMPDIR", old.c_str(), 1);
}

TEST(Gzip, GivesBackWhatItTookAndRefusesDamage) {
  Bytes packed, noise(200'000);
  random_fill(noise);
  ASSERT_TRUE(append_gzip(packed, noise, 6).ok());
  ASSERT_TRUE(append_gzip(packed, as_bytes("second"), 1).ok());
  append(noise, as_bytes("second"));
  EXPECT_EQ(gunzip(packed, 1u << 20).take(), noise);
  EXPECT_FALSE(gunzip(packed, noise.size() - 1).ok()) << "beyond the limit";
  EXPECT_FALSE(gunzip({packed.data(), packed.size() - 1}, 1u << 20).ok()) << "torn";
  packed[packed.size() / 2] ^= 1;
  EXPECT_FALSE(gunzip(packed, 1u << 20).ok()) << "flipped";
  EXPECT_FALSE(gunzip(as_bytes("WARC/1.1"), 1u << 20).ok()) << "not gzip";
}

TEST(StrictWarc, RefusesEveryFlippedByteOfStructureOrBlock) {
  const std::string good = text_of_warc(page_with({page_exchange()}));
  ASSERT_TRUE(read_warc_strictly(good).ok());
  for (const char* part : {"WARC/1.1", "Content-Length: ", "电饭煲", "\r\n\r\nWARC/1.1\r\nWARC-Type: request", "GET /item"}) {
    const auto at = good.find(part);
    ASSERT_NE(at, std::string::npos) << part;
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    EXPECT_FALSE(read_warc_strictly(bad).ok()) << part;
  }
  EXPECT_FALSE(read_warc_strictly(good.substr(0, good.size() - 1)).ok());
  EXPECT_FALSE(read_warc_strictly(good + good).ok()) << "record ids twice";
}

}  // namespace
}  // namespace netsampler
