#include "crawler/labels_table.h"

#include <array>
#include <map>

#include "crawler/price_words.h"

namespace netsampler {
namespace {

using enum ValueType;
using enum LabelContext;

constexpr std::array<LabelRow, 37> kRows{{
    {"product.number", code, any, "商品编号|商品货号|货号|商品ID|产品编号|商品编码|产品货号|产品编码"},
    {"product.sku", code, any, "SKU|SKU编号|SKU编码|SKUID|SKU ID|规格编号|规格编码"},
    {"product.specification", text, any, "规格|已选|已选择|已选规格|商品规格|所选规格|选择规格"},
    {"shop.name", text, any, "店铺|店铺名称|店铺名|店名|商家|商家名称|商家名|卖家|卖家名称|所属店铺|销售商家"},
    {"shop.id", code, any, "店铺ID|店铺编号|店铺号|商家ID|商家编号"},
    {"order.no", code, any, "订单编号|订单号|订单号码|订单ID|订单编码|订单SN"},
    {"order.placed_at", time, any, "下单时间|创建时间|添加时间|订单时间|订单创建时间|提交时间|下单日期|订单提交时间"},
    {"order.payable", money, any, "应付|应付款|应付金额|应付总额|应付总金额|待付款|待支付|待付金额|需付款|需支付|需付|应支付|应支付金额|还需支付|需支付金额|订单总额|订单总价|订单金额|订单总金额|订单应付金额|应付款金额|订单支付金额|应付订单金额"},
    {"order.total", money, any, "合计|总计|合计金额|总计金额|共计|订单合计|总金额|总额|总价|应付合计|订单总计"},
    {"order.paid", money, any, "实付款|实付|实付金额|实付总额|实付合计|实付总金额|实际付款|实际付款金额|已付金额|已付款金额|实付价|实收款|实收金额|已付|已付款|已支付|支付金额|付款金额|实际支付|实付款(含运费)"},
    {"payment.serial", code, any,
     "交易流水号|支付流水号|付款流水号|流水号|交易号|支付宝交易号|微信支付交易号|支付交易号|支付单号|交易单号|微信支付单号"},
    {"payment.method", text, any, "支付方式|付款方式"},
    {"payment.paid_at", time, any, "支付时间|付款时间"},
    {"payment.payee", text, any, "收款方|收款商户|收款单位|收款人"},
    {"consignee.name", text, any, "收货人|收件人|收货人姓名|收件人姓名"},
    {"consignee.name", text, consignee, "姓名|联系人"},
    {"consignee.phone", phone, any, "收货电话|收件人电话|收货人电话|收货人手机"},
    {"consignee.phone", phone, consignee, "手机号|手机号码|联系电话|电话|手机|联系方式"},
    {"consignee.address", text, any, "收货地址|收件地址|配送地址|送货地址"},
    {"consignee.address", text, consignee, "地址|详细地址"},
    {"parcel.waybill", waybill, any, "运单号|快递单号|物流单号|运单编号|运单号码|快递编号|物流编号|货运单号"},
    {"parcel.carrier", text, any, "快递公司|物流公司|承运商|配送公司|承运人|承运公司"},
    {"licence.uscc", uscc, any,
     "统一社会信用代码|统一社会信用代码/注册号|社会信用代码|统一信用代码|信用代码|营业执照注册号|注册号/统一社会信用代码|营业执照号"},
    {"licence.name", text, any, "企业名称|公司名称|单位名称|经营者名称|主体名称|市场主体名称"},
    {"licence.name", text, licence, "名称|字号名称"},
    {"licence.type", text, any, "企业类型|公司类型|主体类型|市场主体类型"},
    {"licence.type", text, licence, "类型|组成形式"},
    {"licence.legal_representative", text, any, "法定代表人|法定代表人姓名|法人代表|执行事务合伙人|经营者姓名|法定代表人/负责人"},
    {"licence.legal_representative", text, licence, "负责人|经营者|法人|投资人"},
    {"licence.address", text, any, "住所|企业住所|公司住所|住所地|经营场所|营业场所|主要经营场所|注册地址|企业地址|公司地址"},
    {"licence.address", text, licence, "地址"},
    {"licence.registered_capital", text, any, "注册资本|注册资金|出资额"},
    {"licence.established", text, any, "成立日期|成立时间"},
    {"licence.established", text, licence, "注册日期"},
    {"licence.term", text, any, "营业期限|经营期限|合伙期限"},
    {"licence.scope", text, any, "经营范围"},
    {"licence.authority", text, any, "登记机关|发照机关|核准机关"},
}};

constexpr std::array<std::string_view, 30> kSayNothing{
    "-", "--", "---", "/", "无", "暂无", "暂无信息", "暂无数据", "暂未公示", "未公示", "未填写", "未填", "未知", "待发货", "待付款", "待更新", "暂未发货",
    "未发货", "n/a", "null", "undefined", "none", "加载中", "加载中...", "请选择", "请选择规格", "详见图片", "详见执照", "见图片", "***"};

constexpr std::size_t kMaxTextBytes = 6000;  // 经营范围 is long
constexpr std::size_t kMaxCodeBytes = 64;

// By first byte, so that a text is not compared with every word at every place.
using WordIndex = std::map<char, std::vector<LabelWord>>;

void add_word(WordIndex& index, std::string_view word, const LabelRow& row) {
  auto& words = index[word.front()];
  for (LabelWord& each : words)
    if (each.word == word) {
      each.rows.push_back(&row);
      return;
    }
  words.push_back({word, {&row}});
}

WordIndex build_index() {
  WordIndex index;
  for (const LabelRow& row : kRows)
    for (std::string_view rest = row.words; !rest.empty();) {
      const auto bar = rest.find('|');
      add_word(index, rest.substr(0, bar), row);
      rest = bar == std::string_view::npos ? std::string_view{} : rest.substr(bar + 1);
    }
  return index;
}

const WordIndex& word_index() {
  static const WordIndex index = build_index();
  return index;
}

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// Byte after the word in the text, 0 where it is another.
std::size_t match_word(std::string_view text, std::size_t at, std::string_view word) {
  for (std::size_t i = 0; i < word.size(); ++i, ++at) {
    const bool may_skip = i > 0 && at < text.size() && text[at] == ' ' && word[i] != ' ' && !is_ascii_alnum(word[i]);
    if (may_skip) ++at;
    if (at >= text.size() || upper(text[at]) != word[i]) return 0;
  }
  return at;
}

bool says_nothing(std::string_view value) {
  std::string lower(value);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  for (std::string_view word : kSayNothing)
    if (lower == word) return true;
  return false;
}

template <class Accept>
std::optional<LabelValue> first_run(std::string_view text, Accept accept, std::size_t least) {
  std::size_t begin = 0;
  while (begin < text.size() && text[begin] == ' ') ++begin;
  std::size_t end = begin;
  while (end < text.size() && accept(text[end])) ++end;
  if (end - begin < least || end - begin > kMaxCodeBytes) return std::nullopt;
  return LabelValue{std::string(text.substr(begin, end - begin)), begin, end};
}

bool has_digit(std::string_view text) {
  for (char c : text)
    if (is_ascii_digit(c)) return true;
  return false;
}

// Cut off by a mask, or going on in another script: not the whole code.
bool goes_on(std::string_view text, std::size_t end) {
  if (end >= text.size()) return false;
  const auto next = static_cast<unsigned char>(text[end]);
  return text[end] == '*' || (next >= 0xC3 && next <= 0xD4);
}

std::optional<LabelValue> read_code(std::string_view text, std::size_t least) {
  auto run = first_run(text, [](char c) { return is_ascii_alnum(c) || c == '-' || c == '_' || c == '.'; }, least);
  if (!run || !has_digit(run->value) || goes_on(text, run->end)) return std::nullopt;
  return run;
}

std::optional<LabelValue> read_waybill(std::string_view text) {
  auto run = first_run(text, [](char c) { return is_ascii_alnum(c) || c == '-'; }, 8);
  if (!run || !has_digit(run->value) || goes_on(text, run->end)) return std::nullopt;
  return run;
}

// Printed in groups on licences: spaces inside are dropped. Eighteen characters or it is another number.
std::optional<LabelValue> read_uscc(std::string_view text) {
  LabelValue found;
  while (found.begin < text.size() && text[found.begin] == ' ') ++found.begin;
  for (found.end = found.begin; found.end < text.size() && found.value.size() < 19; ++found.end) {
    if (is_ascii_alnum(text[found.end])) found.value += text[found.end];
    else if (text[found.end] != ' ') break;
  }
  if (found.value.size() != 18 || !has_digit(found.value) || goes_on(text, found.end)) return std::nullopt;
  return found;
}

std::optional<LabelValue> read_phone(std::string_view text) {
  auto run = first_run(text, [](char c) { return is_ascii_digit(c) || c == '*' || c == '-' || c == '+' || c == ' '; }, 7);
  if (!run || !has_digit(run->value)) return std::nullopt;
  while (run->value.ends_with(' ')) run->value.pop_back();
  return run->value.size() <= 20 ? run : std::nullopt;
}

int number_at(std::string_view text, std::size_t& at, int most_digits) {
  int value = -1;
  for (int digits = 0; at < text.size() && is_ascii_digit(text[at]) && digits < most_digits; ++at, ++digits)
    value = (value < 0 ? 0 : value) * 10 + (text[at] - '0');
  return value;
}

bool skip_one(std::string_view text, std::size_t& at, std::initializer_list<std::string_view> marks) {
  for (std::string_view mark : marks)
    if (text.substr(at).starts_with(mark)) {
      at += mark.size();
      return true;
    }
  return false;
}

std::string two(int value) { return (value < 10 ? "0" : "") + std::to_string(value); }

// "2024年5月6日 12:30", "2024/05/06 12:30:45", "2024-05-06T12:30:45+08:00" → "2024-05-06 12:30:45"; what is not said stays absent.
std::optional<LabelValue> read_time(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && text[at] == ' ') ++at;
  LabelValue found{"", at, at};
  const int year = number_at(text, at, 4);
  if (year < 1949 || year > 2200 || !skip_one(text, at, {"年", "-", "/", "."})) return std::nullopt;
  const int month = number_at(text, at, 2);
  if (month < 1 || month > 12 || !skip_one(text, at, {"月", "-", "/", "."})) return std::nullopt;
  const int day = number_at(text, at, 2);
  if (day < 1 || day > 31) return std::nullopt;
  skip_one(text, at, {"日"});
  found.value = std::to_string(year) + "-" + two(month) + "-" + two(day);
  found.end = at;
  while (skip_one(text, at, {" ", "T"})) {}
  const int hour = number_at(text, at, 2);
  if (hour < 0 || hour > 24 || !skip_one(text, at, {":", "时"})) return found;
  const int minute = number_at(text, at, 2);
  if (minute < 0 || minute > 59) return found;
  found.value += " " + two(hour) + ":" + two(minute);
  found.end = at;
  if (!skip_one(text, at, {":", "分"})) return found;
  const int second = number_at(text, at, 2);
  if (second < 0 || second > 60) return found;
  skip_one(text, at, {"秒"});
  found.value += ":" + two(second);
  found.end = at;
  return found;
}

std::optional<LabelValue> read_text(std::string_view text) {
  const std::string_view value = trim(text);
  if (value.empty() || value.size() > kMaxTextBytes || says_nothing(value) || is_action_word(value)) return std::nullopt;
  const auto begin = static_cast<std::size_t>(value.data() - text.data());
  return LabelValue{std::string(value), begin, begin + value.size()};
}

}  // namespace

std::span<const LabelRow> label_rows() { return kRows; }

LabelMatch match_label(std::string_view text, std::size_t at) {
  LabelMatch best;
  if (at >= text.size()) return best;
  const auto words = word_index().find(upper(text[at]));
  if (words == word_index().end()) return best;
  for (const LabelWord& each : words->second) {
    const std::size_t end = match_word(text, at, each.word);
    if (end > best.end) best = {&each, end};
  }
  return best;
}

std::optional<LabelValue> read_label_value(ValueType type, std::string_view folded) {
  switch (type) {
    case code: return read_code(folded, 1);
    case waybill: return read_waybill(folded);
    case uscc: return read_uscc(folded);
    case phone: return read_phone(folded);
    case time: return read_time(folded);
    case money:
    case text: return read_text(folded);
  }
  return std::nullopt;
}

}  // namespace netsampler
