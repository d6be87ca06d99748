#include "crawler/licence_text.h"

#include <algorithm>
#include <array>
#include <optional>

#include "crawler/dom_text.h"

namespace netsampler {
namespace {

struct Caption {
  std::string_view field, word;
};

// Longer words before shorter ones that they contain. An empty field: what ends the value before it, and is no value itself.
constexpr std::array<Caption, 57> kCaptions{{
    {"number", "统一社会信用代码"}, {"number", "社会信用代码"}, {"number", "信用代码"}, {"number", "注册号"},
    {"", "许可证编号"}, {"", "证照编号"}, {"", "编号"}, {"", "实收资本"}, {"", "组成形式"}, {"", "签发人"}, {"", "投诉举报电话"},
    {"", "日常监督管理"}, {"", "食品类别"}, {"", "经营方式"}, {"", "扫描二维码"}, {"", "主体业态"}, {"", "证件号码"},
    {"name", "市场主体名称"}, {"name", "经营者名称"}, {"name", "生产者名称"}, {"name", "企业名称"}, {"name", "单位名称"}, {"name", "字号名称"},
    {"name", "名称"},
    {"type", "公司类型"}, {"type", "企业类型"}, {"type", "主体类型"}, {"type", "类型"},
    {"legal_representative", "法定代表人姓名"}, {"legal_representative", "法定代表人"}, {"legal_representative", "执行事务合伙人"},
    {"legal_representative", "经营者姓名"}, {"legal_representative", "负责人"}, {"legal_representative", "投资人"},
    {"legal_representative", "经营者"},
    {"address", "主要经营场所"}, {"address", "经营场所"}, {"address", "营业场所"}, {"address", "生产地址"}, {"address", "住所"},
    {"registered_capital", "注册资本"}, {"registered_capital", "注册资金"}, {"registered_capital", "出资额"}, {"registered_capital", "资金数额"},
    {"established", "成立日期"}, {"established", "注册日期"},
    {"term", "营业期限"}, {"term", "经营期限"}, {"term", "合伙期限"}, {"term", "有效期至"}, {"term", "有效期限"},
    {"scope", "经营范围"}, {"scope", "经营项目"},
    {"authority", "登记机关"}, {"authority", "发证机关"}, {"authority", "发照机关"}, {"", "国家企业信用信息公示系统"},
}};

constexpr std::array<std::string_view, 26> kNameEnds{
    "有限公司", "有限责任公司", "股份公司", "公司", "合作社", "事务所", "合伙企业）", "经营部", "门市部", "工作室", "服务部", "商行", "超市",
    "中心",     "店",           "厂",       "部",   "行",     "社",     "院",         "馆",     "场",     "坊",     "城",     "铺",   "企业"};

int bottom(const Rect& rect) { return rect.y + rect.height; }
int right(const Rect& rect) { return rect.x + rect.width; }
int middle(const Rect& rect) { return rect.y + rect.height / 2; }

Rect joined(const Rect& a, const Rect& b) {
  const int x = std::min(a.x, b.x), y = std::min(a.y, b.y);
  return {x, y, std::max(right(a), right(b)) - x, std::max(bottom(a), bottom(b)) - y};
}

// The usual height of a row's characters: punctuation is lower, a stroke of the border higher.
int height_of(const LicenceRow& row) {
  std::vector<int> heights;
  for (const TextSymbol& each : row) heights.push_back(std::max({each.rect.height, each.rect.width, 1}));
  std::nth_element(heights.begin(), heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 2), heights.end());
  return heights[heights.size() / 2];
}

std::vector<std::string_view> characters_of(std::string_view word) {
  std::vector<std::string_view> all;
  for (std::size_t at = 0; at < word.size();) {
    const std::size_t bytes = std::max<std::size_t>(1, code_point_bytes(word, at));
    all.push_back(word.substr(at, bytes));
    at += bytes;
  }
  return all;
}

bool is_ideograph(std::string_view text) { return text.size() == 3 && text[0] >= '\xe4' && text[0] <= '\xe9'; }

// What comes first, behind a gap, or behind what the border and the dirt were taken for.
bool begins_a_cell(const LicenceRow& row, std::size_t at, int height) {
  return at == 0 || row[at].rect.x - right(row[at - 1].rect) > height || !is_ideograph(row[at - 1].text);
}

struct CaptionAt {
  const Caption* caption;
  std::size_t begin, end;  // symbols of the row
};

// How a caption stands in a row from one symbol on: as many characters, one of four may be misread; two spread ones, one of them.
bool stands_at(const LicenceRow& row, std::size_t at, const Caption& caption, int height) {
  const auto wanted = characters_of(caption.word);
  if (at + wanted.size() > row.size()) return false;
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (row[at + i].text != wanted[i]) ++wrong;
    if (i > 0 && row[at + i].rect.x - right(row[at + i - 1].rect) > 6 * height) return false;
  }
  const bool cell = begins_a_cell(row, at, height);
  if (wanted.size() > 3) return wrong * 4 <= wanted.size();
  if (wrong == 0) return cell || wanted.size() == 3;
  const bool spread = row[at + 1].rect.x - right(row[at].rect) > height * 3 / 4;
  return wanted.size() == 2 && wrong == 1 && cell && spread && at < 4 && (caption.field == "name" || caption.field == "address");
}

