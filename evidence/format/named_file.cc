#include "evidence/format/names.h"
#include "evidence/format/record.h"

namespace netsampler {

Json json_of(const NamedFile& file) {
  return {{"path", file.path}, {"bytes", file.bytes}, {"sha256", file.sha256}, {"sm3", file.sm3}};
}

Result<NamedFile> named_file_from(const Json& value) {
  if (!value.is_object() || value.size() != 4)
    return fail(ErrorKind::invalid, "a file is named by path, bytes, sha256, sm3 and nothing else");
  NamedFile file;
  file.path = TRY(get_string(value, "path"));
  file.bytes = TRY(get_int(value, "bytes"));
  file.sha256 = TRY(get_string(value, "sha256"));
  file.sm3 = TRY(get_string(value, "sm3"));
  if (!is_record_path(file.path)) return fail(ErrorKind::invalid, "a file's path outside the rule: " + file.path);
  if (file.bytes < 0) return fail(ErrorKind::invalid, "a file of negative size: " + file.path);
  TRY_WITH(hash_from_hex(file.sha256), "sha256");
  TRY_WITH(hash_from_hex(file.sm3), "sm3");
  return file;
}

Result<std::vector<NamedFile>> files_of(const Json& body) {
  std::vector<NamedFile> files;
  if (const auto one = body.find("file"); one != body.end()) files.push_back(TRY(named_file_from(*one)));
  const auto many = body.find("files");
  if (many == body.end()) return files;
  if (!many->is_array()) return fail(ErrorKind::invalid, "member is not an array: files");
  for (const Json& value : *many) files.push_back(TRY(named_file_from(value)));
  return files;
}

}  // namespace netsampler
