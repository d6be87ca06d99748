#include "crawler/price_words.h"

#include <algorithm>
#include <iterator>
#include <span>

#include "crawler/dom_text.h"
#include "crawler/price_words_world.h"

namespace netsampler {
namespace {

struct Word {
  std::string_view word, meaning;
};

constexpr Word kLabels[] = {
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
    {"京东价", "list"}, {"天猫价", "list"}, {"淘宝价", "list"}, {"苏宁价", "list"}, {"易购价", "list"}, {"官网价", "list"}, {"批发价", "list"},
    {"出厂价", "list"}, {"代发价", "list"}, {"拿货价", "list"}, {"供货价", "list"}, {"含税价", "list"}, {"首发价", "list"}, {"参考售价", "list"},
    {"统一售价", "list"}, {"销售价格", "list"}, {"商品价格", "list"}, {"价钱", "list"}, {"报价", "list"}, {"售价格", "list"}, {"正价", "list"},
    {"市场参考价", "strikethrough"}, {"官方指导价", "strikethrough"}, {"厂商指导价", "strikethrough"}, {"厂家指导价", "strikethrough"}, {"建议售价", "strikethrough"},
    {"原售价", "strikethrough"}, {"券前价", "strikethrough"}, {"券前", "strikethrough"}, {"官方价", "strikethrough"}, {"门店价", "strikethrough"}, {"原价格", "strikethrough"}, {"市场价格", "strikethrough"},
    {"吊牌", "strikethrough"}, {"专柜", "strikethrough"}, {"厂商建议零售价", "strikethrough"},
    {"券后到手", "final"}, {"领券到手价", "final"}, {"领券到手", "final"}, {"到手约", "final"}, {"到手仅", "final"}, {"实际到手", "final"}, {"拍下价", "final"}, {"拍下", "final"},
    {"补贴价", "final"}, {"百亿补贴价", "final"}, {"补贴后", "final"}, {"补贴到手价", "final"}, {"立减后", "final"}, {"满减后", "final"}, {"折扣价", "final"}, {"打折价", "final"}, {"惊喜价", "final"},
    {"新人价", "final"}, {"新人专享价", "final"}, {"首单价", "final"}, {"新客价", "final"}, {"直播价", "final"}, {"直播间价", "final"}, {"大促价", "final"}, {"狂欢价", "final"}, {"清仓价", "final"},
    {"抢先价", "final"}, {"体验价", "final"}, {"内购价", "final"}, {"跳楼价", "final"}, {"闪购价", "final"}, {"团长价", "group"}, {"特惠价", "final"}, {"超值价", "final"}, {"专享价", "final"}, {"砍后价", "final"}, {"砍价", "final"},
    {"双11价", "final"}, {"双十一价", "final"}, {"双12价", "final"}, {"618价", "final"}, {"年货价", "final"}, {"聚划算价", "final"}, {"淘金币价", "final"}, {"最终价", "final"}, {"惊爆价", "final"},
    {"限时特价", "final"}, {"限时秒杀价", "final"}, {"限时秒杀", "final"}, {"秒杀", "final"}, {"预估价", "final"}, {"预计到手", "final"}, {"预计到手价", "final"}, {"凑单价", "final"}, {"单件到手价", "final"}, {"活动到手价", "final"},
    {"新会员价", "member"}, {"PLUS专享价", "member"}, {"88VIP价", "member"}, {"88VIP到手价", "member"}, {"SVIP价", "member"}, {"黑卡价", "member"}, {"粉丝价", "member"}, {"SUPER会员价", "member"}, {"学生价", "member"}, {"省钱卡价", "member"}, {"VIP会员价", "member"}, {"付费会员价", "member"}, {"会员到手价", "member"},
    {"拼团仅", "group"}, {"参团价", "group"}, {"开团价", "group"}, {"拼着买", "group"}, {"一起拼", "group"}, {"拼购价", "group"}, {"多人团", "group"}, {"团价", "group"}, {"一键拼单", "group"}, {"拼单仅", "group"},
    {"直接购买", "single"}, {"单独购价", "single"}, {"单件价", "single"}, {"单人购买", "single"},
    {"预付定金", "deposit"}, {"预付款", "deposit"}, {"付定金", "deposit"}, {"预定金", "deposit"}, {"付尾款", "balance"}, {"待付尾款", "balance"}, {"剩余尾款", "balance"},
};

constexpr std::string_view kRefusedBefore[] = {
    "满",   "每满", "减",   "立减", "直降", "省",   "已省", "优惠", "已优惠", "券",   "优惠券", "红包",   "返",   "返现", "补贴",
    "津贴", "抵",   "抵扣", "可抵", "运费", "邮费", "快递费", "配送费", "服务费", "月供", "每期", "分期",   "起送", "起送价", "还差",
    "再买", "凑",   "押金", "保证金", "积分", "赠",   "送",   "奖",   "库存", "已售", "销量", "月销",   "余额",   "赔",   "封顶",
    "已减", "最高减", "再减", "下单减", "下单立减", "付款立减", "直减", "最高省", "共省", "可省", "节省", "优惠了", "共优惠", "优惠金额", "折扣", "返利", "最高返",
    "税费", "关税", "进口税", "税", "包装费", "安装费", "上门费", "手续费", "打包费", "基础运费", "首重", "续重", "满额", "消费满", "购满", "单笔满", "实付满", "订单满", "购物满", "全场满",
    "可抵扣", "膨胀", "定金可抵", "抵用", "立省", "月付", "首付", "日供", "每月", "每日", "月均", "佣金", "赚", "评价", "评论", "评分", "收藏", "浏览", "人气", "粉丝", "关注", "回购", "销售", "成交",
    "编号", "型号", "货号", "电话", "手机", "邮编", "编码", "充值", "余", "年费", "会员费", "面值", "面额", "打赏", "罚款", "悬赏"};

// Units that make a bare number a quantity, a measure or a date.
constexpr std::string_view kUnits[] = {
    "%",  "折", "件", "人", "个", "期", "天", "小时", "分钟", "月", "年", "日", "号",   "次", "条", "袋",   "盒",   "瓶",
    "箱", "包", "克", "千克", "斤", "公斤", "毫升", "升", "米", "厘米", "毫米", "寸", "英寸", "码", "岁", "层", "位", "星",
    "级", "倍", "份", "套", "只", "双", "支", "片", "台", "评价", "好评", "分", "积分", "万", "亿", "度", "秒", "点",
    "粒", "根", "块装", "支装", "片装", "毫安", "瓦", "伏", "克拉", "寸屏", "核", "代", "款", "种", "城", "家", "笔", "单", "名", "页", "册", "集", "章", "折起", "年前", "周", "分钟前", "用户", "买家", "店", "回头客", "想要"};

// What makes even an amount of money a discount, a coupon or an instalment.
constexpr std::string_view kNotPaid[] = {"优惠", "元优惠", "券", "神券", "无门槛", "消费券", "购物券", "现金券", "红包", "代金", "减", "可用", "补贴", "津贴",
                                         "以上", "及以上", "话费", "礼金", "/期", "每期", "×期", "/月×", "起送"};

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

WordHit price_label_at_end(std::string_view text) {
  const WordHit chinese = longest_at_end(text, kLabels);
  return chinese.bytes > 0 ? chinese : world_label_at_end(text);
}
WordHit price_label_at_start(std::string_view text) { return longest_at_start(text, kLabels); }

bool refused_before(std::string_view text) {
  if (ends_with(text, "百亿补贴")) return false;  // a badge before the price, no deduction
  return refused_by_a_word_before(text) || std::any_of(std::begin(kRefusedBefore), std::end(kRefusedBefore), [&](auto word) { return ends_with(text, word); });
}

bool not_paid_after(std::string_view text) {
  if (longest_at_start(text, kLabels).bytes > 0) return false;  // 券后价 begins with 券
  return not_paid_by_a_word_after(text) || std::any_of(std::begin(kNotPaid), std::end(kNotPaid), [&](auto word) { return starts_with(text, word); });
}

bool unit_after(std::string_view text) {
  return std::any_of(std::begin(kUnits), std::end(kUnits), [&](auto word) { return starts_with(text, word); });
}

}  // namespace netsampler
