#include "evidence/corroborate/network.h"

#include <gtest/gtest.h>

#include "evidence/web/gzip.h"

namespace netsampler::corroborate {
namespace {

std::string response(const std::string& type, const std::string& body, const std::string& more = "") {
  const std::string block = "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\n\r\n" + body;
  return "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://shop.test/item\r\n" + more + "Content-Length: " + std::to_string(block.size()) +
         "\r\n\r\n" + block + "\r\n\r\n";
}

Said look(const Expected& expected, const std::string& warc, const std::vector<std::string>& anchors = {}) {
  Bodies bodies;
  EXPECT_TRUE(add_bodies(as_bytes(warc), bodies).ok());
  return look_in_network(expected, {&bodies}, anchors);
}

Answer money_in(std::int64_t minor, const std::string& body, const std::string& type = "text/html; charset=utf-8") {
  return look({Form::money, minor, ""}, response(type, body)).answer;
}

TEST(Network, MoneyInItsManySpellings) {
  for (const char* body : {R"(<b class="price">12.80</b>)", R"(<em>¥</em><b>12</b><i>.80</i>)", R"({"price":"12.80"})", R"({"price":12.8})", R"({"priceFen":1280})",
                           R"({"t":"\u00a512.80"})", "<p>&yen;12.80</p>", "<p>&#165;12.80</p>", "<p>￥１２．８０</p>", R"({"amount": 1280, "n": 1})"})
    EXPECT_EQ(money_in(1280, body), Answer::agrees) << body;
  EXPECT_EQ(money_in(123'456'00, "<p>¥123,456.00</p>"), Answer::agrees);
}

TEST(Network, ANumberThatIsNoMoneyDoesNotAgree) {
  for (const char* body : {"<p style=\"width:12.80px\">a</p>", R"({"sales":1280})", R"({"id":"a1280b"})", R"({"price":"112.80"})", R"({"price":"12.805"})", "<p>12.80</p>",
                           R"({"price":1,"stock":1280})"})
    EXPECT_EQ(money_in(1280, body), Answer::not_found) << body;
}

TEST(Network, AnotherAmountBehindTheSameElementDiffers) {
  const std::string warc = response("text/html", R"(<span class="now">617.50</span>)");
  EXPECT_EQ(look({Form::money, 9860, ""}, warc, {R"(class="now")"}).answer, Answer::differs);
  EXPECT_EQ(look({Form::money, 9860, ""}, warc, {R"(class="other")"}).answer, Answer::not_found);
  EXPECT_EQ(look({Form::money, 61750, ""}, response("text/html", R"(<span class="price">617.50</span>)"), {R"(class="price")"}).answer, Answer::agrees);
}

TEST(Network, CodesStandAlone) {
  const Expected number{Form::code, 0, "100012043978"};
  EXPECT_EQ(look(number, response("application/json", R"({"sku":"100012043978"})")).answer, Answer::agrees);
  EXPECT_EQ(look(number, response("application/json", R"({"sku":"1000120439781"})")).answer, Answer::not_found);
  EXPECT_EQ(look({Form::code, 0, "12"}, response("application/json", R"({"sku":"12"})")).answer, Answer::not_applicable);
}

TEST(Network, NamesByCharsetAndEscape) {
  const Expected shop{Form::text, 0, "木马玩具"};
  EXPECT_EQ(look(shop, response("text/html; charset=gbk", "<p>\xc4\xbe\xc2\xed\xcd\xe6\xbe\xdf</p>")).answer, Answer::agrees);
  EXPECT_EQ(look(shop, response("application/json", R"({"n":"\u6728\u9a6c\u73a9\u5177"})")).answer, Answer::agrees);
  EXPECT_EQ(look(shop, response("text/html", "<p>木马<b>玩具</b></p>")).answer, Answer::agrees);
  EXPECT_EQ(look(shop, response("text/html", "<p>木马家具</p>")).answer, Answer::not_found);
}

TEST(Network, WhatIsMissingIsNotHeldAgainstThePage) {
  const Expected price{Form::money, 1280, ""};
  EXPECT_EQ(look(price, response("text/html", "<p>a</p>") + response("application/json", "", "WARC-Truncated: unspecified\r\n")).why, "bodies-missing");
  EXPECT_EQ(look(price, "").why, "no-archive");
  EXPECT_EQ(look(price, response("image/png", "¥12.80")).why, "no-archive");
}

TEST(Network, ABrokenArchiveIsRefused) {
  const std::string whole = response("text/html", "<p>a</p>");
  Bodies bodies;
  EXPECT_TRUE(add_bodies(as_bytes(whole), bodies).ok());
  EXPECT_FALSE(add_bodies(as_bytes(whole.substr(0, whole.size() - 20)), bodies).ok());
  EXPECT_FALSE(add_bodies(as_bytes("<html>"), bodies).ok());
}

TEST(Network, AGzipMemberARecord) {
  Bytes archive;
  for (const char* body : {"<p>a</p>", "<p>¥12.80</p>"}) ASSERT_TRUE(append_gzip(archive, as_bytes(response("text/html", body)), 6).ok());
  Bodies whole, torn;
  ASSERT_TRUE(add_bodies(archive, whole).ok());
  EXPECT_EQ(whole.list.size(), 2U);
  EXPECT_EQ(look_in_network({Form::money, 1280, ""}, {&whole}, {}).answer, Answer::agrees);
  archive.resize(archive.size() - 12);
  EXPECT_FALSE(add_bodies(archive, torn).ok());
}

TEST(Network, ATextBeyondTheBoundIsMissing) {
  Bytes archive;
  ASSERT_TRUE(append_gzip(archive, as_bytes(response("application/json", std::string(9u << 20, ' '))), 1).ok());
  Bodies bodies;
  ASSERT_TRUE(add_bodies(archive, bodies).ok());
  EXPECT_FALSE(bodies.complete);
  Bytes picture;
  ASSERT_TRUE(append_gzip(picture, as_bytes(response("image/png", std::string(9u << 20, ' '))), 1).ok());
  Bodies other;
  ASSERT_TRUE(add_bodies(picture, other).ok());
  EXPECT_TRUE(other.complete);
}

}  // namespace
}  // namespace netsampler::corroborate
