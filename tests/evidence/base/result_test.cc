#include "evidence/base/result.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <memory>

namespace netsampler {
namespace {

Result<std::unique_ptr<int>> halve(int n) {
  if (n % 2 != 0) return fail(ErrorKind::invalid, "odd");
  return std::make_unique<int>(n / 2);
}

Result<int> quarter(int n) {
  const auto half = TRY(halve(n));
  return *TRY_WITH(halve(*half), "second half");
}

TEST(Result, ValuesComeThrough) { EXPECT_EQ(*quarter(8), 2); }

TEST(Result, ErrorsComeThroughWithContext) {
  EXPECT_EQ(quarter(3).error().text, "odd");
  EXPECT_EQ(quarter(2).error().text, "second half: odd");
}

TEST(Result, ExitCodesAreTheContract) {
  EXPECT_EQ(exit_code_of(ErrorKind::usage), 64);
  EXPECT_EQ(exit_code_of(ErrorKind::invalid), 65);
  EXPECT_EQ(exit_code_of(ErrorKind::internal), 70);
  EXPECT_EQ(exit_code_of(ErrorKind::io), 74);
  EXPECT_EQ(exit_code_of(ErrorKind::not_found), 1);
}

TEST(Result, KindsHaveNamesOnTheWire) {
  EXPECT_EQ(error_kind_from(name_of(ErrorKind::busy)), ErrorKind::busy);
  EXPECT_EQ(error_kind_from("nonsense"), ErrorKind::internal);
}

TEST(Result, ErrnoBecomesAKind) {
  errno = ENOSPC;
  EXPECT_EQ(fail_errno("write").kind, ErrorKind::full);
  errno = EIO;
  EXPECT_EQ(fail_errno("write").kind, ErrorKind::io);
}

}  // namespace
}  // namespace netsampler
