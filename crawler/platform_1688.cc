// 1688: forms of addresses as publicly known. Live pages were never reached from where this was written; what a page shows is read
// by the generic reader.
#include <array>

#include "crawler/platform.h"
#include "crawler/platform_url.h"

namespace netsampler {
namespace {

constexpr std::array<UrlForm, 10> kForms{{
    {"product", "detail.1688.com", "/offer/{product.number}.html", "skuId=product.sku"},
    {"product", "m.1688.com", "/offer/{product.number}.html", "skuId=product.sku"},
    {"product", "detail.m.1688.com", "/*", "!offerId=product.number"},
    {"search", "s.1688.com", "/selloffer/*", "!keywords=search.text"},
    {"order", "trade.1688.com", "/order/*detail*", "!orderId=order.no"},
    {"order", "trade.1688.com", "/order/*", ""},
    {"order", "order.1688.com", "/*", ""},
    {"licence", "*.1688.com", "/page/creditdetail.htm", ""},
    {"shop", "shop{shop.id}.1688.com", "*", ""},
    {"shop", "{shop.id}.1688.com", "/page/*", ""},
}};

}  // namespace

Facts read_alibaba_1688(const Page& page, const std::string& url) { return read_with_forms(page, url, kForms); }

}  // namespace netsampler
