#include "evidence/ledger/handed_files.h"

#include <algorithm>

#include "evidence/format/kinds.h"
#include "evidence/format/names.h"
#include "evidence/format/public_text.h"

namespace netsampler {
namespace {

bool has_member(const Kind& kind, std::string_view name, MemberType type) {
  return std::any_of(kind.members.begin(), kind.members.end(), [&](const Member& m) { return m.name == name && m.type == type; });
}

// Where this record's files must lie.
Result<void> check_place(const std::string& type, const Json& body, const std::string& path) {
  if (!is_record_path(path) || path.ends_with(".partial"))
    return fail(ErrorKind::invalid, "file path outside the rule: " + path + " (relative, parts of A-Z a-z 0-9 . _ -)");
  const std::string source = string_or(body, "source", "");
  bool fits = false;
  if (type == "source" && is_source_name(source)) fits = path == init_path(source);
  if (type == "segment" && is_source_name(source)) fits = path == segment_path(source, int_or(body, "no", -1));
  if (type == "page") fits = is_public_path(path) && path.starts_with("pages/" + std::to_string(int_or(body, "page", -1)) + "/");
  if (!fits) return fail(ErrorKind::invalid, "a file of this " + type + " does not belong at " + path);
  return {};
}

NamedFile unhashed(const std::string& path, std::int64_t bytes) { return {path, bytes, std::string(64, '0'), std::string(64, '0')}; }

}  // namespace

Result<Json> with_files(ChainKind chain, const std::string& type, const Json& body, const std::vector<NamedFile>& named) {
  const Kind* kind = find_kind(chain, type);
  if (kind == nullptr) return fail(ErrorKind::invalid, "no such kind of record: " + type);
  if (!body.is_object()) return fail(ErrorKind::invalid, "a record's body is an object");
  if (body.contains("file") || body.contains("files"))
    return fail(ErrorKind::invalid, "the body names files itself (hand them over beside it)");
  Json whole = body;
  if (has_member(*kind, "file", MemberType::file)) {
    if (named.size() != 1) return fail(ErrorKind::invalid, type + " comes with exactly one file");
    whole["file"] = json_of(named[0]);
  } else if (has_member(*kind, "files", MemberType::files)) {
    Json list = Json::array();
    for (const auto& file : named) list.push_back(json_of(file));
    if (chain == ChainKind::recording || !list.empty()) whole["files"] = std::move(list);
  } else if (!named.empty()) {
    return fail(ErrorKind::invalid, type + " comes without files");
  }
  return whole;
}

Result<std::vector<NamedFile>> check_recording_files(const FileSystem& disk, const std::string& root, const std::string& type,
                                                     const Json& body, const std::vector<LedgerFile>& files) {
  std::vector<NamedFile> named;
  for (const auto& file : files) {
    TRY(check_place(type, body, file.path));
    for (const auto& other : named)
      if (other.path == file.path) return fail(ErrorKind::invalid, "a file twice in one record: " + file.path);
    if (exists(disk, root + "/" + file.path)) return fail(ErrorKind::busy, "there is a sealed file already at " + file.path);
    const std::int64_t bytes = TRY(check_handed(file.fd.get(), file.path));
    named.push_back(unhashed(file.path, bytes));
  }
  return named;
}

std::string extension_of(const std::string& path) {
  const auto dot = path.find_last_of("./");
  return dot == std::string::npos || path[dot] == '/' ? "" : path.substr(dot);
}

Result<std::vector<NamedFile>> check_book_files(const std::vector<LedgerFile>& files) {
  std::vector<NamedFile> named;
  for (const auto& file : files) {
    const std::string extension = extension_of(file.path);
    const bool fits = extension.size() <= 9 && std::all_of(extension.begin(), extension.end(), [](char c) {
      return c == '.' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    });
    if (!fits || extension == ".partial" || extension == ".") return fail(ErrorKind::invalid, "file extension outside [a-z0-9]{1,8}: " + file.path);
    const std::int64_t bytes = TRY(check_handed(file.fd.get(), file.path));
    named.push_back(unhashed("files/" + std::string(64, '0') + extension, bytes));
  }
  return named;
}

}  // namespace netsampler
