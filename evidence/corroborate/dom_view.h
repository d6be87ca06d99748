// A DOM snapshot (dom.json) as places of text: where each line of text stood, in the browser's own pixels (CSS pixels × zoom × device scale),
// from the document's corner. The main document only. What it reads may be hostile: bounded, `invalid` where it is no snapshot.
#pragma once
#include <string>
#include <vector>

#include "evidence/base/bytes.h"
#include "evidence/base/json.h"
#include "evidence/vision/image.h"

namespace netsampler::corroborate {

struct TextLine {
  Rect rect;
  std::string text;
};

class DomView {
 public:
  static Result<DomView> read(ByteView dom_json);

  int scroll_x() const { return scroll_x_; }
  int scroll_y() const { return scroll_y_; }
  // Visible lines of text that lie (by more than half) in the rectangle, from the top; pieces side by side are one line.
  std::vector<TextLine> lines_in(const Rect& rect) const;
  // Does this text, folded, stand anywhere: in visible text, in an attribute, in a script?
  bool has_anywhere(const std::string& folded_text) const;
  // All text of the page, visible or not, one piece a line.
  std::string all_text() const;
  // `class="…"` and `id="…"` of the elements next around the text in that rectangle, as markup has them.
  std::vector<std::string> anchors_of(const Rect& rect) const;

 private:
  struct Piece {
    Rect rect;
    std::string text;
    std::size_t node = 0;
  };
  std::vector<Piece> pieces_;
  std::vector<int> parents_;
  std::vector<std::vector<std::string>> marks_;  // by node: its anchors
  std::vector<std::string> values_;              // node values and attributes
  int scroll_x_ = 0, scroll_y_ = 0;
};

}  // namespace netsampler::corroborate
