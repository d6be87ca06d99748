// A page to facts: a DOM snapshot where the input is a JSON object, else HTML. Facts are never empty and can be written down.
#include "crawler/extract.h"
#include "tests/fuzz/target.h"

using namespace netsampler;

namespace {

Result<Page> page_from(std::string_view text) {
  const auto json = parse_any(text);
  if (json.ok() && json->is_object()) return page_from_snapshot(*json);
  return page_from_html(text);
}

void check_tree(const Page& page) {
  for (std::size_t i = 0; i < page.nodes.size(); ++i)
    fuzz::require(page.nodes[i].parent >= -1 && page.nodes[i].parent < static_cast<int>(i), "a parent stands before its child");
}

void check_facts(const Page& page, const std::string& url) {
  const Facts facts = extract(page, url);
  for (const Fact& fact : facts.facts) {
    fuzz::require(!fact.name.empty() && fact.confidence >= 0 && fact.confidence <= 100, "a fact has name and confidence");
    fuzz::require(!outside_profile(fact.value), "a fact's value can stand in a record");
    fuzz::require(!fact.value.is_string() || !fact.value.get<std::string>().empty(), "a fact is never empty");
  }
  fuzz::require(facts.orders.size() != 1, "a list has several orders");
  fuzz::require(print(facts_json(facts)) == print(facts_json(extract(page, url))), "the same page gives the same facts");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto page = page_from(fuzz::text_from(data, size));
  if (!page.ok()) return 0;
  check_tree(*page);
  for (const char* url : {"https://shop.example/item?id=7", "https://item.jd.com/100012043978.html"}) check_facts(*page, url);
  return 0;
}
