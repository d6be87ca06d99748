#include "crawler/price_words.h"

#include <algorithm>
#include <array>
#include <span>

#include "crawler/dom_text.h"

namespace netsampler {
namespace {

struct Word {
  std::string_view word, meaning;
};

constexpr std::array<Word, 71> kLabels{{
    {"标价", "list"}, {"售价", "list"}, {"销售价", "list"}, {"零售价", "list"}, {"价格", "list"}, {"现价", "list"}, {"商城价", "list"},
    {"单价", "list"}, {"本店价", "list"}, {"一口价", "list"}, {"日常价", "list"}, {"预售价", "list"},
    {"划线价", "strikethrough"}, {"原价", "strikethrough"}, {"市场价", "strikethrough"}, {"吊牌价", "strikethrough"},
    {"参考价", "strikethrough"}, {"专柜价", "strikethrough"}, {"门市价", "strikethrough"}, {"建议零售价", "strikethrough"},
    {"指导价", "strikethrough"}, {"优惠前", "strikethrough"}, {"优惠前价格", "strikethrough"},
    {"券后价", "coupon"}, {"券后", "coupon"}, {"领券后", "coupon"}, {"用券后", "coupon"}, {"领券价", "coupon"}, {"券后约", "coupon"},
    {"到手价", "final"}, {"到手", "final"}, {"预估到手价", "final"}, {"预估到手", "final"}, {"券后到手价", "final"}, {"折后价", "final"}, {"折后", "final"},
    {"优惠价", "final"}, {"优惠后", "final"}, {"促销价", "final"}, {"活动价", "final"}, {"秒杀价", "final"}, {"抢购价", "final"},
    {"限时价", "final"}, {"特价", "final"}, {"成交价", "final"},
    {"拼团价", "group"}, {"拼单价", "group"}, {"团购价", "group"}, {"成团价", "group"}, {"拼团", "group"}, {"拼单", "group"},
    {"发起拼单", "group"}, {"去拼单", "group"}, {"人团", "group"}, {"人团价", "group"}, {"人拼团价", "group"},
    {"单买价", "single"}, {"单独购买价", "single"}, {"单独购买", "single"}, {"单独买", "single"}, {"单买", "single"},
    {"会员价", "member"}, {"会员专享价", "member"}, {"PLUS价", "member"}, {"VIP价", "member"}, {"PLUS会员价", "member"},
    {"定金", "deposit"}, {"订金", "deposit"}, {"支付定金", "deposit"},
    {"尾款", "balance"}, {"支付尾款", "balance"},
}};

constexpr std::array<Word, 26> kBefore{{
    {"\xc2\xa5", "CNY"}, {"CN\xc2\xa5", "CNY"}, {"RMB", "CNY"}, {"CNY", "CNY"}, {"人民币", "CNY"}, {"RMB\xc2\xa5", "CNY"},
    {"US$", "USD"}, {"USD", "USD"}, {"USD$", "USD"}, {"$", "USD"}, {"美元", "USD"}, {"US $", "USD"},
    {"HK$", "HKD"}, {"HKD", "HKD"}, {"HKD$", "HKD"}, {"港币", "HKD"}, {"港元", "HKD"},
    {"NT$", "TWD"}, {"TWD", "TWD"}, {"JPY", "JPY"}, {"JP\xc2\xa5", "JPY"}, {"JPY\xc2\xa5", "JPY"}, {"日元", "JPY"},
    {"€", "EUR"}, {"EUR", "EUR"}, {"£", "GBP"},
}};

constexpr std::array<Word, 20> kAfter{{
    {"元", "CNY"}, {"圆", "CNY"}, {"块", "CNY"}, {"块钱", "CNY"}, {"元人民币", "CNY"}, {"人民币", "CNY"}, {"RMB", "CNY"}, {"CNY", "CNY"},
    {"美元", "USD"}, {"美金", "USD"}, {"USD", "USD"}, {"港元", "HKD"}, {"港币", "HKD"}, {"HKD", "HKD"}, {"日元", "JPY"}, {"円", "JPY"},
    {"JPY", "JPY"}, {"欧元", "EUR"}, {"EUR", "EUR"}, {"英镑", "GBP"},
}};

constexpr std::array<std::string_view, 45> kRefusedBefore{
    "满",   "每满", "减",   "立减", "直降", "省",   "已省", "优惠", "已优惠", "券",   "优惠券", "红包",   "返",   "返现", "补贴",
    "津贴", "抵",   "抵扣", "可抵", "运费", "邮费", "快递费", "配送费", "服务费", "月供", "每期", "分期",   "起送", "起送价", "还差",
    "再买", "凑",   "押金", "保证金", "积分", "赠",   "送",   "奖",   "库存", "已售", "销量", "月销",   "余额",   "赔",   "封顶"};

// Units that make a bare number a quantity, a measure or a date.
constexpr std::array<std::string_view, 54> kUnits{
    "%",  "折", "件", "人", "个", "期", "天", "小时", "分钟", "月", "年", "日", "号",   "次", "条", "袋",   "盒",   "瓶",
    "箱", "包", "克", "千克", "斤", "公斤", "毫升", "升", "米", "厘米", "毫米", "寸", "英寸", "码", "岁", "层", "位", "星",
    "级", "倍", "份", "套", "只", "双", "支", "片", "台", "评价", "好评", "分", "积分", "万", "亿", "度", "秒", "点"};

// What makes even an amount of money a discount, a coupon or an instalment.
constexpr std::array<std::string_view, 12> kNotPaid{"优惠", "券", "红包", "代金", "减", "可用", "补贴", "津贴", "无门槛", "/期", "每期", "起送"};

bool same(std::string_view text, std::string_view word) {
  if (text.size() != word.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i] >= 'a' && text[i] <= 'z' ? static_cast<char>(text[i] - 'a' + 'A') : text[i];
    if (c != word[i]) return false;
  }
  return true;
}

bool ends_with(std::string_view text, std::string_view word) {
  return text.size() >= word.size() && same(text.substr(text.size() - word.size()), word);
}
bool starts_with(std::string_view text, std::string_view word) { return same(text.substr(0, word.size()), word); }

// "BUS$" ends with "US$" and is not it: a word of letters must not continue a word of letters.
bool cut_inside_word(std::string_view text, std::string_view word) {
  const std::size_t at = text.size() - word.size();
  return at > 0 && is_ascii_alnum(word.front()) && is_ascii_letter(text[at - 1]);
}

WordHit longest_at_end(std::string_view text, std::span<const Word> table) {
  WordHit best;
  for (const Word& row : table)
    if (row.word.size() > best.bytes && ends_with(text, row.word) && !cut_inside_word(text, row.word))
      best = {row.meaning, row.word.size()};
  return best;
}

WordHit longest_at_start(std::string_view text, std::span<const Word> table) {
  WordHit best;
  for (const Word& row : table) {
    if (row.word.size() <= best.bytes || !starts_with(text, row.word)) continue;
    const bool goes_on = row.word.size() < text.size() && is_ascii_alnum(row.word.back()) && is_ascii_alnum(text[row.word.size()]);
    if (!goes_on) best = {row.meaning, row.word.size()};
  }
  return best;
}

}  // namespace

WordHit price_label_at_end(std::string_view text) { return longest_at_end(text, kLabels); }
WordHit price_label_at_start(std::string_view text) { return longest_at_start(text, kLabels); }
WordHit currency_at_end(std::string_view text) { return longest_at_end(text, kBefore); }
WordHit currency_at_start(std::string_view text) { return longest_at_start(text, kAfter); }

bool refused_before(std::string_view text) {
  if (ends_with(text, "百亿补贴")) return false;  // a badge before the price, no deduction
  return std::any_of(kRefusedBefore.begin(), kRefusedBefore.end(), [&](auto word) { return ends_with(text, word); });
}

bool not_paid_after(std::string_view text) {
  if (longest_at_start(text, kLabels).bytes > 0) return false;  // 券后价 begins with 券
  return std::any_of(kNotPaid.begin(), kNotPaid.end(), [&](auto word) { return starts_with(text, word); });
}

bool unit_after(std::string_view text) {
  return std::any_of(kUnits.begin(), kUnits.end(), [&](auto word) { return starts_with(text, word); });
}

}  // namespace netsampler
