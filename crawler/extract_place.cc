#include "crawler/extract_place.h"

#include <algorithm>
#include <array>

namespace netsampler {
namespace {

constexpr std::size_t kNear = 12, kFar = 40;  // blocks
constexpr int kLevels = 14;                   // ancestors whose names are read
constexpr std::size_t kLongText = 80;         // code points: a sentence, no price tag

const PageNode& node_at(const PageView& view, int index) { return view.page.nodes[static_cast<std::size_t>(index)]; }

// The words of class and id: "product__price-now" → product price now; "relatedItems" → related items.
std::vector<std::string> name_words(const PageNode& node) {
  std::vector<std::string> words(1);
  const std::string names = attribute_or(node, "class", "") + " " + attribute_or(node, "id", "");
  for (std::size_t i = 0; i < names.size() && i < 400; ++i) {
    const char c = names[i];
    const bool upper = c >= 'A' && c <= 'Z', letter = upper || (c >= 'a' && c <= 'z');
    const bool hump = upper && i > 0 && names[i - 1] >= 'a' && names[i - 1] <= 'z';
    if ((!letter || hump) && !words.back().empty()) words.emplace_back();
    if (letter) words.back() += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return words;
}

template <class List>
bool names_one_of(const std::vector<std::string>& words, const List& list) {
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) { return std::find(list.begin(), list.end(), word) != list.end(); });
}

// Of other goods, or of money that is not the price.
constexpr std::array<std::string_view, 46> kOthers{
    "minicart", "related", "upsell", "upsells", "crosssell", "crosssells", "recommend", "recommended", "recommendation", "recommendations", "recommender", "similar", "recently", "viewed",
    "shipping", "delivery", "freight", "postage", "installment", "installments", "instalment", "instalments", "klarna", "afterpay", "affirm", "clearpay", "saving", "savings", "save", "saved",
    "accessory", "accessories", "bundle", "bundles", "review", "reviews", "footer", "newsletter", "breadcrumb", "breadcrumbs", "addon", "addons", "warranty", "subtotal", "compare", "bestsellers"};
constexpr std::array<std::string_view, 2> kCart{"cart", "basket"};
constexpr std::array<std::string_view, 14> kCornerOfCart{"mini", "side", "drawer", "header", "total", "totals", "summary", "shopping", "top", "count", "preview", "popup", "empty", "widget"};
constexpr std::array<std::string_view, 6> kPrices{"price", "prices", "pricing", "money", "prix", "preis"};

bool is_elsewhere(const std::vector<std::string>& words) {
  if (names_one_of(words, kOthers)) return true;
  return names_one_of(words, kCart) && names_one_of(words, kCornerOfCart);
}

std::size_t title_block(const PageView& view) {
  for (std::size_t i = 0; i < view.blocks.size(); ++i)
    if (enclosing(view.page, view.blocks[i].element, {"h1"}) >= 0 && code_points(text_of(view, i)) >= 3) return i;
  const std::string title = fold(view.page.title);
  for (std::size_t i = 0; i < view.blocks.size(); ++i)
    if (code_points(text_of(view, i)) >= 6 && !view.aside[i] && title.find(trim(text_of(view, i))) != std::string::npos) return i;
  return PagePlaces::kNowhere;
}

int near_title(const PagePlaces& places, std::size_t block) {
  if (places.title == PagePlaces::kNowhere) return 0;
  if (block + kNear < places.title) return -15;
  if (block < places.title) return 5;
  const std::size_t distance = block - places.title;
  if (distance <= kNear) return 25;
  return distance <= kFar ? 12 : -5;
}

}  // namespace

bool named_as_title(const PageView& view, int element) {
  constexpr std::array<std::string_view, 4> kTitles{"title", "tit", "name", "introduce"};
  constexpr std::array<std::string_view, 9> kGoods{"goods", "product", "prod", "item", "detail", "sku", "commodity", "spu", "introduce"};
  if (element < 0 || !names_one_of(name_words(node_at(view, element)), kTitles)) return false;
  for (int level = 0; level < 4 && element >= 0; ++level, element = node_at(view, element).parent)
    if (names_one_of(name_words(node_at(view, element)), kGoods)) return true;
  return false;
}

