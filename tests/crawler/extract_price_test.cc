#include <gtest/gtest.h>

#include <array>
#include <random>

#include "crawler/dom_text.h"
#include "crawler/price.h"

namespace netsampler {
namespace {

struct Accepted {
  const char* text;
  const char* kind;
  std::int64_t amount_minor;
  const char* currency = "CNY";
  std::int64_t high_minor = 0;  // 0: no range
};

class PriceAccepted : public testing::TestWithParam<Accepted> {};

TEST_P(PriceAccepted, IsRead) {
  const auto price = read_price(GetParam().text);
  ASSERT_TRUE(price.has_value()) << GetParam().text;
  EXPECT_EQ(price->kind, GetParam().kind) << GetParam().text;
  EXPECT_EQ(price->amount_minor, GetParam().amount_minor) << GetParam().text;
  EXPECT_EQ(price->currency, GetParam().currency) << GetParam().text;
  EXPECT_EQ(price->high_minor.value_or(0), GetParam().high_minor) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Texts, PriceAccepted,
    testing::Values(
        Accepted{"¥1,299.00", "list", 129900}, Accepted{"￥ 39.9", "list", 3990}, Accepted{"39元9角", "list", 3990},
        Accepted{"39元9角5分", "list", 3995}, Accepted{"9块9", "list", 990}, Accepted{"9角", "list", 90},
        Accepted{"1.2万元", "list", 1200000}, Accepted{"¥1.2345万", "list", 1234500}, Accepted{"99起", "range_low", 9900},
        Accepted{"59.9-89.9", "range_low", 5990, "CNY", 8990}, Accepted{"¥59.9~¥89.9", "range_low", 5990, "CNY", 8990},
        Accepted{"59.9至89.9元", "range_low", 5990, "CNY", 8990}, Accepted{"到手价59.9-89.9", "final", 5990, "CNY", 8990},
        Accepted{"券后价￥89", "coupon", 8900}, Accepted{"（券后）￥89", "coupon", 8900}, Accepted{"到手价 79.00", "final", 7900},
        Accepted{"券后到手价 59", "final", 5900}, Accepted{"原价：199", "strikethrough", 19900},
        Accepted{"划线价￥299.00", "strikethrough", 29900}, Accepted{"拼团价¥9.9", "group", 990}, Accepted{"2人团¥9.9", "group", 990},
        Accepted{"单买价29.9", "single", 2990}, Accepted{"¥19.9 单独购买", "single", 1990}, Accepted{"会员价 ¥88", "member", 8800},
        Accepted{"定金50 尾款149", "deposit", 5000}, Accepted{"尾款：￥149", "balance", 14900}, Accepted{"标价:199", "list", 19900},
        Accepted{"￥１，２９９．００", "list", 129900}, Accepted{"免费", "list", 0}, Accepted{"到手价：免费", "final", 0},
        Accepted{"US$12.99", "list", 1299, "USD"}, Accepted{"HK$ 99", "list", 9900, "HKD"}, Accepted{"JPY 1,299", "list", 1299, "JPY"},
        Accepted{"1299日元", "list", 1299, "JPY"}, Accepted{"€9.90", "list", 990, "EUR"}, Accepted{"99 RMB", "list", 9900},
        Accepted{"¥99包邮", "list", 9900}, Accepted{"¥99.00/件", "list", 9900}, Accepted{"低至¥9.9", "range_low", 990},
        Accepted{"¥89 券后 ¥199 原价", "coupon", 8900}, Accepted{"199", "list", 19900}, Accepted{"0.01", "list", 1},
        Accepted{"百亿补贴 ¥4999", "list", 499900}, Accepted{" \t¥\xe2\x80\x8b" "5 ", "list", 500}, Accepted{"¥999999999", "list", 99999999900}));

class PriceRejected : public testing::TestWithParam<const char*> {};

TEST_P(PriceRejected, IsNoPrice) {
  const auto price = read_price(GetParam());
  EXPECT_FALSE(price.has_value()) << GetParam() << " was read as " << price->amount_minor;
}

INSTANTIATE_TEST_SUITE_P(
    Texts, PriceRejected,
    testing::Values("", " ", "￥", "暂无报价", "价格面议", "会员价", "已售1.2万件", "满300减40", "立减20元", "省¥10", "¥20优惠券", "优惠券¥20",
                    "运费：￥10", "免运费", "包邮", "月供¥99", "¥433.00×3期", "¥99.9起送", "13812345678", "400-800-8820", "010-12345678",
                    "2024-01-15", "2024/01/15", "定金：2024-01-15", "2023-2024", "12-25", "10:30", "8.5折", "98%", "4.9分", "100+人付款",
                    "库存99件", "¥l299", "¥1Z99", "¥99О", "¥OO.99", "¥1,29", "¥1.299,00", "¥1299.00.00", "¥9.999", "¥1?9", "¥**", "-¥20",
                    "−¥20", "0099", "¥0099", "1234567", "¥9999999999", "89.9-59.9", "¥99-¥99", "¥1.2345678万", "1.5kg", "A199", "免费退货",
                    "第3名", "iPhone 15", "¥99999999999999999999"));

TEST(Price, EveryPriceOfALineIsFoundInOrder) {
  const auto prices = scan_prices(fold("标价 ￥199.00 券后价 ￥89 满300减40 定金50 尾款149"), false);
  ASSERT_EQ(prices.size(), 4u);
  EXPECT_EQ(prices[0].kind, "list");
  EXPECT_EQ(prices[1].kind, "coupon");
  EXPECT_EQ(prices[2].amount_minor, 5000);
  EXPECT_EQ(prices[3].kind, "balance");
}

TEST(Price, ABareNumberInAPageIsNone) {
  EXPECT_TRUE(scan_prices("199", false).empty());
  EXPECT_EQ(scan_prices("199", true).size(), 1u);
}

TEST(Price, LineIsAnsweredAsTheCommandLinePromises) {
  EXPECT_EQ(print(price_json("¥59.9-89.9")),
            R"({"amount_minor":5990,"amount_minor_high":8990,"currency":"CNY","kind":"range_low","raw":"¥59.9-89.9"})");
  EXPECT_EQ(print(price_json("8.5折")), R"({"amount_minor":null,"currency":null,"kind":null,"raw":"8.5折"})");
}

TEST(Price, BrokenUtf8IsReplacedAndIsNoPrice) {
  const Json answer = price_json("\xff¥99");
  EXPECT_TRUE(answer["amount_minor"].is_null());
  EXPECT_EQ(answer["raw"], "\xef\xbf\xbd¥99");
  EXPECT_EQ(price_json("¥99")["amount_minor"], 9900);
}

// Whatever the text: amounts within bounds, ranges upward, spans inside the text and in order.
TEST(Price, AnyTextKeepsTheInvariants) {
  constexpr std::array<const char*, 34> kParts{"¥", "￥", "1", "9", "0", ".", ",", "-", "~", "元", "万", "角", "起", "券后价", "原价", "满", "减", "折",
                                               "件", " ", "：", "US$", "JPY", "x", "期", "免费", "\xff", "\xe4\xb8", "(", ")", "59.9", "１", "到", "/"};
  std::mt19937 random(20240501);
  std::size_t found = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (std::size_t parts = random() % 12; parts > 0; --parts) text += kParts[random() % kParts.size()];
    const std::string folded = fold(text);
    std::size_t end = 0;
    for (const Price& price : scan_prices(folded, round % 2 == 0)) {
      ++found;
      ASSERT_GE(price.amount_minor, 0) << text;
      ASSERT_LT(price.amount_minor, std::int64_t{1} << 53) << text;
      ASSERT_GT(price.high_minor.value_or(price.amount_minor + 1), price.amount_minor) << text;
      ASSERT_LE(end, price.begin) << text;
      ASSERT_LT(price.begin, price.end) << text;
      ASSERT_LE(price.end, folded.size()) << text;
      end = price.end;
    }
  }
  EXPECT_GT(found, 1000u);
}

TEST(Price, ALongLineIsReadInOneGo) {
  std::string line;
  while (line.size() + 8 < 64 * 1024) line += "满9减1 ";
  EXPECT_TRUE(price_json(line)["amount_minor"].is_null());
  EXPECT_EQ(price_json(line + "¥5")["amount_minor"], 500);
}

}  // namespace
}  // namespace netsampler