std::vector<CaptionAt> captions_in(const LicenceRow& row) {
  std::vector<CaptionAt> found;
  const int height = height_of(row);
  for (std::size_t at = 0; at < row.size();) {
    const auto hit = std::find_if(kCaptions.begin(), kCaptions.end(), [&](const Caption& each) { return stands_at(row, at, each, height); });
    if (hit == kCaptions.end()) {
      ++at;
      continue;
    }
    const auto wanted = characters_of(hit->word);
    std::size_t end = at + wanted.size();
    // Dirt in the gap of a spread caption was taken for its last character, which comes behind it.
    if (row[end - 1].text != wanted.back() && end < row.size() && row[end].text == wanted.back()) ++end;
    found.push_back({&*hit, at, end});
    at = end;
  }
  return found;
}

bool is_mark(std::string_view text) {
  static constexpr std::string_view kMarks = ":;,.'\"`|_-~*=·：；，。、“”‘’《》—…";
  return text == " " || text.empty() || kMarks.find(text) != std::string_view::npos;
}

// U+200B…U+200F, U+202A…U+202E, U+2060…U+206F, U+FEFF: zero width, or a change of direction.
bool is_hidden(std::string_view character) {
  if (character.size() != 3) return false;
  const auto c = static_cast<unsigned char>(character[2]);
  if (character.starts_with("\xe2\x80")) return (c >= 0x8b && c <= 0x8f) || (c >= 0xaa && c <= 0xae);
  return (character.starts_with("\xe2\x81") && c >= 0xa0 && c <= 0xaf) || character == "\xef\xbb\xbf";
}

// Quotation marks and strokes: on a licence, what the ground pattern and the border are read as.
bool is_dirt(std::string_view text) {
  static constexpr std::string_view kDirt = "'\"`|_~^\\“”‘’丨";
  return trim(text).empty() || kDirt.find(text) != std::string_view::npos;
}

struct Stretch {
  std::string text;
  Rect rect;
  int confidence_sum = 0, count = 0;
  void add(const TextSymbol& each) {
    text += each.text;
    rect = count == 0 ? each.rect : joined(rect, each.rect);
    confidence_sum += each.confidence;
    ++count;
  }
};

// Symbols from `begin` on up to the next column: a gap of four characters once the value has begun, or a left limit that is passed.
Stretch stretch_from(const LicenceRow& row, std::size_t begin, std::size_t end, int height) {
  Stretch stretch;
  for (std::size_t i = begin; i < end; ++i) {
    if (stretch.count == 0 && is_mark(row[i].text)) continue;
    if (stretch.count > 0 && row[i].rect.x - right(row[i - 1].rect) > 4 * height) break;
    stretch.add(row[i]);
  }
  return stretch;
}

// A further line of the same value: begins where the value began, close below, no caption.
std::optional<Stretch> line_below(const LicenceRow& row, const Stretch& above, const Rect& first, int height) {
  const auto captions = captions_in(row);
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (std::abs(row[i].rect.x - first.x) > height || !begins_a_cell(row, i, height)) continue;
    std::size_t end = row.size();
    for (const CaptionAt& each : captions) {
      if (each.begin <= i && i < each.end) return std::nullopt;
      if (each.end <= i && row[each.begin].rect.x > first.x - 14 * height) return std::nullopt;  // a caption of its own
      if (each.begin > i) end = std::min(end, each.begin);
    }
    Stretch stretch = stretch_from(row, i, end, height);
    const int step = middle(stretch.rect) - middle(above.rect);
    if (stretch.count == 0 || step < height / 2 || step > height * 7 / 4) return std::nullopt;
    return stretch;
  }
  return std::nullopt;
}

