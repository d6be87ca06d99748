// Pinduoduo: forms of addresses as publicly known. Live pages were never reached from where this was written; what a page shows is read
// by the generic reader.
#include <array>

#include "crawler/platform.h"
#include "crawler/platform_url.h"

namespace netsampler {
namespace {

constexpr std::array<UrlForm, 13> kForms{{
    {"product", "mobile.yangkeduo.com", "/goods*.html", "!goods_id=product.number&sku_id=product.sku"},
    {"product", "mobile.pinduoduo.com", "/goods*.html", "!goods_id=product.number&sku_id=product.sku"},
    {"shop", "mobile.yangkeduo.com", "/mall_page.html", "!mall_id=shop.id"},
    {"shop", "mobile.pinduoduo.com", "/mall_page.html", "!mall_id=shop.id"},
    {"search", "mobile.yangkeduo.com", "/search_result.html", "!search_key=search.text"},
    {"search", "mobile.pinduoduo.com", "/search_result.html", "!search_key=search.text"},
    {"order", "mobile.yangkeduo.com", "/order.html", "!order_sn=order.no"},
    {"order", "mobile.pinduoduo.com", "/order.html", "!order_sn=order.no"},
    {"order", "mobile.yangkeduo.com", "/orders.html", ""},
    {"order", "mobile.pinduoduo.com", "/orders.html", ""},
    {"order", "mobile.yangkeduo.com", "/order_checkout.html", ""},
    {"logistics", "mobile.yangkeduo.com", "/goods_express.html", "order_sn=order.no"},
    {"chat", "mobile.yangkeduo.com", "/chat_detail.html", ""},
}};

}  // namespace

Facts read_pinduoduo(const Page& page, const std::string& url) { return read_with_forms(page, url, kForms); }

}  // namespace netsampler
