// The only file that knows gumbo: an HTML file as a page without layout. Visibility comes from attributes and inline style
// alone; what a style sheet hides cannot be known here, the browser's snapshot is the witness for that.
#include <gumbo.h>

#include <algorithm>
#include <array>
#include <memory>

#include "crawler/dom.h"

namespace netsampler {
namespace {

constexpr std::array<std::string_view, 13> kNeverDrawn{"head",     "script", "style",  "template", "noscript", "title", "meta",
                                                       "link", "datalist", "object", "iframe",   "audio",    "video"};
constexpr std::array<std::string_view, 3> kStruckTags{"s", "del", "strike"};

struct Inherited {
  int parent = -1;
  bool visible = true;
  bool struck = false;
};

template <class List>
bool contains(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// Inline style with spaces taken out, in lower case: "display:none;left:-9999px".
std::string plain_style(const PageNode& node) {
  std::string style = lower_ascii(attribute_or(node, "style", ""));
  style.erase(std::remove_if(style.begin(), style.end(), [](char c) { return c == ' ' || c == '\n' || c == '\t'; }), style.end());
  return ";" + style + ";";
}

bool style_hides(const std::string& style) {
  constexpr std::array<std::string_view, 10> kHiding{";display:none",    ";visibility:hidden", ";visibility:collapse", ";opacity:0;",
                                                     ";font-size:0;",    ";font-size:0px",     ";left:-9999",          ";text-indent:-9999",
                                                     ";width:0;height:0", ";height:0;overflow:hidden"};
  return std::any_of(kHiding.begin(), kHiding.end(), [&](std::string_view mark) { return style.find(mark) != std::string::npos; });
}

bool attributes_hide(const PageNode& node) {
  if (attribute(node, "hidden")) return true;
  if (node.tag == "input" && lower_ascii(attribute_or(node, "type", "")) == "hidden") return true;
  if (node.tag == "dialog" && !attribute(node, "open")) return true;
  return contains(kNeverDrawn, node.tag) || style_hides(plain_style(node));
}

std::string tag_of(const GumboElement& element) {
  if (element.tag != GUMBO_TAG_UNKNOWN) return gumbo_normalized_tagname(element.tag);
  GumboStringPiece piece = element.original_tag;
  gumbo_tag_from_original_text(&piece);
  return lower_ascii(std::string_view(piece.data ? piece.data : "", piece.length));
}

PageNode element_node(const GumboElement& element, const Inherited& above) {
  PageNode node;
  node.parent = above.parent;
  node.tag = tag_of(element);
  for (unsigned i = 0; i < element.attributes.length; ++i) {
    const auto* each = static_cast<const GumboAttribute*>(element.attributes.data[i]);
    node.attributes.emplace_back(lower_ascii(each->name), each->value);
  }
  const std::string style = plain_style(node);
  node.block = !is_inline_tag(node.tag) || style.find(";display:block") != std::string::npos;
  node.visible = above.visible && !attributes_hide(node);
  node.struck = above.struck || contains(kStruckTags, node.tag) || style.find("line-through") != std::string::npos;
  return node;
}

PageNode text_node(const GumboText& text, const Inherited& above) {
  PageNode node;
  node.parent = above.parent;
  node.text = text.text;
  node.visible = above.visible;
  node.struck = above.struck;
  return node;
}

// Iterative, so that deep nesting costs memory, never the stack. Children are pushed in reverse: nodes stand in document order.
class Reader {
 public:
  Result<Page> read(const GumboNode* root) {
    push(root, {});
    while (!waiting_.empty()) {
      const auto [node, above] = waiting_.back();
      waiting_.pop_back();
      visit(*node, above);
      if (page_.nodes.size() > kMaxPageNodes)
        return fail(ErrorKind::invalid, "the page has more than " + std::to_string(kMaxPageNodes) + " nodes");
    }
    return std::move(page_);
  }

 private:
  void push(const GumboNode* node, const Inherited& above) { waiting_.emplace_back(node, above); }

  void visit(const GumboNode& node, const Inherited& above) {
    if (node.type == GUMBO_NODE_ELEMENT || node.type == GUMBO_NODE_TEMPLATE) return visit_element(node.v.element, above);
    if (node.type == GUMBO_NODE_TEXT || node.type == GUMBO_NODE_WHITESPACE || node.type == GUMBO_NODE_CDATA)
      page_.nodes.push_back(text_node(node.v.text, above));
  }

  void visit_element(const GumboElement& element, const Inherited& above) {
    page_.nodes.push_back(element_node(element, above));
    const PageNode& made = page_.nodes.back();
    const Inherited below{static_cast<int>(page_.nodes.size()) - 1, made.visible, made.struck};
    for (unsigned i = element.children.length; i-- > 0;)
      push(static_cast<const GumboNode*>(element.children.data[i]), below);
  }

  Page page_;
  std::vector<std::pair<const GumboNode*, Inherited>> waiting_;
};

std::string title_of(const Page& page) {
  for (std::size_t i = 0; i < page.nodes.size(); ++i)
    if (page.nodes[i].tag == "title") return text_below(page, static_cast<int>(i));
  return "";
}

// Elements that HTML never closes by itself: without their end tags they nest.
bool nests(std::string_view tag) {
  constexpr std::array<std::string_view, 30> kNot{"p",    "li",    "dt",   "dd", "option", "tr",  "td",    "th",    "tbody", "thead", "tfoot", "br",
                                                  "hr",   "img",   "input", "meta", "link", "col", "area",  "base",  "wbr",   "embed", "param", "source",
                                                  "track", "html", "head", "body", "rt", "rp"};
  return !tag.empty() && !contains(kNot, tag);
}

// How deep the tags nest, roughly, before the parser sees them: its work grows with the square of the depth, and it clears up
// recursively.
int rough_depth(std::string_view html) {
  int depth = 0, deepest = 0;
  for (std::size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1)) {
    const bool closes = at + 1 < html.size() && html[at + 1] == '/';
    std::string tag;
    for (std::size_t i = at + 1 + closes; i < html.size() && tag.size() < 16; ++i) {
      const char c = html[i] >= 'A' && html[i] <= 'Z' ? static_cast<char>(html[i] - 'A' + 'a') : html[i];
      if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) break;
      tag += c;
    }
    if (!nests(tag)) continue;
    depth = closes ? std::max(depth - 1, 0) : depth + 1;
    deepest = std::max(deepest, depth);
  }
  return deepest;
}

}  // namespace

Result<Page> page_from_html(std::string_view html) {
  if (html.size() > kMaxPageBytes) return fail(ErrorKind::invalid, "the HTML is longer than " + std::to_string(kMaxPageBytes) + " bytes");
  if (rough_depth(html) > kMaxPageDepth)
    return fail(ErrorKind::invalid, "the HTML nests deeper than " + std::to_string(kMaxPageDepth) + " elements");
  GumboOptions options = kGumboDefaultOptions;
  options.max_errors = 0;
  const auto destroy = [](GumboOutput* output) { gumbo_destroy_output(&kGumboDefaultOptions, output); };
  const std::unique_ptr<GumboOutput, decltype(destroy)> output(gumbo_parse_with_options(&options, html.data(), html.size()), destroy);
  if (!output) return fail(ErrorKind::invalid, "the HTML could not be parsed");
  Page page = TRY(Reader().read(output->root));
  page.title = title_of(page);
  return page;
}

}  // namespace netsampler