bool named_as_former(const PageView& view, std::size_t block, std::size_t begin) {
  constexpr std::array<std::string_view, 19> kFormer{"market", "original", "origin", "ori", "old", "was", "rrp", "msrp", "regular", "compare", "before", "former", "previous", "strike", "crossed", "through", "del", "uvp", "ot"};
  constexpr std::array<std::string_view, 7> kCurrent{"special", "sale", "final", "current", "now", "discounted", "offer"};
  for (const TextPiece& piece : view.blocks[block].pieces) {
    if (begin < piece.begin || begin >= piece.end) continue;
    int at = node_at(view, piece.node).parent;
    for (int level = 0; level < 3 && at >= 0; ++level, at = node_at(view, at).parent) {
      const auto words = name_words(node_at(view, at));
      if (names_one_of(words, kCurrent)) return false;
      if (names_one_of(words, kFormer)) return true;
    }
  }
  return false;
}

bool invites_to_buy(std::string_view folded) {
  if (code_points(folded) > 32) return false;
  if (contains_any(folded, {"加入购物车", "立即购买", "立即抢购", "马上抢", "发起拼单", "单独购买", "领券购买", "加购物车", "カートに入れる", "カートへ", "장바구니", "구매하기", "В корзину", "в корзину", "Купить", "До кошика", "Купити",
                            "Καλάθι", "καλάθι", "أضف إلى", "הוסף לסל", "ใส่ตะกร้า", "หยิบใส่", "Giỏ hàng", "giỏ hàng", "MUA NGAY"}))
    return true;
  const std::string text = lower_ascii(folded);
  for (const char* words : {"add to cart", "add to bag", "add to basket", "add to trolley", "buy now", "buy it now", "add to order", "in den warenkorb", "in den einkaufswagen", "jetzt kaufen", "ajouter au panier", "acheter",
                            "añadir al carrito", "añadir a la cesta", "agregar al carrito", "añadir a la bolsa", "comprar", "aggiungi al carrello", "acquista", "adicionar ao carrinho", "in winkelwagen", "in winkelmand", "toevoegen aan winkelwagen",
                            "lägg i varukorg", "lägg i kundvagn", "köp", "legg i handlekurv", "læg i kurv", "føj til kurv", "lisää ostoskoriin", "do koszyka", "dodaj do koszyka", "kup teraz", "do košíku", "vložit do košíku", "do košíka", "kosárba", "adaugă în coș", "adauga in cos",
                            "sepete ekle", "tambah ke keranjang", "tambahkan ke keranjang", "beli sekarang", "dodaj u košaricu", "dodaj v košarico", "pre-order", "preorder"})
    if (text.find(words) != std::string::npos) return true;
  return false;
}

PagePlaces find_places(const PageView& view) {
  PagePlaces places{title_block(view), PagePlaces::kNowhere};
  const std::size_t from = places.title == PagePlaces::kNowhere ? 0 : places.title;
  for (std::size_t i = from; i < view.blocks.size() && places.buy == PagePlaces::kNowhere; ++i)
    if (invites_to_buy(text_of(view, i))) places.buy = i;
  return places;
}

int place_points(const PageView& view, const PagePlaces& places, std::size_t block) {
  int points = near_title(places, block);
  bool priced = false;
  int at = view.blocks[block].element;
  for (int level = 0; level < kLevels && at >= 0; ++level, at = node_at(view, at).parent) {
    const PageNode& node = node_at(view, at);
    if (node.tag == "body" || node.tag == "html") break;
    const auto words = name_words(node);
    if (is_elsewhere(words)) return kNotHere;
    if (level < 4 && (names_one_of(words, kPrices) || attribute_or(node, "itemprop", "") == "price")) priced = true;
  }
  if (priced) points += 20;
  if (places.buy != PagePlaces::kNowhere && block < places.buy && block + kNear >= places.buy) points += 8;
  if (code_points(text_of(view, block)) > kLongText) points -= 30;
  return points + std::min(view.blocks[block].font_size_px, 60);
}

}  // namespace netsampler
