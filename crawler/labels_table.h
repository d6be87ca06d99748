// The labels as a table, and what their values look like. Generic words of Chinese shops; no word belongs to one site.
#pragma once
#include <optional>
#include <span>
#include <string>

#include "crawler/labels.h"

namespace netsampler {

std::span<const LabelRow> label_rows();
struct LabelWord {
  std::string_view word;
  std::vector<const LabelRow*> rows;  // one word may belong to several rows, each in its context
};
struct LabelMatch {
  const LabelWord* word = nullptr;
  std::size_t end = 0;
};
// The longest label word that begins at text[at]; single spaces between its characters are allowed ("店 铺"). word null: none.
LabelMatch match_label(std::string_view text, std::size_t at);

struct LabelValue {
  std::string value;
  std::size_t begin = 0, end = 0;  // within the text given
};
// What of the text is a value of that type; none where nothing is, or it says that there is none (暂无, --).
std::optional<LabelValue> read_label_value(ValueType type, std::string_view folded);

}  // namespace netsampler
