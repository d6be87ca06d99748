#include "crawler/licence_qr.h"

#include <algorithm>
#include <array>

#include "crawler/dom_text.h"
#include "crawler/licence_number.h"
#include "crawler/licence_text.h"
#include "evidence/identifiers/identifiers.h"

namespace netsampler {
namespace {

// Behind a caption up to the end of its line or clause; empty where the caption is not there.
std::string_view value_after(std::string_view text, std::string_view caption) {
  const std::size_t found = text.find(caption);
  if (found == std::string_view::npos) return {};
  std::string_view rest = text.substr(found + caption.size());
  while (rest.starts_with(':') || rest.starts_with(' ') || rest.starts_with('=')) rest.remove_prefix(1);
  const std::size_t end = std::min({rest.find(';'), rest.find('\n'), rest.find(','), rest.find("；"), rest.find("，")});
  return rest.substr(0, end);
}

// Letters and digits that stand together, nothing beside them; the code is printed by a machine, so nothing is repaired.
template <typename Take>
void each_run(std::string_view text, const Take& take) {
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_ascii_alnum(text[end])) ++end;
    if (end > at) take(text.substr(at, end - at));
    at = std::max(end, at + 1);
  }
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// The payload's lines as they are, in their normal form character by character: folding would join them.
std::string folded_lines(std::string_view payload) {
  std::string out;
  for (std::size_t at = 0; at <= payload.size();) {
    const std::size_t end = std::min(payload.find('\n', at), payload.size());
    out += fold(payload.substr(at, end - at)) + "\n";
    at = end + 1;
  }
  return out;
}

std::string name_in(std::string_view payload) {
  for (const char* caption : {"企业名称", "市场主体名称", "字号名称", "名称"})
    if (const auto value = value_after(payload, caption); !value.empty()) return std::string(value);
  return "";
}

}  // namespace

LicenceQr read_licence_qr(std::string_view payload) {
  LicenceQr qr;
  if (payload.size() > kQrTextLimit) return qr;
  const std::string text = folded_lines(payload);
  qr.of_a_licence = contains(text, "gsxt.gov.cn") || contains(text, "uniscid=") || contains(text, "信用代码") || contains(text, "注册号");
  if (!qr.of_a_licence) return qr;
  each_run(text, [&](std::string_view run) {
    if (run.size() == 18 && qr.uscc.empty() && check_identifier("uscc", run).ok()) qr.uscc = run;
    if (run.size() == 15 && qr.registration_number.empty() && is_sound_registration_number(run)) qr.registration_number = run;
  });
  qr.hidden_characters = has_hidden_characters(name_in(payload));
  qr.name = licence_name(name_in(text));
  return qr;
}

}  // namespace netsampler
