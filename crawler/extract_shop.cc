#include <algorithm>
#include <array>
#include <string_view>

#include "crawler/extract_parts.h"
#include "evidence/identifiers/identifiers.h"

namespace netsampler {
namespace {

const PageNode& node_at(const PageView& view, int index) { return view.page.nodes[static_cast<std::size_t>(index)]; }

struct Seller {
  const Json* object = nullptr;
  std::string from;
};

// Who sells: the offer's seller on a product page, the shop itself on its own pages.
Seller structured_seller(const PageView& view) {
  for (const char* type : {"Offer", "AggregateOffer", "Order"})
    for (const StructuredObject& each : objects_of(view.items, type))
      for (const Json* seller : structured_list(*each.object, "seller")) return {seller, each.from};
  if (view.kind != "shop" && view.kind != "licence") return {};
  for (const char* type : {"Store", "OnlineStore", "LocalBusiness", "Organization"}) {
    const auto found = objects_of(view.items, type);
    if (!found.empty()) return {found.front().object, found.front().from};
  }
  return {};
}

std::optional<Fact> seller_member(const PageView& view, const Seller& seller, const std::string& name, const char* member) {
  if (!seller.object) return std::nullopt;
  const bool plain_name = seller.object->is_string() && std::string_view(member) == "name";
  const std::string value = plain_name ? seller.object->get<std::string>() : structured_text(*seller.object, member);
  if (value.empty()) return std::nullopt;
  return structured_fact(view, name, value, seller.from);
}

bool leads_to_shop(std::string_view text) {
  return code_points(text) <= 8 && contains_any(text, {"进店", "进入店铺", "店铺首页", "店铺主页", "去店铺", "逛店铺"});
}

// The link "进店逛逛" with the address of the shop.
int shop_link(const PageView& view) {
  for (std::size_t i = 0; i < view.page.nodes.size(); ++i) {
    const PageNode& node = view.page.nodes[i];
    if (node.tag != "a" || !node.visible || absolute_url(view, attribute_or(node, "href", "")).empty()) continue;
    if (leads_to_shop(fold(text_below(view.page, static_cast<int>(i))))) return static_cast<int>(i);
  }
  return -1;
}

// "营业执照信息", "店铺首页", "全部商品": words of the page's own order alone, one after another. A name has at least one word beside them.
constexpr std::array<std::string_view, 50> kSectionWords{
    {"营业执照", "执照", "证照", "许可证", "资质", "工商", "企业", "经营者", "经营", "主体", "公示", "展示", "信息", "详情", "介绍", "说明", "声明",
     "店铺", "商家", "卖家", "首页", "主页", "商品", "宝贝", "产品", "全部", "所有", "热销", "热卖", "推荐", "新品", "分类", "评价", "评分", "服务",
     "客服", "在线", "聊天", "消息", "记录", "订单", "物流", "支付", "购物车", "优惠券", "优惠", "活动", "列表", "搜索", "结果"}};

bool is_section_title(std::string_view text) {
  const auto starts = [&text](std::string_view word) { return text.starts_with(word); };
  while (!text.empty()) {
    const auto word = std::find_if(kSectionWords.begin(), kSectionWords.end(), starts);
    if (word == kSectionWords.end()) return false;
    text.remove_prefix(word->size());
  }
  return true;
}

bool is_name(const PageView& view, std::size_t block, int link) {
  const TextBlock& each = view.blocks[block];
  const bool in_link = is_within(view.page, each.pieces.front().node, link);
  const std::string& text = each.text.text;
  return each.control < 0 && !in_link && !leads_to_shop(text) && !begins_with_label(each) && !is_section_title(text) && code_points(text) >= 2;
}

// The heading, or another link to the same address, in the nearest box around the link. A product page's h1 is the product.
std::optional<Fact> name_beside_link(const PageView& view, int link) {
  const std::string href = attribute_or(node_at(view, link), "href", "");
  std::vector<std::string_view> headings{"h2", "h3", "h4"};
  if (view.kind != "product") headings.push_back("h1");
  int at = node_at(view, link).parent;
  for (int level = 0; level < 3 && at >= 0; ++level, at = node_at(view, at).parent)
    for (const bool heading : {true, false})
      for (std::size_t block : blocks_below(view, at)) {
        if (!is_name(view, block, link)) continue;
        const int same = enclosing(view.page, view.blocks[block].pieces.front().node, {"a"});
        const bool to_shop = same >= 0 && attribute_or(node_at(view, same), "href", "") == href;
        if (heading ? enclosing(view.page, view.blocks[block].element, headings) >= 0 : to_shop)
          return visible_fact(view, "shop.name", block, 75);
      }
  return std::nullopt;
}

std::optional<Fact> heading_of_shop(const PageView& view) {
  if (view.kind != "shop") return std::nullopt;
  for (std::size_t i = 0; i < view.blocks.size(); ++i)
    if (enclosing(view.page, view.blocks[i].element, {"h1"}) >= 0 && view.blocks[i].control < 0 && !is_section_title(text_of(view, i)))
      return visible_fact(view, "shop.name", i, 80);
  return std::nullopt;
}

std::optional<Fact> visible_name(const PageView& view, int link) {
  if (auto labelled = labelled_fact(view, "shop.name")) return labelled;
  if (auto heading = heading_of_shop(view)) return heading;
  return link >= 0 ? name_beside_link(view, link) : std::nullopt;
}

std::optional<Fact> visible_url(const PageView& view, int link) {
  Fact fact;
  if (link >= 0) {
    fact.raw = attribute_or(node_at(view, link), "href", "");
    fact.rect = node_at(view, link).rect;
    fact.confidence = 85;
  } else if (view.kind == "shop" && view.url.starts_with("http")) {
    fact.raw = view.url;  // the page is the shop: its own address
    fact.confidence = 80;
  } else {
    return std::nullopt;
  }
  fact.name = "shop.url";
  fact.value = absolute_url(view, fact.raw);
  fact.from = "text";
  return fact;
}

// Compared as addresses, so that "/shop/8" and its absolute form are no contradiction.
std::optional<Fact> structured_url(const PageView& view, const Seller& seller) {
  auto fact = seller_member(view, seller, "shop.url", "url");
  if (!fact) return fact;
  const std::string absolute = absolute_url(view, fact->value.get<std::string>());
  if (absolute.empty()) return std::nullopt;
  fact->value = absolute;
  return fact;
}

std::optional<Fact> exemption(const PageView& view) {
  for (std::size_t i = 0; i < view.blocks.size(); ++i) {
    const std::string& text = text_of(view, i);
    const bool none_needed = contains_any(text, {"无需办理", "不需要办理", "无须办理", "免于办理", "依法无需"});
    if (none_needed && contains_any(text, {"营业执照", "市场主体登记", "登记"}) && code_points(text) > 20)
      return visible_fact(view, "licence.exemption", i, 85);
  }
  return std::nullopt;
}

}  // namespace

void extract_shop(const PageView& view, Facts& facts) {
  const Seller seller = structured_seller(view);
  const int link = shop_link(view);
  merge_fact(view, facts, visible_name(view, link), seller_member(view, seller, "shop.name", "name"));
  merge_fact(view, facts, labelled_fact(view, "shop.id"), seller_member(view, seller, "shop.id", "identifier"));
  merge_fact(view, facts, visible_url(view, link), structured_url(view, seller));
}

void extract_licence(const PageView& view, Facts& facts) {
  for (const char* name : {"licence.uscc", "licence.name", "licence.type", "licence.legal_representative", "licence.address",
                           "licence.registered_capital", "licence.established", "licence.term", "licence.scope", "licence.authority"}) {
    auto fact = labelled_fact(view, name);
    // Shown as it stands; a wrong check digit is a matter for the officer, not for us to mend.
    if (fact && fact->name == "licence.uscc" && !check_identifier("uscc", fact->value.get<std::string>()).ok()) fact->confidence = 40;
    merge_fact(view, facts, std::move(fact), std::nullopt);
  }
  merge_fact(view, facts, exemption(view), std::nullopt);
}

}  // namespace netsampler
