// The WARC writer, read back by a strict reader, and the reader's own refusals.
#include <gtest/gtest.h>

#include "crawler/warc.h"
#include "evidence/base/crypto.h"
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
  exchange.body.assign(body.begin(), body.end());
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
  const Bytes bytes = warc_of(page, "test 1");
  return std::string(as_text(bytes));
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
  ASSERT_EQ(records->size(), 4u);
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
  long_one.body.clear(), long_one.body_state = BodyState::too_long;
  lost.body.clear(), lost.body_state = BodyState::lost, lost.failure = "net::ERR_CONNECTION_RESET";
  converted.body_state = BodyState::converted, converted.charset = "gbk";
  unanswered.status = 0, unanswered.failure = "net::ERR_NAME_NOT_RESOLVED";
  const auto records = read_warc_strictly(text_of_warc(page_with({long_one, lost, converted, unanswered})));
  ASSERT_TRUE(records.ok()) << records.error().text;
  std::vector<std::string> told;
  for (const WarcRecord& record : *records)
    for (const char* name : {"WARC-Truncated", "WARC-Body-Converted-From"})
      if (record.fields.count(name) > 0) told.push_back(record.fields.at(name));
  EXPECT_EQ(told, (std::vector<std::string>{"length", "disconnect", "gbk"}));
  EXPECT_EQ(records->back().fields.at("WARC-Type"), "metadata");
  EXPECT_EQ(records->back().block, "fetchFailure: net::ERR_NAME_NOT_RESOLVED\r\n");
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
