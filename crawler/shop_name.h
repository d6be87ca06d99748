// Names of shops that pretend: a character of "旗舰店" exchanged for a look-alike, or characters that nobody sees.
#pragma once
#include <string>
#include <string_view>

namespace netsampler {

// The code of the warning ("look-alike-shop-name", "hidden-characters-in-shop-name"); empty where nothing is odd.
std::string odd_shop_name(std::string_view raw_name);

}  // namespace netsampler
