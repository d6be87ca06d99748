// Where on a product page an amount stands, and what its surroundings are called: how likely it is the price of the goods.
#pragma once
#include <cstddef>

#include "crawler/extract_view.h"

namespace netsampler {

struct PagePlaces {
  std::size_t title = 0;    // index of the block of the main heading; kNowhere where there is none
  std::size_t buy = 0;      // of the first button that puts the goods into a cart, behind the title; kNowhere where there is none
  static constexpr std::size_t kNowhere = ~std::size_t{0};
};

PagePlaces find_places(const PageView& view);
// Points for the block as the place of the goods' price; kNotHere where its surroundings say that it is something else's (a cart in
// the corner, related goods, shipping, instalments, savings). Class names and ids count as words, never as a shop's own layout.
int place_points(const PageView& view, const PagePlaces& places, std::size_t block);
inline constexpr int kNotHere = -1000;
// Does the box of the text at `begin` call itself the former price ("old-price", "market_price")? A hint only: what is struck by style
// is not known without layout.
bool named_as_former(const PageView& view, std::size_t block, std::size_t begin);
// Do class and id name a product's title ("goods_name", "product-title")?
bool named_as_title(const PageView& view, int element);
// Is the text, or the button's, an invitation to buy ("加入购物车", "Add to cart", "In den Warenkorb")?
bool invites_to_buy(std::string_view folded);

}  // namespace netsampler
