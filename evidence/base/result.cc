#include "evidence/base/result.h"

#include <array>
#include <cerrno>
#include <system_error>

namespace netsampler {
namespace {
struct KindRow {
  ErrorKind kind;
  const char* name;
  int exit_code;
};
constexpr std::array<KindRow, 9> kKinds{{{ErrorKind::invalid, "invalid", 65},
                                         {ErrorKind::usage, "usage", 64},
                                         {ErrorKind::not_found, "not_found", 1},
                                         {ErrorKind::denied, "denied", 1},
                                         {ErrorKind::busy, "busy", 1},
                                         {ErrorKind::full, "full", 74},
                                         {ErrorKind::io, "io", 74},
                                         {ErrorKind::unavailable, "unavailable", 1},
                                         {ErrorKind::internal, "internal", 70}}};
}  // namespace

const char* name_of(ErrorKind kind) {
  for (const auto& row : kKinds)
    if (row.kind == kind) return row.name;
  return "internal";
}

ErrorKind error_kind_from(const std::string& name) {
  for (const auto& row : kKinds)
    if (name == row.name) return row.kind;
  return ErrorKind::internal;
}

int exit_code_of(ErrorKind kind) {
  for (const auto& row : kKinds)
    if (row.kind == kind) return row.exit_code;
  return 70;
}

Error fail_errno(const std::string& doing) {
  const int code = errno;
  ErrorKind kind = ErrorKind::io;
  if (code == ENOSPC || code == EDQUOT) kind = ErrorKind::full;
  if (code == ENOENT) kind = ErrorKind::not_found;
  if (code == EACCES || code == EPERM) kind = ErrorKind::denied;
  return fail(kind, doing + ": " + std::generic_category().message(code));
}

}  // namespace netsampler
