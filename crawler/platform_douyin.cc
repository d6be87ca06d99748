// Douyin shops: forms of addresses as publicly known. Live pages were never reached from where this was written; what a page shows is read
// by the generic reader.
#include <array>

#include "crawler/platform.h"
#include "crawler/platform_url.h"

namespace netsampler {
namespace {

constexpr std::array<UrlForm, 6> kForms{{
    {"product", "haohuo.jinritemai.com", "/ecommerce/trade/detail/*", "!id=product.number"},
    {"product", "haohuo.jinritemai.com", "/views/product/item*", "!id=product.number"},
    {"product", "haohuo.jinritemai.com", "/views/product/detail*", "!id=product.number"},
    {"shop", "haohuo.jinritemai.com", "/views/shop/*", "!id=shop.id"},
    {"order", "haohuo.jinritemai.com", "/views/order/detail*", "!id=order.no"},
    {"order", "haohuo.jinritemai.com", "/views/order/*", ""},
}};

}  // namespace

Facts read_douyin(const Page& page, const std::string& url) { return read_with_forms(page, url, kForms); }

}  // namespace netsampler
