// What addresses of known platforms say for certain, what a page of theirs lacks, and names of shops that pretend.
#include <gtest/gtest.h>

#include "crawler/extract.h"
#include "crawler/platform.h"
#include "crawler/price_trail.h"
#include "crawler/shop_name.h"

namespace netsampler {
namespace {

constexpr const char* kProduct = "<html><head><title>干红枣 500g 特级</title></head><body><h1>干红枣 500g 特级</h1><p>售价：¥39.90</p><button>加入购物车</button></body></html>";
constexpr const char* kOrder = "<html><body><h1>订单详情</h1><p>下单时间：2024-05-06 10:00</p><p>实付款：¥39.90</p></body></html>";
constexpr const char* kShop = "<html><body><h1>云岭干货旗舰店</h1><p>全部宝贝</p><p>收藏店铺</p><p>¥39.90</p></body></html>";

Facts read(const char* html, const std::string& url) { return extract(page_from_html(html).value_or(Page{}), url); }
std::string value(const Facts& facts, const char* name) {
  const Fact* fact = find_fact(facts, name);
  return !fact ? "absent" : fact->value.is_string() ? fact->value.get<std::string>() : fact->value.dump();
}

struct Address {
  const char *url, *platform, *html, *kind, *fact, *value;
};

class KnownAddress : public testing::TestWithParam<Address> {};

TEST_P(KnownAddress, SaysKindAndNumber) {
  const Facts facts = read(GetParam().html, GetParam().url);
  EXPECT_EQ(facts.platform, GetParam().platform) << GetParam().url;
  EXPECT_EQ(facts.kind, GetParam().kind) << GetParam().url;
  EXPECT_EQ(value(facts, GetParam().fact), GetParam().value) << GetParam().url;
}

INSTANTIATE_TEST_SUITE_P(
    Forms, KnownAddress,
    testing::Values(Address{"https://item.taobao.com/item.htm?spm=a1z10.1&id=738291045612345678&skuId=5123", "taobao", kProduct, "product", "product.number", "738291045612345678"},
                    Address{"https://item.taobao.com/item.htm?id=7382&amp;skuId=90071992547409931", "taobao", kProduct, "product", "product.sku", "90071992547409931"},
                    Address{"https://detail.tmall.com/item.htm?id=612345", "taobao", kProduct, "product", "product.number", "612345"},
                    Address{"https://chaoshi.detail.tmall.com/item.htm?id=612346", "taobao", kProduct, "product", "product.number", "612346"},
                    Address{"https://shop123456789.taobao.com/", "taobao", kShop, "shop", "shop.id", "123456789"},
                    Address{"https://trade.tmall.com/detail/orderDetail.htm?bizOrderId=2405061234567890123", "taobao", kOrder, "order", "order.no", "2405061234567890123"},
                    Address{"https://item.jd.com/100012043978.html#crumb-wrap", "jd", kProduct, "product", "product.number", "100012043978"},
                    Address{"https://item.m.jd.com/product/100012043978.html?sid=1", "jd", kProduct, "product", "product.number", "100012043978"},
                    Address{"https://mall.jd.com/index-1000003112.html", "jd", kShop, "shop", "shop.id", "1000003112"},
                    Address{"https://details.jd.com/normal/item.action?orderid=298765432101&PassKey=x", "jd", kOrder, "order", "order.no", "298765432101"},
                    Address{"https://mobile.yangkeduo.com/goods.html?goods_id=583920174622&_oak=1", "pinduoduo", kProduct, "product", "product.number", "583920174622"},
                    Address{"https://mobile.yangkeduo.com/goods2.html?goods_id=583920174622", "pinduoduo", kProduct, "product", "product.number", "583920174622"},
                    Address{"https://mobile.yangkeduo.com/order.html?order_sn=240506-123456789012345", "pinduoduo", kOrder, "order", "order.no", "240506-123456789012345"},
                    Address{"https://haohuo.jinritemai.com/ecommerce/trade/detail/index.html?id=3689123456789012345", "douyin", kProduct, "product", "product.number", "3689123456789012345"},
                    Address{"https://detail.1688.com/offer/712345678901.html?spm=1", "1688", kProduct, "product", "product.number", "712345678901"},
                    Address{"https://product.suning.com/0071234567/12345678901.html", "suning", kProduct, "product", "product.number", "12345678901"},
                    Address{"https://product.suning.com/0071234567/12345678901.html", "suning", kProduct, "product", "shop.id", "0071234567"}));

// Twins: another host that only ends alike, an id that is none, a path of another form.
INSTANTIATE_TEST_SUITE_P(
    NotTheForm, KnownAddress,
    testing::Values(Address{"https://item.taobao.com.evil.example/item.htm?id=1", "generic", kProduct, "product", "product.number", "absent"},
                    Address{"https://notjd.com/100012043978.html", "generic", kProduct, "product", "product.number", "absent"},
                    Address{"https://item.taobao.com/item.htm?id=12%3Cscript%3E", "taobao", kProduct, "product", "product.number", "absent"},
                    Address{"https://item.taobao.com/item.htm?xid=12", "taobao", kProduct, "product", "product.number", "absent"},
                    Address{"https://item.jd.com/100012043978", "jd", kProduct, "product", "product.number", "absent"},
                    Address{"https://item.jd.com/.html", "jd", kProduct, "product", "product.number", "absent"}));

TEST(KnownPlatform, TellsWhatIsMissingAndGuessesNothing) {
  const Facts facts = read("<html><body><div>¥39.90</div></body></html>", "https://item.jd.com/100012043978.html");
  EXPECT_EQ(facts.kind, "product");
  EXPECT_EQ(value(facts, "product.number"), "100012043978");
  EXPECT_EQ(value(facts, "product.title"), "absent");
  EXPECT_EQ(facts.missing, (std::vector<std::string>{"product.title", "shop.name"}));
}

TEST(KnownPlatform, ACaptchaUnderAProductsAddressIsNoProduct) {
  const Facts facts = read("<html><body><p>请拖动滑块完成验证</p></body></html>", "https://item.jd.com/100012043978.html");
  EXPECT_EQ(facts.kind, "other");
  EXPECT_EQ(value(facts, "product.number"), "absent");
}

TEST(KnownPlatform, AnotherNumberOnThePageIsAConflict) {
  const Facts facts = read("<html><body><h1>干红枣 500g 特级</h1><p>商品编号：100012043979</p><p>售价：¥39.90</p><button>加入购物车</button></body></html>", "https://item.jd.com/100012043978.html");
  EXPECT_EQ(value(facts, "product.number"), "100012043979");
  ASSERT_EQ(facts.conflicts.size(), 1u);
  EXPECT_EQ(facts.conflicts[0].structured, "100012043978");
}

TEST(ListOfOrders, GivesEachItsNumberAndAmount) {
  const char* boxes =
      "<html><head><title>我的订单</title></head><body><div class=o><p>订单号：2405060001</p><p>干红枣</p><p>实付款：¥39.90</p></div>"
      "<div class=o><p>订单号：2405060002</p><p>合计：<b>￥1,120.50</b></p></div></body></html>";
  const Facts facts = read(boxes, "https://mall.example/orders");
  EXPECT_EQ(facts.kind, "order");
  ASSERT_EQ(facts.orders.size(), 2u);
  EXPECT_EQ(facts.orders[0].order_no, "2405060001");
  EXPECT_EQ(facts.orders[0].paid_minor, 3990);
  EXPECT_EQ(facts.orders[1].payable_minor, 112050);
  EXPECT_EQ(value(facts, "order.no"), "absent");  // of the page itself there is none
}

TEST(ListOfOrders, ReadsATableToo) {
  const char* table =
      "<html><head><title>我的订单</title></head><body><table><tr><td>订单号</td><td>下单时间</td><td>订单总金额</td><td>订单状态</td></tr>"
      "<tr><td><a href='#'>2009061909851</a></td><td>2009-06-19 10:00:01</td><td>￥3020.00元</td><td>已确认</td></tr>"
      "<tr><td><a href='#'>2009061909852</a></td><td>2009-06-20 10:00:01</td><td>￥15.00元</td><td>已取消</td></tr></table></body></html>";
  const Facts facts = read(table, "https://mall.example/user.php");
  EXPECT_EQ(facts.kind, "order");
  ASSERT_EQ(facts.orders.size(), 2u);
  EXPECT_EQ(facts.orders[0].order_no, "2009061909851");
  EXPECT_EQ(facts.orders[0].payable_minor, 302000);
  EXPECT_EQ(facts.orders[1].placed_at, "2009-06-20 10:00:01");
}

TEST(ListOfOrders, OneOrderIsThePagesOwn) {
  const Facts facts = read("<html><head><title>订单详情</title></head><body><p>订单编号：2405060001</p><p>商品总额：¥45.90</p><p>运费：¥6.00</p><p>合计：¥51.90</p></body></html>", "");
  EXPECT_TRUE(facts.orders.empty());
  EXPECT_EQ(value(facts, "order.no"), "2405060001");
  EXPECT_EQ(value(facts, "order.payable"), "5190");
}

TEST(ShopName, ALookAlikeIsTold) {
  for (const char* name : {"云岭旗靓店", "云岭官方旗见店", "云岭棋舰店", "云岭旗舰居", "云岭专买店", "云岭自菅店"}) EXPECT_EQ(odd_shop_name(name), "look-alike-shop-name") << name;
  EXPECT_EQ(odd_shop_name("云岭旗\xe2\x80\x8b舰店"), "hidden-characters-in-shop-name");
}

TEST(ShopName, AnHonestOneIsNot) {
  for (const char* name : {"云岭旗舰店", "云岭官方旗舰店", "云岭旗艦店", "云岭专卖店", "云岭专营店", "云岭专门店", "茶叶直营店", "手机经营店", "红旗书店", "国旗店", "小卖店", "某某店", "", "Ｃ店"})
    EXPECT_EQ(odd_shop_name(name), "") << name;
}

constexpr const char* kList =
    "<html><head><title>红枣-搜索结果</title></head><body><ul><li class=i><a href='//item.jd.com/100012043978.html'>干红枣 500g 特级</a><b>¥29.90</b></li>"
    "<li class=i><a href='//item.jd.com/100012043979.html'>灰枣 500g 特级</a><b>¥19.90</b></li><li class=i><a href='//item.jd.com/100012043980.html'>骏枣 500g 特级</a><b>¥25.00</b></li></ul></body></html>";

TEST(PriceTrail, AListThatIsCheaperThanTheProductsPageIsTold) {
  const Facts list = read(kList, "https://search.jd.com/Search?keyword=%E7%BA%A2%E6%9E%A3");
  EXPECT_EQ(value(list, "search.text"), "红枣");
  ASSERT_EQ(list.products.size(), 3u);
  EXPECT_EQ(list.products[0].title, "干红枣 500g 特级");
  EXPECT_EQ(list.products[0].price_minor, 2990);
  PriceTrail trail;
  const std::string url = "https://item.jd.com/100012043978.html?x=1";
  EXPECT_TRUE(trail.observe(list, "").empty());
  EXPECT_EQ(trail.observe(read(kProduct, url), url), std::vector<std::string>{"list-price-below-detail"});  // 29.90 against 39.90
}

TEST(PriceTrail, TheSamePriceAnotherProductOrNoListIsNot) {
  PriceTrail trail;
  const std::string url = "https://item.jd.com/100012043978.html", other = "https://item.jd.com/200012043978.html";
  EXPECT_TRUE(trail.observe(read(kProduct, url), url).empty());
  trail.observe(read(kList, "https://search.jd.com/Search?keyword=a"), "");
  EXPECT_TRUE(trail.observe(read(kProduct, other), other).empty());
  const char* same = "<html><body><h1>灰枣 500g 特级</h1><p>售价：¥19.90</p><button>加入购物车</button></body></html>";
  EXPECT_TRUE(trail.observe(read(same, "https://item.jd.com/100012043979.html"), "https://item.jd.com/100012043979.html").empty());
}

TEST(PriceTrail, AnOrderThatIsDearerThanTheProductsPageIsTold) {
  PriceTrail trail;
  trail.observe(read(kProduct, "https://mall.example/1"), "https://mall.example/1");
  Facts order;
  order.kind = "order";
  order.lines = {{"干红枣 500g 特级", "", 1, 3990}};
  EXPECT_TRUE(trail.observe(order, "").empty());
  order.lines[0].unit_minor = 4990;
  EXPECT_EQ(trail.observe(order, ""), std::vector<std::string>{"order-price-above-detail"});
}

TEST(ProductKey, NamesTheProductOrNothing) {
  EXPECT_EQ(product_key("https://item.jd.com/100012043978.html#a"), "100012043978");
  EXPECT_EQ(product_key("https://mall.example/goods.php?id=42&x=1"), "mall.example:42");
  EXPECT_EQ(product_key("https://mall.example/goods/42.html"), "mall.example:42");
  EXPECT_EQ(product_key("https://mall.example/about"), "");
  EXPECT_EQ(product_key("mall"), "");
}

}  // namespace
}  // namespace netsampler