bool takes_more_lines(std::string_view field) { return field == "name" || field == "address" || field == "scope" || field == "type" || field == "term"; }

// A company's name is complete where it ends as one does; only a branch's goes on.
bool goes_on(const std::string& field, const std::string& value, const std::string& more) {
  if (field != "name" || !ends_as_a_name(licence_name(value))) return true;
  const std::string below = licence_name(more);
  return below.ends_with("分公司") || below.ends_with("分店") || below.ends_with("营业部");
}

LicenceField field_at(const std::vector<LicenceRow>& rows, std::size_t index, const CaptionAt& caption, std::size_t end) {
  const LicenceRow& row = rows[index];
  const int height = height_of(row);
  Stretch value = stretch_from(row, caption.end, end, height);
  LicenceField field{std::string(caption.caption->field), value.text, value.rect, 0};
  if (value.count > 0 && takes_more_lines(field.name)) {
    Stretch last = value;
    for (std::size_t next = index + 1; next < rows.size() && next <= index + 12; ++next) {
      const auto more = line_below(rows[next], last, field.rect, height);
      if (!more) {
        if (middle(rows[next].front().rect) - middle(last.rect) > 3 * height) break;
        continue;
      }
      if (!goes_on(field.name, value.text, more->text)) break;
      value.text += more->text;
      value.confidence_sum += more->confidence_sum;
      value.count += more->count;
      last = *more;
    }
  }
  field.value = licence_name(value.text);
  field.confidence = value.count == 0 ? 0 : value.confidence_sum / value.count;
  return field;
}

bool is_code_character(const std::string& text) { return text.size() == 1 && is_ascii_alnum(text[0]); }

struct ScoredLine {
  NumberLine line;
  int score = 0;
};

// 18, 15 and 16 characters are what numbers have; the further off, the less likely.
int length_score(std::size_t length) {
  int best = 0;
  for (const int wanted : {18, 15, 16}) best = std::max(best, 10 - 3 * std::abs(static_cast<int>(length) - wanted));
  return best;
}

void add_number_runs(const LicenceRow& row, bool captioned, std::vector<ScoredLine>& lines) {
  const int height = height_of(row);
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (!is_code_character(row[i].text)) continue;
    Stretch run;
    std::size_t at = i;
    for (; at < row.size(); ++at) {
      if (run.count > 0 && row[at].rect.x - right(row[at - 1].rect) > 2 * height) break;
      if (is_code_character(row[at].text)) run.add(row[at]);
      else if (!is_mark(row[at].text)) break;
    }
    i = at;
    if (run.count < 13 || run.count > 30) continue;
    lines.push_back({{run.text, run.rect}, length_score(run.text.size()) + (captioned ? 12 : 0)});
  }
}

bool has_number_caption(const LicenceRow& row) {
  for (const CaptionAt& each : captions_in(row))
    if (each.caption->field == "number") return true;
  return false;
}

}  // namespace

std::string licence_name(std::string_view read) {
  static constexpr std::string_view kOpening = "(〔【〈《<", kClosing = ")〕】〉》>";
  const std::string seen = without_zero_width(read);
  std::string out;
  for (const std::string_view each : characters_of(seen)) {
    if (each == " " || each == "\n" || is_hidden(each)) continue;
    if (kOpening.find(each) != std::string_view::npos) out += "（";
    else if (kClosing.find(each) != std::string_view::npos) out += "）";
    else out += each;
  }
  auto all = characters_of(out);
  while (!all.empty() && is_mark(all.back())) all.pop_back();
  std::size_t first = 0;
  while (first < all.size() && is_mark(all[first])) ++first;
  std::string trimmed;
  for (std::size_t i = first; i < all.size(); ++i) trimmed += all[i];
  return trimmed;
}

bool has_hidden_characters(std::string_view text) {
  const auto all = characters_of(text);
  return std::any_of(all.begin(), all.end(), is_hidden);
}

bool ends_as_a_name(std::string_view name) {
  return code_points(name) >= 4 && std::any_of(kNameEnds.begin(), kNameEnds.end(), [&](std::string_view end) { return name.ends_with(end); });
}

