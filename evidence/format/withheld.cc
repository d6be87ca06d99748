#include "evidence/format/withheld.h"

#include <algorithm>

#include "evidence/format/names.h"
#include "evidence/format/record.h"

namespace netsampler {
namespace {

constexpr const char* kFormat = "netsampler-withheld";
constexpr std::size_t kPathBytes = 300;  // a record's path and the directories above it in a package
constexpr int kDepth = 2;

Json json_of(const WithheldItem& item) {
  Json line{{"by", item.by}, {"path", item.path}, {"reason", item.reason}};
  if (item.is_file())
    line.update({{"bytes", item.bytes}, {"sha256", item.sha256}});
  else
    line.update({{"index", item.index}, {"seq", item.seq}});
  return line;
}

Result<std::string> get_hash(const Json& object, const char* key) {
  const std::string text = TRY(get_string(object, key));
  TRY_WITH(hash_from_hex(text), key);
  return text;
}

Result<std::int64_t> get_count(const Json& object, const char* key) {
  const std::int64_t value = TRY(get_int(object, key));
  if (value < 0) return fail(ErrorKind::invalid, std::string("member is negative: ") + key);
  return value;
}

}  // namespace

bool is_withheld_path(const std::string& path) {
  if (path.size() > kPathBytes || !path.starts_with("data/")) return false;
  std::size_t from = 0;
  for (std::size_t slash = 0; slash != std::string::npos; from = slash + 1) {
    slash = path.find('/', from);
    if (!is_record_path(std::string_view(path).substr(from, slash == std::string::npos ? slash : slash - from))) return false;
  }
  return true;
}

bool is_withheld_reason(std::string_view text) {
  return !text.empty() && text.size() <= kReasonBytes && !outside_profile(Json(std::string(text))) &&
         std::none_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; });
}

std::string print_withheld(const WithheldHeader& header, std::vector<WithheldItem> items) {
  std::sort(items.begin(), items.end(), [](const auto& a, const auto& b) { return a.place() < b.place(); });
  Json first{{"format", kFormat}, {"head", header.head}, {"profile", header.profile}, {"v", 1}};
  if (!header.original.empty()) first["original"] = header.original;
  std::string text = canonical(first) + "\n";
  for (const auto& item : items) text += canonical(json_of(item)) + "\n";
  return text;
}

Result<WithheldHeader> parse_withheld_header(std::string_view line) {
  const Json object = TRY(parse_canonical(line, {kLineBytes - 1, kDepth}));
  if (string_or(object, "format", "") != kFormat || int_or(object, "v", 0) != 1)
    return fail(ErrorKind::invalid, "the first line is not of the format netsampler-withheld, version 1");
  WithheldHeader header;
  header.head = TRY(get_hash(object, "head"));
  header.profile = TRY(get_string(object, "profile"));
  if (object.contains("original")) header.original = TRY(get_hash(object, "original"));
  if (object.size() != (header.original.empty() ? 4u : 5u)) return fail(ErrorKind::invalid, "more in the first line than the format has");
  return header;
}

Result<WithheldItem> parse_withheld_item(std::string_view line) {
  const Json object = TRY(parse_canonical(line, {kLineBytes - 1, kDepth}));
  if (object.size() != 5) return fail(ErrorKind::invalid, "a withheld item has five members");
  WithheldItem item;
  item.path = TRY(get_string(object, "path"));
  item.by = TRY(get_string(object, "by"));
  item.reason = TRY(get_string(object, "reason"));
  if (object.contains("sha256")) {
    item.bytes = TRY(get_count(object, "bytes"));
    item.sha256 = TRY(get_hash(object, "sha256"));
  } else {
    item.seq = TRY(get_count(object, "seq"));
    item.index = TRY(get_count(object, "index"));
  }
  if (!is_withheld_path(item.path)) return fail(ErrorKind::invalid, "a path outside the rule: " + item.path);
  if (!is_case_id(item.by) || !is_withheld_reason(item.reason)) return fail(ErrorKind::invalid, "by or reason is out of its rule");
  return item;
}

}  // namespace netsampler
