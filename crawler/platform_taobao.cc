// Taobao and Tmall: forms of addresses as publicly known. Live pages were never reached from where this was written; what a page shows is read
// by the generic reader.
#include <array>

#include "crawler/platform.h"
#include "crawler/platform_url.h"

namespace netsampler {
namespace {

constexpr std::array<UrlForm, 23> kForms{{
    {"product", "item.taobao.com", "/item.htm", "!id=product.number&skuId=product.sku"},
    {"product", "detail.tmall.com", "/item.htm", "!id=product.number&skuId=product.sku"},
    {"product", "*detail.tmall.com", "/item.htm", "!id=product.number&skuId=product.sku"},
    {"product", "detail.tmall.hk", "/*item.htm", "!id=product.number&skuId=product.sku"},
    {"product", "detail.m.tmall.com", "/item.htm", "!id=product.number&skuId=product.sku"},
    {"product", "*.m.taobao.com", "/*detail*", "!id=product.number&skuId=product.sku"},
    {"product", "m.intl.taobao.com", "/detail/detail.html", "!id=product.number"},
    {"product", "a.m.taobao.com", "/i{product.number}.htm", ""},
    {"search", "s.taobao.com", "/search*", "!q=search.text"},
    {"search", "list.tmall.com", "/search_product.htm", "!q=search.text"},
    {"order", "buyertrade.taobao.com", "/trade/itemlist/*", ""},
    {"order", "trade.taobao.com", "/trade/detail/trade_*", "!bizOrderId=order.no"},
    {"order", "trade.taobao.com", "/trade/detail/trade_*", "!biz_order_id=order.no"},
    {"order", "trade.tmall.com", "/detail/orderDetail.htm", "!bizOrderId=order.no"},
    {"order", "trade.tmall.com", "/detail/orderDetail.htm", "!biz_order_id=order.no"},
    {"order", "buy.taobao.com", "/*", ""},
    {"order", "buy.tmall.com", "/*", ""},
    {"logistics", "wuliu.taobao.com", "/*", "trade_id=order.no"},
    {"licence", "zhaoshang.tmall.com", "/maintaininfo/liangzhao.htm", ""},
    {"shop", "shop{shop.id}.taobao.com", "*", ""},
    {"shop", "store.taobao.com", "/shop/*", "user_number_id=shop.id"},
    {"shop", "*.tmall.com", "/shop/view_shop.htm", "user_number_id=shop.id"},
    {"shop", "*.taobao.com", "/shop/view_shop.htm", "user_number_id=shop.id"},
}};

}  // namespace

Facts read_taobao(const Page& page, const std::string& url) { return read_with_forms(page, url, kForms); }

}  // namespace netsampler