std::vector<LicenceRow> cells_of(const LicenceRow& row) {
  std::vector<LicenceRow> cells;
  const int height = row.empty() ? 0 : height_of(row);
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i == 0 || row[i].rect.x - right(row[i - 1].rect) > 2 * height) cells.emplace_back();
    cells.back().push_back(row[i]);
  }
  return cells;
}

LicenceField field_of(const LicenceRow& cell, const std::string& name) {
  Stretch all;
  for (const TextSymbol& each : cell) all.add(each);
  return {name, licence_name(all.text), all.rect, all.count == 0 ? 0 : all.confidence_sum / all.count};
}

std::vector<LicenceRow> licence_rows(std::vector<TextSymbol> symbols) {
  std::erase_if(symbols, [](const TextSymbol& each) { return each.rect.width < 1 || each.rect.height < 1 || is_dirt(each.text); });
  // Lines of the engine first, then those that stand side by side are one row.
  std::stable_sort(symbols.begin(), symbols.end(), [](const TextSymbol& a, const TextSymbol& b) { return a.line < b.line; });
  struct Span {
    Rect rect;
    LicenceRow row;
  };
  std::vector<Span> spans;
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    if (i == 0 || symbols[i].line != symbols[i - 1].line) spans.push_back({symbols[i].rect, {}});
    spans.back().rect = joined(spans.back().rect, symbols[i].rect);
    spans.back().row.push_back(symbols[i]);
  }
  std::stable_sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) { return middle(a.rect) < middle(b.rect); });
  std::vector<Span> rows;
  for (Span& span : spans) {
    const bool beside = !rows.empty() && span.rect.height < 3 * rows.back().rect.height && rows.back().rect.height < 3 * span.rect.height &&
                        std::min(bottom(span.rect), bottom(rows.back().rect)) - std::max(span.rect.y, rows.back().rect.y) >
                            std::min(span.rect.height, rows.back().rect.height) / 2;
    if (!beside) {
      rows.push_back(std::move(span));
      continue;
    }
    rows.back().rect = span.row.size() > rows.back().row.size() ? span.rect : rows.back().rect;  // the longer decides: no chain downwards
    rows.back().row.insert(rows.back().row.end(), span.row.begin(), span.row.end());
  }
  std::vector<LicenceRow> out;
  for (Span& row : rows) {
    std::stable_sort(row.row.begin(), row.row.end(), [](const TextSymbol& a, const TextSymbol& b) { return a.rect.x < b.rect.x; });
    const int height = height_of(row.row);
    std::erase_if(row.row, [&](const TextSymbol& each) { return is_mark(each.text) && each.rect.width * 8 < height; });  // a speck of the ground, no mark
    if (!row.row.empty()) out.push_back(std::move(row.row));
  }
  return out;
}

std::vector<LicenceField> licence_fields(const std::vector<LicenceRow>& rows) {
  std::vector<LicenceField> found;
  for (std::size_t index = 0; index < rows.size(); ++index) {
    const auto captions = captions_in(rows[index]);
    for (std::size_t i = 0; i < captions.size(); ++i) {
      if (captions[i].caption->field.empty()) continue;
      LicenceField field = field_at(rows, index, captions[i], i + 1 < captions.size() ? captions[i + 1].begin : rows[index].size());
      const bool known = std::any_of(found.begin(), found.end(), [&](const LicenceField& each) { return each.name == field.name; });
      if (!field.value.empty() && !known) found.push_back(std::move(field));
    }
  }
  return found;
}

int caption_count(const std::vector<LicenceRow>& rows) {
  std::vector<const Caption*> seen;
  for (const LicenceRow& row : rows)
    for (const CaptionAt& each : captions_in(row))
      if (characters_of(each.caption->word).size() > 2 && std::find(seen.begin(), seen.end(), each.caption) == seen.end()) seen.push_back(each.caption);
  return static_cast<int>(seen.size());
}

std::vector<NumberLine> number_lines(const std::vector<LicenceRow>& rows) {
  std::vector<ScoredLine> lines;
  for (std::size_t i = 0; i < rows.size(); ++i)
    add_number_runs(rows[i], has_number_caption(rows[i]) || (i > 0 && has_number_caption(rows[i - 1])), lines);
  std::stable_sort(lines.begin(), lines.end(), [](const ScoredLine& a, const ScoredLine& b) { return a.score > b.score; });
  std::vector<NumberLine> out;
  for (std::size_t i = 0; i < std::min<std::size_t>(lines.size(), 4); ++i) out.push_back(lines[i].line);
  return out;
}

}  // namespace netsampler
