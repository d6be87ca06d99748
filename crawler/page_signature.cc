#include "crawler/page_signature.h"

#include <algorithm>

namespace netsampler {
namespace {

const Json& at(const Json& object, const char* key) {
  static const Json nothing;
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() ? *found : nothing;
}

std::string string_at(const Json& strings, const Json& index) {
  if (!index.is_number_integer() || !strings.is_array()) return "";
  const auto i = index.get<std::int64_t>();
  if (i < 0 || i >= static_cast<std::int64_t>(strings.size()) || !strings[static_cast<std::size_t>(i)].is_string()) return "";
  return strings[static_cast<std::size_t>(i)].get<std::string>();
}

class Summary {
 public:
  void add(const std::string& text) {
    std::string words = text;
    words.erase(std::remove_if(words.begin(), words.end(), [](char c) { return c >= '0' && c <= '9'; }), words.end());
    all_.update(as_bytes(text + '\n'));
    words_.update(as_bytes(words + '\n'));
  }
  void add_indices(const char* what, const Json& indices) {
    all_.update(as_bytes(what + print(indices) + "\n"));
    words_.update(as_bytes(what + print(indices) + "\n"));
  }
  void finish(PageSignature& into) { into.all = all_.finish(), into.words = words_.finish(); }

 private:
  Hasher all_{HashKind::sha256}, words_{HashKind::sha256};
};

void add_document(Summary& summary, const Json& document, const Json& strings) {
  const Json& text = at(at(document, "layout"), "text");
  for (std::size_t i = 0; text.is_array() && i < text.size(); ++i)
    if (const std::string line = string_at(strings, text[i]); !line.empty()) summary.add(line);
  const Json& nodes = at(document, "nodes");
  const Json& typed = at(at(nodes, "inputValue"), "value");
  for (std::size_t i = 0; typed.is_array() && i < typed.size(); ++i) summary.add("=" + string_at(strings, typed[i]));
  summary.add_indices("ticked", at(at(nodes, "inputChecked"), "index"));
  summary.add_indices("chosen", at(at(nodes, "optionSelected"), "index"));
}

}  // namespace

std::string without_fragment(const std::string& url) { return url.substr(0, url.find('#')); }

Result<PageSignature> signature_of(const Json& snapshot) {
  const Json& documents = at(snapshot, "documents");
  const Json& strings = at(snapshot, "strings");
  if (!documents.is_array() || documents.empty()) return fail(ErrorKind::invalid, "a snapshot without a document");
  PageSignature signature;
  signature.url = string_at(strings, at(documents[0], "documentURL"));
  signature.title = string_at(strings, at(documents[0], "title"));
  Summary summary;
  for (const Json& document : documents) add_document(summary, document, strings);
  summary.finish(signature);
  return signature;
}

Seen compare(const PageSignature& before, const PageSignature& after) {
  if (before.url != after.url || before.words != after.words) return Seen::news;
  return before.all == after.all ? Seen::nothing_new : Seen::digits;
}

}  // namespace netsampler
