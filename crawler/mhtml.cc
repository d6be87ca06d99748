#include "crawler/mhtml.h"

#include <algorithm>
#include <string_view>

namespace netsampler {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// The value of a header of this part, "" where it has none.
std::string_view header(std::string_view part, std::string_view name) {
  const auto head = part.substr(0, part.find("\r\n\r\n"));
  const auto at = head.find(name);
  if (at == std::string_view::npos) return "";
  const auto from = at + name.size();
  return head.substr(from, head.find("\r\n", from) - from);
}

bool is_elsewhere(std::string_view part, const std::set<std::string>& elsewhere) {
  return header(part, "Content-Transfer-Encoding: ") == "base64" && elsewhere.count(std::string(header(part, "Content-Location: "))) > 0;
}

}  // namespace

std::string unquoted(const std::string& mhtml) {
  std::string text;
  text.reserve(mhtml.size());
  for (std::size_t at = 0; at < mhtml.size(); ++at) {
    const bool escape = mhtml[at] == '=' && at + 2 < mhtml.size();
    if (escape && mhtml[at + 1] == '\r' && mhtml[at + 2] == '\n') at += 2;
    else if (escape && hex_digit(mhtml[at + 1]) >= 0 && hex_digit(mhtml[at + 2]) >= 0)
      text.push_back(static_cast<char>(hex_digit(mhtml[at + 1]) * 16 + hex_digit(mhtml[at + 2]))), at += 2;
    else text.push_back(mhtml[at]);
  }
  return text;
}

std::string without_parts(const std::string& mhtml, const std::set<std::string>& elsewhere) {
  const std::string_view whole = mhtml, name = "boundary=\"";
  const auto at = whole.find(name);
  const auto end = at == std::string_view::npos ? at : whole.find('"', at + name.size());
  if (end == std::string_view::npos) return mhtml;
  const std::string mark = "\r\n--" + std::string(whole.substr(at + name.size(), end - at - name.size()));
  std::string kept;
  for (std::size_t from = 0; from < whole.size();) {
    const auto next = std::min(whole.find(mark, from + 1), whole.size());
    const auto part = whole.substr(from, next - from);
    if (!is_elsewhere(part, elsewhere)) kept += part;
    from = next;
  }
  return kept;
}

}  // namespace netsampler
