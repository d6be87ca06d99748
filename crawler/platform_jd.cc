// JD: forms of addresses as publicly known. Live pages were never reached from where this was written; what a page shows is read
// by the generic reader.
#include <array>

#include "crawler/platform.h"
#include "crawler/platform_url.h"

namespace netsampler {
namespace {

constexpr std::array<UrlForm, 19> kForms{{
    {"product", "item.jd.com", "/{product.number}.html", ""},
    {"product", "item.jd.hk", "/{product.number}.html", ""},
    {"product", "npcitem.jd.hk", "/{product.number}.html", ""},
    {"product", "*item.jd.com", "/{product.number}.html", ""},
    {"product", "item.m.jd.com", "/product/{product.number}.html", ""},
    {"product", "item.m.jd.com", "/ware/view.action", "!wareId=product.number"},
    {"search", "search.jd.com", "/Search*", "!keyword=search.text"},
    {"search", "so.m.jd.com", "/*", "!keyword=search.text"},
    {"licence", "mall.jd.com", "/showLicence-{shop.id}.html", ""},
    {"shop", "mall.jd.com", "/index-{shop.id}.html", ""},
    {"shop", "mall.jd.com", "/shopLevel-{shop.id}.html", ""},
    {"shop", "shop.m.jd.com", "/*", "!shopId=shop.id"},
    {"order", "order.jd.com", "/center/list.action", ""},
    {"order", "details.jd.com", "/*item.action", "!orderid=order.no"},
    {"order", "trade.jd.com", "/shopping/order/*", ""},
    {"payment", "pcashier.jd.com", "/*", "orderId=order.no"},
    {"payment", "cashier.jd.com", "/*", "orderId=order.no"},
    {"chat", "chat.jd.com", "/*", ""},
    {"chat", "jdcs.jd.com", "/*", ""},
}};

}  // namespace

Facts read_jd(const Page& page, const std::string& url) { return read_with_forms(page, url, kForms); }

}  // namespace netsampler
