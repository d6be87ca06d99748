#include "crawler/frame_snapshot.h"

#include <map>

namespace netsampler {
namespace {

// Members of a document whose numbers are places in `strings`, wherever they stand in it.
bool names_strings(const std::string& key) {
  static constexpr std::string_view kNames[] = {"documentURL", "title", "baseURL", "contentLanguage", "encodingName", "publicId", "systemId",
                                                "frameId", "nodeName", "nodeValue", "attributes", "styles", "text"};
  for (const auto name : kNames)
    if (key == name) return true;
  return false;
}

// Sparse tables {index: nodes, value: places in `strings`}.
bool is_table_of_strings(const std::string& key) {
  static constexpr std::string_view kNames[] = {"shadowRootType", "textValue", "inputValue", "pseudoType", "pseudoIdentifier",
                                                "currentSourceURL", "originURL"};
  for (const auto name : kNames)
    if (key == name) return true;
  return false;
}

void move_numbers(Json& value, std::int64_t by) {
  if (value.is_array()) {
    for (Json& each : value) move_numbers(each, by);
  } else if (value.is_number_integer() && value.get<std::int64_t>() >= 0) {
    value = value.get<std::int64_t>() + by;
  }
}

void move_table(Json& table, std::int64_t by) {
  if (table.is_object() && table.contains("value")) move_numbers(table["value"], by);
}

void move_document(Json& document, std::int64_t strings, std::int64_t documents) {
  if (!document.is_object()) return;
  for (auto& [key, value] : document.items()) {
    if (names_strings(key)) move_numbers(value, strings);
    else if (is_table_of_strings(key)) move_table(value, strings);
    else if (key == "contentDocumentIndex") move_table(value, documents);
    else if (key == "nodes" || key == "layout") move_document(value, strings, documents);
  }
}

bool is_snapshot(const Json& value) {
  return value.is_object() && value.contains("documents") && value["documents"].is_array() && !value["documents"].empty() &&
         value.contains("strings") && value["strings"].is_array();
}

// True where `document` holds the node; its contentDocumentIndex then names `number`.
bool hang_below(Json& document, std::int64_t node, std::size_t number) {
  if (!document.is_object() || !document.contains("nodes") || !document["nodes"].is_object()) return false;
  Json& nodes = document["nodes"];
  if (!nodes.contains("backendNodeId") || !nodes["backendNodeId"].is_array()) return false;
  const Json& ids = nodes["backendNodeId"];
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!ids[i].is_number_integer() || ids[i].get<std::int64_t>() != node) continue;
    Json& table = nodes["contentDocumentIndex"];
    if (!table.is_object() || !table.contains("index") || !table.contains("value")) table = {{"index", Json::array()}, {"value", Json::array()}};
    table["index"].push_back(i);
    table["value"].push_back(number);
    return true;
  }
  return false;
}

void append(Json& to, Json& from) {
  for (Json& each : from) to.push_back(std::move(each));
}

}  // namespace

int join_frames(Json& whole, const std::string& main, std::vector<FrameSnapshot> parts) {
  if (!is_snapshot(whole)) return 0;
  std::map<std::string, std::pair<std::size_t, std::size_t>> places;  // session → its documents, from and behind
  places[main] = {0, whole["documents"].size()};
  int joined = 0;
  for (FrameSnapshot& part : parts) {
    if (!is_snapshot(part.snapshot)) continue;
    Json& documents = whole["documents"];
    const std::size_t first = documents.size(), strings = whole["strings"].size();
    for (Json& document : part.snapshot["documents"])
      move_document(document, static_cast<std::int64_t>(strings), static_cast<std::int64_t>(first));
    append(documents, part.snapshot["documents"]);
    append(whole["strings"], part.snapshot["strings"]);
    const auto [from, behind] = places[part.parent_session];
    for (std::size_t i = from; i < behind && part.owner_node != 0; ++i)
      if (hang_below(documents[i], part.owner_node, first)) break;
    places[part.session] = {first, documents.size()};
    ++joined;
  }
  return joined;
}

}  // namespace netsampler
