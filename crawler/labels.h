// Chinese labels on pages (订单编号, 店铺, 券后价 …) and the values that stand beside them: in the same text, in the next cell of a
// table, in the dd of a dt, right of it or below it. A label without a value gives nothing.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "crawler/dom_blocks.h"

namespace netsampler {

enum class ValueType { text, code, waybill, money, time, phone, uscc };
enum class LabelContext { any, licence, consignee };  // where generic words (名称, 地址, 电话) count

struct LabelRow {
  std::string_view fact;  // name as docs/design.md lists them
  ValueType type;
  LabelContext context;
  std::string_view words;  // separated by '|', as folded text
};

struct Labelled {
  std::string fact;
  ValueType type = ValueType::text;
  std::size_t label_block = 0;           // index of the block with the label
  std::size_t block = 0;                 // index of the block with the value
  std::size_t begin = 0, end = 0;        // bytes of the value in that block's folded text
  int confidence = 0;
  std::string value;                     // normalised by type; money: empty, the price scanner reads it from the text
};

// In document order of the labels. Facts of price labels that stand in a block of their own are "price.<kind>".
std::vector<Labelled> find_labels(const Page& page, const std::vector<TextBlock>& blocks);
// Does the block begin with a label (then it is nobody's value)?
bool begins_with_label(const TextBlock& block);
// Is the whole block a word that a reader clicks on (复制, 查看物流)?
bool is_action_word(std::string_view folded);

}  // namespace netsampler
