// Secrets in texts of unknown form: what stands behind a name like token, password or cookie in JSON, a query or a form. Pure.
#pragma once
#include <string>
#include <string_view>

namespace netsampler {

// `{"token":"abc","x":1}` → `{"token":"withheld","x":1}`; `a=1&access_token=abc` → `a=1&access_token=withheld`. Also within JSON inside JSON
// (escaped quotes). It would rather take too much than too little; other text stays byte for byte.
std::string masked(std::string_view text);

}  // namespace netsampler
