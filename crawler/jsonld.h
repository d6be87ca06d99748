// What a page says about itself to machines: JSON-LD scripts, microdata attributes and Open Graph metas, brought to one form:
// schema.org objects. Not visible, so never more than a second witness. Broken JSON-LD is as good as none.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "crawler/dom.h"

namespace netsampler {

struct StructuredItem {
  Json object;       // with "@type"; nested objects inside
  std::string from;  // jsonld, microdata, opengraph
};

// Top-level items: jsonld first, then microdata, then Open Graph; @graph and arrays opened.
std::vector<StructuredItem> structured_items(const Page& page);

// Members as text: strings trimmed, numbers as written, {"@value"}, {"name"} of an object, the first of an array; empty where none.
std::string structured_text(const Json& object, const char* key);
bool is_type(const Json& object, std::string_view type);  // "Product", with or without https://schema.org/
struct StructuredObject {
  const Json* object = nullptr;
  std::string from;
};
// Objects of a type at any depth, but never below lists and relations to other things (itemListElement, isRelatedTo, review …).
std::vector<StructuredObject> objects_of(const std::vector<StructuredItem>& items, std::string_view type);
// The member itself, or each element where it is an array.
std::vector<const Json*> structured_list(const Json& object, const char* key);

}  // namespace netsampler
