#include "crawler/shop_name.h"

#include <algorithm>
#include <array>
#include <vector>

#include "crawler/dom_text.h"

namespace netsampler {
namespace {

// What official shops are called.
constexpr std::array<std::string_view, 4> kOfficial{"旗舰店", "专卖店", "专营店", "自营店"};

std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> all;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t bytes = std::max<std::size_t>(code_point_bytes(text, at), 1);
    all.push_back(text.substr(at, bytes));
    at += bytes;
  }
  return all;
}

template <class List>
bool lists(const List& list, std::string_view character) {
  return std::find(list.begin(), list.end(), character) != list.end();
}

// Characters that look or sound like one of 旗, 舰, 店, 卖, 营.
constexpr std::array<std::string_view, 12> kLikeFlag{"棋", "期", "其", "奇", "骑", "祺", "旌", "旋", "族", "旅", "施", "琪"};
constexpr std::array<std::string_view, 26> kLikeShip{"靓", "见", "見", "航", "肌", "舤", "艇", "舨", "舱", "般", "船", "舟", "贱", "建", "健", "剑", "间", "件", "艰", "鉴", "监", "帆", "舡", "觇", "规", "现"};
constexpr std::array<std::string_view, 6> kLikeShop{"居", "咕", "坫", "惦", "点", "庄"};
constexpr std::array<std::string_view, 3> kLikeSell{"买", "売", "麦"};
constexpr std::array<std::string_view, 5> kLikeRun{"萱", "菅", "宫", "莹", "赢"};

// One character of the three is a look-alike, the others are right.
bool looks_like(std::string_view word, std::string_view official) {
  const auto a = characters(word), b = characters(official);
  if (a.size() != 3 || b.size() != 3) return false;
  const bool same[] = {a[0] == b[0], a[1] == b[1], a[2] == b[2]};
  if (official == kOfficial[0])
    return (same[1] && same[2] && lists(kLikeFlag, a[0])) || (same[0] && same[2] && lists(kLikeShip, a[1])) || (same[0] && same[1] && lists(kLikeShop, a[2]));
  if (!same[0] || !same[2]) return false;
  return official == kOfficial[1] ? lists(kLikeSell, a[1]) : lists(kLikeRun, a[1]);
}

}  // namespace

std::string odd_shop_name(std::string_view raw_name) {
  if (without_zero_width(raw_name) != replace_invalid_utf8(raw_name)) return "hidden-characters-in-shop-name";
  const std::string name = fold(raw_name);
  const auto all = characters(name);
  for (std::size_t i = 0; i + 2 < all.size(); ++i) {
    const std::string word = std::string(all[i]) + std::string(all[i + 1]) + std::string(all[i + 2]);
    for (std::string_view official : kOfficial)
      if (looks_like(word, official)) return "look-alike-shop-name";
  }
  return "";
}

}  // namespace netsampler
