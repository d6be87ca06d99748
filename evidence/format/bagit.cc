#include "evidence/format/bagit.h"

#include <algorithm>
#include <set>

namespace netsampler {
namespace {

constexpr std::size_t kMaxEntries = 1'000'000;

std::string encode_path(const std::string& path) {
  std::string text;
  for (char c : path) {
    if (c == '%') text += "%25";
    else if (c == '\n') text += "%0A";
    else if (c == '\r') text += "%0D";
    else text += c;
  }
  return text;
}

// Only the three sequences that the standard knows are decoded; any other '%' stands for itself.
std::string decode_path(std::string_view text) {
  std::string path;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view three = text.substr(i, 3);
    const bool is_percent = three == "%25";
    const bool is_lf = three == "%0A" || three == "%0a";
    const bool is_cr = three == "%0D" || three == "%0d";
    path += is_percent ? '%' : is_lf ? '\n' : is_cr ? '\r' : text[i];
    if (is_percent || is_lf || is_cr) i += 2;
  }
  return path;
}

bool stays_inside(const std::string& path) {
  if (path.empty() || path.front() == '/' || path.front() == '~') return false;
  std::size_t from = 0;
  while (from <= path.size()) {
    const std::size_t to = std::min(path.find('/', from), path.size());
    const std::string part = path.substr(from, to - from);
    if (part.empty() || part == "." || part == "..") return false;
    from = to + 1;
  }
  return true;
}

Result<ManifestEntry> parse_entry(std::string_view line, std::size_t digest_bytes) {
  const std::size_t end = line.find_first_of(" \t");
  if (end == std::string_view::npos) return fail(ErrorKind::invalid, "no path behind the hash");
  const Bytes digest = TRY(from_hex(line.substr(0, end)));
  if (digest.size() != digest_bytes) return fail(ErrorKind::invalid, "a hash of another length");
  const std::size_t start = line.find_first_not_of(" \t", end);
  if (start == std::string_view::npos) return fail(ErrorKind::invalid, "no path behind the hash");
  ManifestEntry entry;
  entry.path = decode_path(line.substr(start));
  if (!stays_inside(entry.path)) return fail(ErrorKind::invalid, "a path that leaves the bag");
  if (digest_bytes == entry.sha256.size()) std::copy(digest.begin(), digest.end(), entry.sha256.begin());
  return entry;
}

}  // namespace

Result<ManifestEntry> parse_manifest_line(std::string_view line) { return parse_entry(line, 32); }

std::string print_manifest(std::vector<ManifestEntry> entries) {
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  std::string text;
  for (const auto& entry : entries) text += hex_of(entry.sha256) + "  " + encode_path(entry.path) + "\n";
  return text;
}

Result<std::vector<ManifestEntry>> parse_manifest(std::string_view text, std::size_t digest_bytes) {
  std::vector<ManifestEntry> entries;
  std::set<std::string> seen;
  for (std::size_t no = 1; !text.empty(); ++no) {
    const std::string where = "manifest line " + std::to_string(no);
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return fail(ErrorKind::invalid, where + ": no newline at its end");
    if (no > kMaxEntries) return fail(ErrorKind::invalid, where + ": too many lines");
    entries.push_back(TRY_WITH(parse_entry(text.substr(0, end), digest_bytes), where));
    if (!seen.insert(entries.back().path).second) return fail(ErrorKind::invalid, where + ": a path twice");
    text.remove_prefix(end + 1);
  }
  return entries;
}

Result<void> check_bag_declaration(std::string_view text) {
  if (text == kBagDeclaration) return {};
  return fail(ErrorKind::invalid, "bagit.txt is not the declaration of a BagIt 1.0 bag in UTF-8");
}

Bytes package_message(const Hash& tagmanifest_sha256) {
  Bytes message;
  append(message, as_bytes("netsampler/v1/package\n"));
  append(message, tagmanifest_sha256);
  return message;
}

std::string print_package_signature(const Signature& signature) { return to_base64(signature) + "\n"; }

Result<Signature> parse_package_signature(std::string_view text) {
  if (text.empty() || text.back() != '\n') return fail(ErrorKind::invalid, "package.sig is not one line");
  return signature_from_base64(text.substr(0, text.size() - 1));
}

}  // namespace netsampler
