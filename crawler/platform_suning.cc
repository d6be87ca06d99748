// Suning: forms of addresses as publicly known. Live pages were never reached from where this was written; what a page shows is read
// by the generic reader.
#include <array>

#include "crawler/platform.h"
#include "crawler/platform_url.h"

namespace netsampler {
namespace {

constexpr std::array<UrlForm, 9> kForms{{
    {"product", "product.suning.com", "/{shop.id}/{product.number}.html", ""},
    {"product", "m.suning.com", "/product/{shop.id}/{product.number}.html", ""},
    {"shop", "shop.suning.com", "/{shop.id}/index.html", ""},
    {"shop", "shop.m.suning.com", "/{shop.id}.html", ""},
    {"search", "search.suning.com", "/*/", ""},
    {"order", "order.suning.com", "/*etail*", "!orderId=order.no"},
    {"order", "order.suning.com", "/*", ""},
    {"payment", "payment.suning.com", "/*", ""},
    {"payment", "cashier.suning.com", "/*", ""},
}};

}  // namespace

Facts read_suning(const Page& page, const std::string& url) { return read_with_forms(page, url, kForms); }

}  // namespace netsampler
