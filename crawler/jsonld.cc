#include "crawler/jsonld.h"

#include <algorithm>
#include <array>

#include "crawler/dom_text.h"
#include "crawler/jsonld_microdata.h"

namespace netsampler {
namespace {

constexpr JsonLimits kScriptLimits{2u << 20, 64};
constexpr std::size_t kMaxItems = 500;

constexpr std::array<std::string_view, 8> kOtherThings{"itemListElement", "isRelatedTo", "isSimilarTo",   "isAccessoryOrSparePartFor",
                                                       "review",          "reviews",     "hasVariant", "isConsumableFor"};

void open_item(const Json& value, std::vector<StructuredItem>& items) {
  if (items.size() >= kMaxItems) return;
  if (value.is_array()) {
    for (const Json& each : value) open_item(each, items);
    return;
  }
  if (!value.is_object()) return;
  if (value.contains("@type")) items.push_back({value, "jsonld"});
  if (const auto graph = value.find("@graph"); graph != value.end()) open_item(*graph, items);
}

// As shops write it: wrapped in a comment or CDATA, with line breaks inside strings.
std::string plain_script(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  if (const std::size_t data = text.find("<![CDATA["); data != std::string::npos) {
    text.erase(0, data + std::string_view("<![CDATA[").size());
    if (const std::size_t end = text.rfind("]]>"); end != std::string::npos) text.resize(end);
  }
  const std::size_t first = text.find_first_of("{["), last = text.find_last_of("}]");
  return first == std::string::npos || last == std::string::npos || last < first ? text : text.substr(first, last - first + 1);
}

void read_scripts(const Page& page, std::vector<StructuredItem>& items) {
  for (std::size_t i = 0; i < page.nodes.size(); ++i) {
    if (page.nodes[i].tag != "script") continue;
    if (lower_ascii(attribute_or(page.nodes[i], "type", "")).find("application/ld+json") == std::string::npos) continue;
    const auto parsed = parse_any(plain_script(text_below(page, static_cast<int>(i))), kScriptLimits);
    if (parsed.ok()) open_item(*parsed, items);
  }
}

std::string text_of(const Json& value) {
  if (value.is_string()) return replace_invalid_utf8(trim(value.get<std::string>()));
  if (value.is_number()) return value.dump();
  if (value.is_array()) return value.empty() ? "" : text_of(value.front());
  if (!value.is_object()) return "";
  for (const char* key : {"@value", "name", "value"})
    if (const auto found = value.find(key); found != value.end() && !found->is_object()) return text_of(*found);
  return "";
}

void collect(const Json& value, std::string_view type, const std::string& from, std::vector<StructuredObject>& found) {
  if (value.is_array()) {
    for (const Json& each : value) collect(each, type, from, found);
    return;
  }
  if (!value.is_object()) return;
  if (is_type(value, type)) found.push_back({&value, from});
  for (const auto& member : value.items())
    if (std::find(kOtherThings.begin(), kOtherThings.end(), member.key()) == kOtherThings.end())
      collect(member.value(), type, from, found);
}

bool names_type(const Json& name, std::string_view type) {
  if (!name.is_string()) return false;
  const std::string& text = name.get_ref<const std::string&>();
  return std::string_view(text).substr(text.find_last_of("/:#") + 1) == type;
}

}  // namespace

std::vector<StructuredItem> structured_items(const Page& page) {
  std::vector<StructuredItem> items;
  read_scripts(page, items);
  read_microdata(page, items);
  read_open_graph(page, items);
  return items;
}

std::string structured_text(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() ? text_of(*found) : "";
}

bool is_type(const Json& object, std::string_view type) {
  const auto found = object.is_object() ? object.find("@type") : object.end();
  if (!object.is_object() || found == object.end()) return false;
  if (!found->is_array()) return names_type(*found, type);
  return std::any_of(found->begin(), found->end(), [&](const Json& each) { return names_type(each, type); });
}

std::vector<StructuredObject> objects_of(const std::vector<StructuredItem>& items, std::string_view type) {
  std::vector<StructuredObject> found;
  for (const StructuredItem& item : items) collect(item.object, type, item.from, found);
  return found;
}

std::vector<const Json*> structured_list(const Json& object, const char* key) {
  std::vector<const Json*> list;
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || found == object.end()) return list;
  if (!found->is_array()) return {&*found};
  for (const Json& each : *found) list.push_back(&each);
  return list;
}

}  // namespace netsampler
