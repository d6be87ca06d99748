// One page read once: what the parts of the generic extractor share. Plain values and pure functions.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "crawler/dom_blocks.h"
#include "crawler/facts.h"
#include "crawler/jsonld.h"
#include "crawler/labels.h"

namespace netsampler {

struct PageView {
  const Page& page;
  std::string url;  // absolute where known: what relative addresses are resolved against; else empty
  std::vector<TextBlock> blocks;
  std::vector<Labelled> labels;
  std::vector<StructuredItem> items;
  std::vector<bool> aside;  // per block: header, footer, navigation, recommendations, product cards: not this page's own matter
  std::size_t cards = 0;    // product cards: repeated siblings, each with a link and a price
  std::vector<int> card_elements;  // the same, ascending; boxes around others among them
  std::string kind;
};

PageView read_view(const Page& page, const std::string& url);  // all but `kind`
std::string decide_kind(const PageView& view);                 // by evidence on the page; words of the URL weigh least

inline const std::string& text_of(const PageView& view, std::size_t block) { return view.blocks[block].text.text; }
bool contains_any(std::string_view text, std::initializer_list<std::string_view> words);
// Indices of the blocks below a node.
std::vector<std::size_t> blocks_below(const PageView& view, int node);
// Absolute form of a link on the page; empty where it has none (javascript:, #, relative without a base).
std::string absolute_url(const PageView& view, const std::string& href);

// A fact from visible text: text[begin, end) of the block.
Fact visible_fact(const PageView& view, const std::string& name, const std::string& value, std::size_t block, std::size_t begin,
                  std::size_t end, int confidence);
Fact visible_fact(const PageView& view, const std::string& name, std::size_t block, int confidence);  // the whole block
Fact structured_fact(const PageView& view, const std::string& name, const std::string& value, const std::string& from);
// One fact of two witnesses: the visible one wins, agreement raises confidence, contradiction is reported; a structured
// value that is also to be seen somewhere gets its rectangle. Neither: nothing.
void merge_fact(const PageView& view, Facts& facts, std::optional<Fact> visible, const std::optional<Fact>& structured);
// The first label of that name with a value.
std::optional<Fact> labelled_fact(const PageView& view, const std::string& name);

}  // namespace netsampler
