#include "evidence/format/policy.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace netsampler {
namespace {

constexpr std::string_view kFirstLine = "netsampler-policy v1";
constexpr std::size_t kMaxLines = 10'000;

// Takes the next word; what is left begins after the space behind it.
std::string_view word(std::string_view& rest) {
  const std::size_t end = std::min(rest.find(' '), rest.size());
  const std::string_view taken = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return taken;
}

Result<std::string> name(std::string_view rest) {
  if (rest.empty() || rest.front() == ' ') return fail(ErrorKind::invalid, "a name is missing");
  return std::string(rest);
}

Result<void> box_line(std::string_view rest, Policy& policy) {
  const Hash hash = TRY(hash_from_hex(word(rest)));
  Policy::Box box;
  box.key = TRY(public_key_from_base64(word(rest)));
  box.name = TRY(name(rest));
  if (sha256(box.key) != hash) return fail(ErrorKind::invalid, "the box's key and its SHA-256 do not agree");
  policy.boxes.push_back(box);
  return {};
}

Result<void> tsa_line(std::string_view rest, Policy& policy) {
  Policy::Tsa tsa;
  tsa.certificate = TRY(hash_from_hex(word(rest)));
  tsa.name = TRY(name(rest));
  policy.tsas.push_back(tsa);
  return {};
}

Result<void> witness_line(std::string_view rest, Policy& policy) {
  Policy::Witness witness;
  witness.name = TRY(name(word(rest)));
  witness.key = TRY(public_key_from_base64(rest));
  policy.witnesses.push_back(witness);
  return {};
}

Result<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size() || value < 0)
    return fail(ErrorKind::invalid, "not a number from 0: " + std::string(text));
  return value;
}

Result<void> quorum_line(std::string_view rest, Policy& policy) { return policy.quorum = TRY(number(rest)), Result<void>(); }
Result<void> tsa_quorum_line(std::string_view rest, Policy& policy) {
  return policy.tsa_quorum = TRY(number(rest)), Result<void>();
}
Result<void> clock_line(std::string_view rest, Policy& policy) {
  return policy.clock_limit_us = TRY(number(rest)), Result<void>();
}

struct LineRow {
  std::string_view word;
  Result<void> (*read)(std::string_view rest, Policy& policy);
};
constexpr std::array<LineRow, 6> kLines{{{"box", box_line},
                                         {"tsa", tsa_line},
                                         {"witness", witness_line},
                                         {"quorum", quorum_line},
                                         {"tsa-quorum", tsa_quorum_line},
                                         {"clock-limit-us", clock_line}}};

Result<void> read_line(std::string_view line, Policy& policy) {
  const std::string_view first = word(line);
  for (const auto& row : kLines)
    if (row.word == first) return row.read(line, policy);
  return fail(ErrorKind::invalid, "unknown word: " + std::string(first.substr(0, 40)));
}

}  // namespace

const Policy::Box* Policy::find_box(const PublicKey& key) const {
  const auto found = std::find_if(boxes.begin(), boxes.end(), [&](const Box& box) { return box.key == key; });
  return found == boxes.end() ? nullptr : &*found;
}

Result<Policy> parse_policy(std::string_view text) {
  Policy policy;
  for (std::size_t no = 1; !text.empty(); ++no) {
    const std::string where = "policy line " + std::to_string(no);
    if (no > kMaxLines) return fail(ErrorKind::invalid, where + ": too many lines");
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (no == 1 && line != kFirstLine)
      return fail(ErrorKind::invalid, where + ": must read \"" + std::string(kFirstLine) + "\"");
    if (no == 1 || line.empty() || line.front() == '#') continue;
    TRY_WITH(read_line(line, policy), where);
  }
  if (policy.boxes.empty()) return fail(ErrorKind::invalid, "the policy names no box: it would trust nothing");
  return policy;
}

std::string text_of(const Policy& policy) {
  std::string text = std::string(kFirstLine) + "\n";
  for (const auto& box : policy.boxes)
    text += "box " + hex_of(sha256(box.key)) + " " + to_base64(box.key) + " " + box.name + "\n";
  for (const auto& tsa : policy.tsas) text += "tsa " + hex_of(tsa.certificate) + " " + tsa.name + "\n";
  for (const auto& witness : policy.witnesses) text += "witness " + witness.name + " " + to_base64(witness.key) + "\n";
  text += "quorum " + std::to_string(policy.quorum) + "\n";
  text += "tsa-quorum " + std::to_string(policy.tsa_quorum) + "\n";
  return text + "clock-limit-us " + std::to_string(policy.clock_limit_us) + "\n";
}

}  // namespace netsampler
