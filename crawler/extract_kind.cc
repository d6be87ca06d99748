// What kind of page: each sign adds its weight to kinds, the heaviest wins, too light is "other". Tables only; no site is known.
#include <algorithm>
#include <array>
#include <map>

#include "crawler/extract_place.h"

namespace netsampler {
namespace {

constexpr int kLeastWeight = 3;
constexpr std::size_t kMostInvitations = 6;  // of a page of one product: the button, the bar that follows the reader, bundles

using Score = std::map<std::string, int>;

struct Sign {
  std::string_view word, kind;
  int weight;
};

// In the page's title and its first headings.
constexpr std::array<Sign, 49> kHeadings{{
    {"搜索结果", "search", 3},   {"搜索", "search", 2},       {"没有找到", "search", 2},   {"营业执照", "licence", 3},  {"证照信息", "licence", 3},
    {"企业资质", "licence", 3},  {"资质信息", "licence", 3},  {"资质证照", "licence", 3},  {"工商信息", "licence", 3},  {"经营者信息", "licence", 3},
    {"经营资质", "licence", 3},  {"店铺首页", "shop", 3},     {"店铺主页", "shop", 3},     {"店铺信息", "shop", 2},     {"店铺介绍", "shop", 2},
    {"订单详情", "order", 3},    {"订单信息", "order", 3},    {"我的订单", "order", 3},    {"确认订单", "order", 3},    {"订单确认", "order", 3},
    {"填写订单", "order", 3},    {"核对订单", "order", 3},    {"收银台", "payment", 3},    {"支付成功", "payment", 3},  {"付款成功", "payment", 3},
    {"手机支付", "payment", 3},  {"支付结果", "payment", 3},  {"订单支付", "payment", 3},  {"扫码支付", "payment", 3},  {"支付详情", "payment", 3},
    {"账单详情", "payment", 3},  {"聊天", "chat", 3},         {"客服", "chat", 3},         {"联系卖家", "chat", 3},     {"咨询", "chat", 2},
    {"消息", "chat", 1},         {"物流信息", "logistics", 3}, {"物流详情", "logistics", 3}, {"物流跟踪", "logistics", 3}, {"查看物流", "logistics", 3},
    {"快递查询", "logistics", 3}, {"包裹", "logistics", 2},      {"订单列表", "order", 3},     {"全部订单", "order", 2},    {"订单中心", "order", 2},
    {"订单管理", "order", 2},     {"已买到的宝贝", "order", 3},  {"结算", "order", 2},         {"提交成功", "payment", 2},
}};

// What can be clicked, or is said for itself.
constexpr std::array<Sign, 31> kShortTexts{{
    {"加入购物车", "product", 4}, {"立即购买", "product", 4}, {"立即抢购", "product", 4}, {"马上抢", "product", 4},   {"发起拼单", "product", 4},
    {"单独购买", "product", 4},   {"立即预定", "product", 4}, {"付定金", "product", 4},   {"领券购买", "product", 4}, {"提交订单", "order", 3},
    {"确认收货", "order", 2},     {"去支付", "payment", 2},   {"立即支付", "payment", 2}, {"确认支付", "payment", 2}, {"确认付款", "payment", 2},
    {"支付成功", "payment", 3},   {"付款成功", "payment", 3}, {"扫码支付", "payment", 2}, {"请用手机完成支付", "payment", 3}, {"综合排序", "search", 2},
    {"销量优先", "search", 2},    {"价格排序", "search", 1},  {"全部宝贝", "shop", 2},    {"全部商品", "shop", 2},    {"店铺首页", "shop", 2},
    {"关注店铺", "shop", 2},      {"收藏店铺", "shop", 2},    {"店内搜索", "shop", 2},    {"物流轨迹", "logistics", 2}, {"派送中", "logistics", 2},
    {"已签收", "logistics", 2},
}};

// Labels with a value; `word` is the fact's name.
constexpr std::array<Sign, 27> kLabels{{
    {"licence.uscc", "licence", 3},   {"licence.legal_representative", "licence", 1}, {"licence.registered_capital", "licence", 1},
    {"licence.scope", "licence", 1},  {"licence.authority", "licence", 1},            {"licence.established", "licence", 1},
    {"licence.name", "licence", 1},   {"order.no", "order", 2},                       {"order.placed_at", "order", 2},
    {"order.paid", "order", 1},       {"order.paid", "payment", 1},                   {"order.payable", "order", 1},
    {"order.payable", "payment", 1},  {"payment.serial", "payment", 2},               {"payment.serial", "order", 1},
    {"payment.method", "order", 1},   {"payment.payee", "payment", 2},                {"consignee.name", "order", 1},
    {"consignee.address", "order", 1}, {"parcel.waybill", "logistics", 3},            {"parcel.carrier", "logistics", 2},
    {"shop.id", "shop", 2},           {"product.number", "product", 1},               {"product.sku", "product", 1},
    {"price.coupon", "product", 1},   {"price.list", "product", 1},                   {"price.strikethrough", "product", 1},
}};

constexpr std::array<Sign, 11> kTypes{{
    {"Product", "product", 4}, {"ProductGroup", "product", 4}, {"ItemList", "search", 2}, {"SearchResultsPage", "search", 4}, {"Order", "order", 4},
    {"ParcelDelivery", "logistics", 3}, {"Store", "shop", 3}, {"OnlineStore", "shop", 3}, {"Invoice", "payment", 2}, {"LocalBusiness", "shop", 2},
    {"CheckoutPage", "order", 2},
}};

constexpr std::array<Sign, 20> kUrlWords{{
    {"search", "search", 1},   {"item", "product", 1},     {"product", "product", 1},    {"goods", "product", 1},   {"detail", "product", 1},
    {"shop", "shop", 1},       {"store", "shop", 1},       {"licence", "licence", 2},    {"license", "licence", 2}, {"zhizhao", "licence", 2},
    {"order", "order", 1},     {"trade", "order", 1},      {"pay", "payment", 1},        {"cashier", "payment", 1}, {"logistics", "logistics", 1},
    {"express", "logistics", 1}, {"track", "logistics", 1}, {"chat", "chat", 1},         {"im", "chat", 1},         {"message", "chat", 1},
}};

void add_headings(const PageView& view, Score& score) {
  std::string first = fold(view.page.title), second;
  for (std::size_t i = 0; i < view.blocks.size(); ++i) {
    const int heading = enclosing(view.page, view.blocks[i].element, {"h1", "h2"});
    if (heading >= 0 && code_points(text_of(view, i)) <= 40) second += text_of(view, i) + "\n";
  }
  for (const Sign& sign : kHeadings) {
    if (first.find(sign.word) != std::string::npos) score[std::string(sign.kind)] += sign.weight;
    if (second.find(sign.word) != std::string::npos) score[std::string(sign.kind)] += sign.weight;
  }
}

void add_short_texts(const PageView& view, Score& score) {
  for (const Sign& sign : kShortTexts)
    for (std::size_t i = 0; i < view.blocks.size(); ++i) {
      const std::string& text = text_of(view, i);
      if (code_points(text) > 16 || text.find(sign.word) == std::string::npos) continue;
      if (view.aside[i] && sign.kind == "product") continue;  // the buttons of recommended goods
      if (enclosing(view.page, view.blocks[i].element, {"header", "footer"}) >= 0) continue;
      score[std::string(sign.kind)] += sign.weight;
      break;
    }
}

// "Add to cart" in any of many languages; a list of goods has one beside each.
void add_buying(const PageView& view, Score& score) {
  std::size_t invitations = 0;
  for (std::size_t i = 0; i < view.blocks.size(); ++i)
    if (!view.aside[i] && invites_to_buy(text_of(view, i))) ++invitations;
  for (const PageNode& node : view.page.nodes)
    if (node.tag == "input" && node.visible && invites_to_buy(fold(attribute_or(node, "value", "")))) ++invitations;
  if (invitations > 0 && invitations <= kMostInvitations && score["product"] < 4) score["product"] += 4;
}

// Where order numbers stand: states and actions of orders.
void add_order_states(const PageView& view, Score& score) {
  bool numbered = false;
  int words = 0;
  for (std::size_t i = 0; i < view.blocks.size(); ++i) {
    const std::string_view text = trim(text_of(view, i));
    if (code_points(text) > 12) continue;
    numbered = numbered || contains_any(text, {"订单号", "订单编号"});
    if (contains_any(text, {"待付款", "待发货", "待收货", "待评价", "取消订单", "再次购买", "申请售后", "查看订单", "订单详情", "交易成功", "交易关闭", "等待买家付款", "已完成", "已取消", "订单状态"})) ++words;
  }
  for (const Labelled& label : view.labels) numbered = numbered || label.fact == "order.no";
  if (numbered) score["order"] += 1 + std::min(words, 4);
}

void add_labels(const PageView& view, Score& score) {
  for (const Sign& sign : kLabels)
    if (labelled_fact(view, std::string(sign.word))) score[std::string(sign.kind)] += sign.weight;
}

void add_types(const PageView& view, Score& score) {
  for (const Sign& sign : kTypes) {
    for (const StructuredItem& item : view.items)
      if (is_type(item.object, sign.word)) {
        score[std::string(sign.kind)] += sign.weight;
        break;
      }
  }
}

void add_url(const PageView& view, Score& score) {
  const std::string url = lower_ascii(view.url.substr(0, view.url.find_first_of("?#")));
  const std::size_t scheme = url.find("://");
  const std::size_t path = scheme == std::string::npos ? std::string::npos : url.find('/', scheme + 3);
  if (path == std::string::npos) return;
  std::string word;
  for (std::size_t i = path; i <= url.size(); ++i) {
    if (i < url.size() && url[i] >= 'a' && url[i] <= 'z') {
      word += url[i];
      continue;
    }
    for (const Sign& sign : kUrlWords)
      if (word == sign.word) score[std::string(sign.kind)] += sign.weight;
    word.clear();
  }
}

bool has_writable(const PageView& view) {
  for (const PageNode& node : view.page.nodes) {
    const bool line = node.tag == "input" && lower_ascii(attribute_or(node, "type", "text")) == "text";
    if (node.visible && (node.tag == "textarea" || line || attribute_or(node, "contenteditable", "false") == "true")) return true;
  }
  return false;
}

void add_forms(const PageView& view, Score& score) {
  bool send = false;
  for (std::size_t i = 0; i < view.blocks.size(); ++i) send = send || (view.blocks[i].control >= 0 && trim(text_of(view, i)) == "发送");
  if (send && has_writable(view)) score["chat"] += 4;
  for (const PageNode& node : view.page.nodes) {
    if (node.tag == "img" && node.visible && contains_any(attribute_or(node, "alt", ""), {"营业执照"})) {
      score["licence"] += 2;
      break;
    }
  }
  if (view.cards >= 3) {
    score["search"] += 2;
    score["shop"] += 1;
  }
}

}  // namespace

std::string decide_kind(const PageView& view) {
  Score score;
  add_headings(view, score);
  add_short_texts(view, score);
  add_buying(view, score);
  add_order_states(view, score);
  add_labels(view, score);
  add_types(view, score);
  add_forms(view, score);
  int evidence = 0;
  for (const auto& [kind, weight] : score) evidence = std::max(evidence, weight);
  if (evidence < kLeastWeight - 1) return "other";  // an address alone decides nothing
  add_url(view, score);
  std::string best = "other";
  int most = kLeastWeight - 1;
  // Where two weigh the same, the more particular kind.
  for (const char* kind : {"licence", "logistics", "payment", "order", "product", "chat", "shop", "search"})
    if (score[kind] > most) {
      most = score[kind];
      best = kind;
    }
  return best;
}

}  // namespace netsampler
