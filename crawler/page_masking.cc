#include "crawler/page_masking.h"

#include <set>

#include "crawler/mhtml.h"
#include "evidence/web/warc_head.h"

namespace netsampler {
namespace {

constexpr std::size_t kTokenBytes = 16;  // shorter values of cookies and tokens are settings: languages, sizes, numbers

const Json& at(const Json& object, const char* key) {
  static const Json nothing = Json::array();
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() ? *found : nothing;
}

const Json& at(const Json& array, std::size_t i) {
  static const Json nothing = Json::array();
  return array.is_array() && i < array.size() ? array[i] : nothing;
}

// The strings of one snapshot, by index, and which of them stand as text in the page: those are seen anyway.
class Strings {
 public:
  explicit Strings(Json& snapshot) : strings_(snapshot["strings"]) {
    for (const Json& document : at(snapshot, "documents"))
      for (const Json* list : {&at(at(document, "nodes"), "nodeValue"), &at(at(document, "layout"), "text")})
        for (const Json& index : *list)
          if (index.is_number_integer()) seen_.insert(index.get<std::int64_t>());
  }
  bool has(const Json& index) const {
    return index.is_number_integer() && strings_.is_array() && index.get<std::int64_t>() >= 0 &&
           index.get<std::uint64_t>() < strings_.size() && strings_[index.get<std::size_t>()].is_string();
  }
  std::string text(const Json& index) const { return has(index) ? strings_[index.get<std::size_t>()].get<std::string>() : ""; }
  void hide(const Json& index) {
    if (has(index) && seen_.count(index.get<std::int64_t>()) == 0)
      strings_[index.get<std::size_t>()] = std::string(text(index).size(), '*');
  }

 private:
  Json& strings_;
  std::set<std::int64_t> seen_;
};

struct Field {
  bool secret = false;
  const Json* value = nullptr;  // index of its attribute `value`
};

Field field_of(const Strings& strings, const Json& attributes) {
  Field field;
  for (std::size_t i = 0; i + 1 < attributes.size(); i += 2) {
    const std::string name = lower_case(strings.text(attributes[i])), value = lower_case(strings.text(attributes[i + 1]));
    if (name == "value") field.value = &attributes[i + 1];
    field.secret |= name == "type" && value == "password";
    field.secret |= (name == "name" || name == "id") && names_secret(value);
    field.secret |= name == "autocomplete" && (value.ends_with("-password") || value == "one-time-code" || value == "cc-csc");
  }
  return field;
}

void hide(Strings& strings, Secrets& secrets, const Json& index) {
  secrets.add(strings.text(index));
  strings.hide(index);
}

void hide_typed(Strings& strings, Secrets& secrets, const Json& nodes) {
  const Json& typed = at(nodes, "inputValue");
  const Json& index = at(typed, "index");
  for (std::size_t i = 0; index.is_array() && i < index.size(); ++i) {
    if (!index[i].is_number_unsigned()) continue;
    const Field field = field_of(strings, at(at(nodes, "attributes"), index[i].get<std::size_t>()));
    if (!field.secret) continue;
    hide(strings, secrets, at(at(typed, "value"), i));
    if (field.value != nullptr) hide(strings, secrets, *field.value);
  }
}

void add_token(Secrets& secrets, const std::string& value) {
  if (value.size() >= kTokenBytes) secrets.add(value);
}

// "a=1; b=2"
void add_cookies(Secrets& secrets, const std::string& text) {
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find(';', from), text.size());
    const std::size_t equals = text.find('=', from);
    if (equals < end) add_token(secrets, text.substr(equals + 1, end - equals - 1));
    from = end + 1;
  }
}

void learn(Secrets& secrets, const Headers& headers) {
  for (const auto& [name, value] : headers) {
    const std::string key = lower_case(name);
    if (key == "set-cookie") add_cookies(secrets, value.substr(0, value.find(';')));
    else if (key == "cookie") add_cookies(secrets, value);
    else if (names_secret(key)) add_token(secrets, value.substr(value.rfind(' ') + 1));
  }
}

void mask_strings(Json& snapshot, Secrets& secrets) {
  for (Json& text : snapshot["strings"]) {
    if (!text.is_string()) continue;
    auto& whole = text.get_ref<std::string&>();
    if (whole.find("://") != std::string::npos && whole.size() < 8192)
      for (const std::string& value : mask_parameters(whole)) add_token(secrets, value);
    secrets.mask(whole);
  }
}

// Tokens that were learned after the snapshot came. Its text is not masked as it stands: a number in it could be a secret by chance.
void mask_again(std::string& snapshot, Secrets& secrets) {
  std::string probe = snapshot;
  if (secrets.mask(probe) == 0) return;
  auto parsed = parse_any(snapshot);
  if (!parsed.ok()) return;
  mask_strings(*parsed, secrets);
  snapshot = print(*parsed);
}

}  // namespace

void mask_snapshot(Json& snapshot, Secrets& secrets) {
  if (!snapshot.is_object() || !at(snapshot, "strings").is_array()) return;
  Strings strings(snapshot);
  for (const Json& document : at(snapshot, "documents")) hide_typed(strings, secrets, at(document, "nodes"));
  mask_strings(snapshot, secrets);
}

void mask_page(PageArchive& page, Secrets& secrets) {
  for (Exchange& exchange : page.exchanges) {
    learn(secrets, exchange.request_headers);
    learn(secrets, exchange.response_headers);
    for (const std::string& value : mask_parameters(exchange.url)) add_token(secrets, value), exchange.url_masked = true;
  }
  mask_parameters(page.url);
  for (Exchange& exchange : page.exchanges) exchange.url_masked |= secrets.mask(exchange.url) > 0;
  secrets.mask(page.url);
  secrets.mask(page.title);
  mask_again(page.snapshot, secrets);
  std::string saved = unquoted(page.mhtml);
  page.mhtml_withheld = secrets.mask(saved) > 0;
  if (page.mhtml_withheld) page.mhtml.clear();  // what stands in it stands in the snapshot too, masked
  page.secrets = secrets;
}

}  // namespace netsampler
