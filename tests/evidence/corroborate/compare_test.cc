#include "evidence/corroborate/compare.h"

#include <gtest/gtest.h>

#include "evidence/corroborate/forms.h"

namespace netsampler::corroborate {
namespace {

Expected money(std::int64_t minor) { return {Form::money, minor, ""}; }
Expected code(const std::string& text) { return {Form::code, 0, text}; }
Expected name(const std::string& text) { return {Form::text, 0, text}; }

TEST(Amounts, SameMoneyHoweverItIsWritten) {
  for (const char* text : {"￥12.8", "¥12.80", "12.80元", "１２．８０", "价格：¥ 12.80 起", "RMB12.8"}) EXPECT_EQ(compare_exact(money(1280), text), Answer::agrees) << text;
  EXPECT_EQ(compare_exact(money(123'456'00), "¥123,456"), Answer::agrees);
  EXPECT_EQ(compare_exact(money(1'200'000), "1.2万"), Answer::agrees);
}

TEST(Amounts, OtherMoneyIsNotTheSame) {
  for (const char* text : {"￥12.08", "¥128.0", "12.81元", "¥1,280", "¥112.80"}) EXPECT_EQ(compare_exact(money(1280), text), Answer::differs) << text;
}

TEST(Amounts, NoMoneyIsNotFoundAndNeverAgrees) {
  for (const char* text : {"", "   ", "价格", "a1280", "12.80%", "12.8.0", "12.800"}) EXPECT_EQ(compare_exact(money(1280), text), Answer::not_found) << text;
}

TEST(Amounts, HugeNumbersAreNone) { EXPECT_TRUE(amounts_in("¥99999999999999999999999999").empty()); }

TEST(Codes, LetterByLetter) {
  EXPECT_EQ(compare_exact(code("91500000MA5U0000XX"), "统一社会信用代码：91500000ma5u0000xx"), Answer::agrees);
  EXPECT_EQ(compare_exact(code("91500000MA5U0000XX"), "统一社会信用代码：91500000MA5UO000XX"), Answer::differs);
  EXPECT_EQ(compare_exact(code("20261122"), "单号 120261122"), Answer::not_found);
  EXPECT_EQ(compare_exact(code("20261122"), ""), Answer::not_found);
  EXPECT_EQ(compare_exact(code(""), "20261122"), Answer::not_found);
}

TEST(Codes, LookAlikesCountOnlyInPixels) {
  EXPECT_EQ(compare_read(code("91500000MA5U0000XX"), "915O0000MA5U00O0XX"), Answer::agrees);
  EXPECT_EQ(compare_exact(code("91500000MA5U0000XX"), "915O0000MA5U00O0XX"), Answer::differs);
  EXPECT_EQ(compare_read(code("91500000MA5U0000XX"), "91500000MA5U0007XX"), Answer::differs);
}

TEST(Names, WidthAndSpacesAreNothing) {
  EXPECT_EQ(compare_exact(name("ＡＢＣ 旗舰店"), "abc旗舰店"), Answer::agrees);
  EXPECT_EQ(compare_exact(name("旗舰\u200b店铺"), "旗 舰 店 铺"), Answer::agrees);
  EXPECT_EQ(compare_exact(name("小米旗舰店"), "小米旗靓店"), Answer::differs);
  EXPECT_EQ(compare_exact(name("小米旗舰店"), ""), Answer::not_found);
  EXPECT_EQ(compare_exact(name("…"), "…"), Answer::not_found);
}

TEST(Names, OcrMayErrInOneOfSevenButInNoDigit) {
  const std::string title = "儿童积木大颗粒拼装玩具100粒";
  EXPECT_EQ(compare_read(name(title), "儿童积木大颗粒拼装玩县100粒"), Answer::agrees);
  EXPECT_EQ(compare_read(name(title), "儿童积木大颗粒拼装玩具200粒"), Answer::not_found);
  EXPECT_EQ(compare_read(name(title), "儿童积木大颗粒拼装玩具1000粒"), Answer::not_found);
  EXPECT_EQ(compare_read(name(title), "儿量积木太颗料拼装玩县100粒"), Answer::not_found);
  EXPECT_EQ(compare_read(name("旗舰店"), "旗靓店"), Answer::not_found);
  EXPECT_EQ(compare_read(name(title), ""), Answer::not_found);
}

TEST(ReadMoney, ALostPointOrASignTakenForADigitIsNoOtherPrice) {
  EXPECT_EQ(compare_read(money(1280), "¥12.80"), Answer::agrees);
  EXPECT_EQ(compare_read(money(1280), "¥1280"), Answer::not_found);
  EXPECT_EQ(compare_read(money(1280), "712.80"), Answer::not_found);
  EXPECT_EQ(compare_read(money(1280), "¥13.80"), Answer::differs);
}

TEST(Overall, NeedsTwoThatAgreeAndNoneThatDoesNot) {
  const auto outcome = [](Answer pixels, Answer dom, Answer network) {
    Outcome made;
    made.pixels.answer = pixels;
    made.dom.answer = dom;
    made.network.answer = network;
    return made.agrees();
  };
  EXPECT_TRUE(outcome(Answer::agrees, Answer::agrees, Answer::agrees));
  EXPECT_TRUE(outcome(Answer::not_applicable, Answer::agrees, Answer::agrees));
  EXPECT_FALSE(outcome(Answer::not_applicable, Answer::agrees, Answer::not_applicable));
  EXPECT_FALSE(outcome(Answer::agrees, Answer::agrees, Answer::not_found));
  EXPECT_FALSE(outcome(Answer::agrees, Answer::agrees, Answer::differs));
  EXPECT_FALSE(outcome(Answer::not_applicable, Answer::not_applicable, Answer::not_applicable));
}

TEST(ExpectedOf, FormFollowsNameAndValue) {
  EXPECT_EQ(expected_of("price.final", 1280, "¥12.80").form, Form::money);
  EXPECT_EQ(expected_of("order.no", "123456", "123456").form, Form::code);
  EXPECT_EQ(expected_of("shop.name", "木马", "木马").form, Form::text);
  EXPECT_EQ(expected_of("shop.url", "https://shop.test/1", "").form, Form::address);
  EXPECT_EQ(expected_of("order.placed_at", "2026-11-22 10:00", "2026年11月22日 10:00").text, "2026年11月22日 10:00");
  EXPECT_EQ(expected_of("order.line", R"({"title":"积木","quantity":2})", "").text, "积木");
  EXPECT_TRUE(is_grave("order.paid"));
  EXPECT_FALSE(is_grave("chat.text"));
}

}  // namespace
}  // namespace netsampler::corroborate
