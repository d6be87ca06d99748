// The visible text of a page as a reader sees it: one block a stretch of text on one line of thought, in document order.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "crawler/dom.h"
#include "crawler/dom_text.h"

namespace netsampler {

struct TextPiece {
  int node = -1;  // the text node
  std::size_t begin = 0, end = 0;  // bytes of the block's folded text
};

struct TextBlock {
  FoldedText text;
  std::vector<TextPiece> pieces;  // in order, none empty
  int element = -1;      // the element that holds the whole block
  int control = -1;      // the button or option it is the text of; -1 for running text
  bool struck = false;   // all of it: a struck stretch is a block of its own
  int font_size_px = 0;  // the largest in it; 0: not known
};

// Inline neighbours are joined ("¥" "1299" ".00"); a new line, a table cell, a button, a struck stretch begins a new block.
std::vector<TextBlock> text_blocks(const Page& page);
// Around the pieces that text[begin, end) touches; none where the page has no layout.
std::optional<Rect> rect_of(const Page& page, const TextBlock& block, std::size_t begin, std::size_t end);
std::optional<Rect> rect_of(const Page& page, const TextBlock& block);

}  // namespace netsampler
