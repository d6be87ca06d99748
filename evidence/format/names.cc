#include "evidence/format/names.h"

#include <algorithm>
#include <cstdio>

namespace netsampler {
namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_letter(char c) {
  return is_lower(c) || is_digit(c) || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-';
}

bool is_part(std::string_view part) {
  return !part.empty() && part != "." && part != ".." && std::all_of(part.begin(), part.end(), is_name_letter);
}

}  // namespace

bool is_recording_id(std::string_view id) {
  return id.size() == 26 &&
         std::all_of(id.begin(), id.end(), [](char c) { return is_lower(c) || (c >= '2' && c <= '7'); });
}

bool is_case_id(std::string_view id) { return id.size() <= 64 && is_part(id); }

bool is_source_name(std::string_view name) {
  return !name.empty() && name.size() <= 32 && std::all_of(name.begin(), name.end(), [](char c) {
    return is_lower(c) || is_digit(c) || c == '_' || c == '-';
  });
}

bool is_record_path(std::string_view path) {
  if (path.empty() || path.size() > 200) return false;
  std::size_t from = 0;
  while (true) {
    const std::size_t slash = path.find('/', from);
    const std::size_t to = slash == std::string_view::npos ? path.size() : slash;
    if (!is_part(path.substr(from, to - from))) return false;
    if (slash == std::string_view::npos) return true;
    from = slash + 1;
  }
}

Result<Hash> chain_tag(std::string_view nonce, std::string_view id) {
  const Hash bytes = TRY_WITH(hash_from_hex(nonce), "nonce");
  Hasher hasher(HashKind::sha256);
  hasher.update(bytes);
  hasher.update(as_bytes(id));
  return hasher.finish();
}

std::string segment_path(const std::string& source, std::int64_t no) {
  char number[32];
  std::snprintf(number, sizeof number, "%06lld", static_cast<long long>(no));
  return "media/" + source + "/" + number + ".m4s";
}

std::string init_path(const std::string& source) { return "media/" + source + "/init.mp4"; }

}  // namespace netsampler
