// What a snapshot shows, boiled down so that two of them can be compared: the laid-out text, what is typed, ticked and chosen.
// Pictures, colours and classes do not count.
#pragma once
#include <string>

#include "crawler/page_quiet.h"
#include "evidence/base/crypto.h"
#include "evidence/base/json.h"

namespace netsampler {

struct PageSignature {
  std::string url, title;  // of the main document, as the snapshot gives them
  Hash words{};            // digits left out
  Hash all{};
};

// `snapshot`: the result of DOMSnapshot.captureSnapshot. `invalid` where it has no main document.
Result<PageSignature> signature_of(const Json& snapshot);
// news: another address or other words; digits: only digits differ.
Seen compare(const PageSignature& before, const PageSignature& after);
std::string without_fragment(const std::string& url);

}  // namespace netsampler
