// Saved pages in the manner of different shops, each with what is on it, no more and no less, in a JSON beside it.
#include <gtest/gtest.h>

#include "crawler/extract.h"
#include "crawler/jsonld.h"

namespace netsampler {
namespace {

const std::string kPages = std::string(SOURCE_DIR) + "/tests/crawler/pages/";
constexpr const char* kUrl = "https://mall.example/some/page";  // tells nothing of the kind

Page load(const std::string& name) {
  auto page = load_page(RealFileSystem(), kPages + name + ".html");
  EXPECT_TRUE(page.ok()) << name;
  return page.value_or(Page{});
}

Json expected(const std::string& name) {
  const auto bytes = RealFileSystem().read(kPages + name + ".json", 1 << 20);
  EXPECT_TRUE(bytes.ok()) << name;
  return bytes.ok() ? parse_any(as_text(*bytes)).value_or(Json()) : Json();
}

Json summary(const Facts& facts) {
  Json whole = facts_json(facts);
  whole.erase("facts");
  whole.erase("platform");
  return whole;
}

class SavedPage : public testing::TestWithParam<const char*> {};

TEST_P(SavedPage, GivesWhatIsOnItAndNoMore) {
  EXPECT_EQ(summary(extract(load(GetParam()), kUrl)).dump(1), expected(GetParam()).dump(1));
}

TEST_P(SavedPage, EachFactSaysWhereItIsFrom) {
  const Facts facts = extract(load(GetParam()), kUrl);
  EXPECT_EQ(facts.platform, "generic");
  for (const Fact& fact : facts.facts) {
    EXPECT_FALSE(fact.raw.empty()) << fact.name;
    EXPECT_FALSE(fact.value.is_string() && fact.value.get<std::string>().empty()) << fact.name;
    EXPECT_TRUE(fact.value.is_string() || fact.value.is_number_integer()) << fact.name;
    EXPECT_TRUE(fact.from == "text" || fact.from == "jsonld" || fact.from == "microdata" || fact.from == "opengraph") << fact.name;
    EXPECT_GT(fact.confidence, 0) << fact.name;
    EXPECT_LE(fact.confidence, 100) << fact.name;
    EXPECT_EQ(fact.item.empty(), facts.kind == "other") << fact.name;
    EXPECT_FALSE(fact.rect.has_value()) << "a bare HTML file has no layout";
  }
}

TEST_P(SavedPage, GivesTheSameTwice) {
  const Page page = load(GetParam());
  EXPECT_EQ(facts_json(extract(page, kUrl)), facts_json(extract(page, kUrl)));
}

INSTANTIATE_TEST_SUITE_P(
    Pages, SavedPage,
    testing::Values("chat_box", "licence_absent", "licence_divs", "licence_exempt", "licence_no_shop_name", "licence_section_title", "licence_table", "licence_wrong_digit", "logistics_masked",
                    "logistics_table", "order_boxes", "order_dl", "order_list", "other_article", "other_home", "payment_done", "payment_waiting",
                    "product_conflict", "product_group_divs", "product_hidden", "product_jsonld_table", "product_lookalike", "product_microdata_dl",
                    "product_presale", "product_range_unchosen", "search_nothing_typed", "search_results", "shop_home"),
    [](const auto& each) { return std::string(each.param); });

TEST(ItemOf, APageOfAKindAnswersItsItemAndOthersNone) {
  EXPECT_EQ(item_of("logistics", ""), "40-1");
  EXPECT_EQ(item_of("licence", ""), "39-4");
  EXPECT_EQ(item_of("other", ""), "");
}

// A page cut anywhere is still a page: whatever is then found was on the whole page, too, or is less of it.
TEST(CutPage, IsReadWithoutHarm) {
  const auto bytes = RealFileSystem().read(kPages + "product_jsonld_table.html", 1 << 20);
  ASSERT_TRUE(bytes.ok());
  for (std::size_t length = 0; length < bytes->size(); length += 61) {
    const auto page = page_from_html(as_text(*bytes).substr(0, length));
    ASSERT_TRUE(page.ok());
    const Facts facts = extract(*page, kUrl);
    const Fact* number = find_fact(facts, "product.number");
    EXPECT_TRUE(!number || std::string("100012043978").starts_with(number->value.get<std::string>())) << length;
  }
}

std::string nested(int depth) {
  std::string html;
  for (int i = 0; i < depth; ++i) html += "<div>";
  return html + "<p>店铺：深处的店</p>";
}

TEST(DeepPage, IsReadUpToTheBound) {
  const auto page = page_from_html(nested(kMaxPageDepth));
  ASSERT_TRUE(page.ok());
  const Facts facts = extract(*page, kUrl);
  const Fact* name = find_fact(facts, "shop.name");
  ASSERT_NE(name, nullptr);
  EXPECT_EQ(name->value, "深处的店");
}

TEST(DeepPage, IsRefusedBeyondIt) {
  const auto page = page_from_html(nested(400'000));
  ASSERT_FALSE(page.ok());
  EXPECT_EQ(page.error().kind, ErrorKind::invalid);
}

// Scopes in scopes; each level under `names`, so that the innermost value is there names^depth times.
std::string nested_scopes(int depth, const std::string& names) {
  std::string html = "<div itemscope itemtype='https://schema.org/Product'><h1 itemprop=name>云岭头盔</h1>";
  for (int i = 0; i < depth; ++i) html += "<div itemscope itemprop='" + names + "'>";
  return html + "<meta itemprop=sku content='YL-7'>";
}

std::string sku_at(const std::vector<StructuredItem>& items, int depth) {
  const Json* object = items.empty() ? nullptr : &items.front().object;
  for (int i = 0; object != nullptr && i < depth; ++i) object = object->contains("a") ? &object->at("a") : nullptr;
  return object != nullptr ? structured_text(*object, "sku") : "";
}

TEST(NestedScopes, AreReadAsTheyStand) {
  const auto page = page_from_html(nested_scopes(4, "a b"));
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(sku_at(structured_items(*page), 4), "YL-7");
}

TEST(NestedScopes, ThatMultiplyAreCutNotCopied) {
  const auto page = page_from_html(nested_scopes(16, "a b c d e f"));  // 6^16 copies
  ASSERT_TRUE(page.ok());
  const auto items = structured_items(*page);
  ASSERT_EQ(items.size(), 1u);
  EXPECT_LT(items.front().object.dump().size(), 2u << 20);
  EXPECT_EQ(structured_text(items.front().object, "name"), "云岭头盔");
}

TEST(Url, TurnsRelativeShopAddressesAbsoluteOrLeavesThemOut) {
  const Page page = load("product_jsonld_table");
  const auto shop_url = [&](const std::string& url) {
    const Facts facts = extract(page, url);
    const Fact* fact = find_fact(facts, "shop.url");
    return fact ? fact->value.get<std::string>() : "absent";
  };
  EXPECT_EQ(shop_url("http://a.example:81/b/c?d=/e"), "http://a.example:81/shop/7781.html");
  EXPECT_EQ(shop_url(""), "absent");
}

// A page without any fact still opens the chapter of its article.
TEST(Items, EveryKindOfPageAnswersItsArticle) {
  const std::pair<const char*, const char*> rows[] = {{"search", "39-2"}, {"shop", "39-3"},  {"licence", "39-4"},   {"product", "39-5"},
                                                      {"order", "39-6"},  {"payment", "39-6"}, {"chat", "39-7"}, {"logistics", "40-1"}};
  for (const auto& [kind, item] : rows) EXPECT_EQ(item_of(kind, ""), item) << kind;
  EXPECT_EQ(item_of("other", ""), "");
}

}  // namespace
}  // namespace netsampler
