// Programs that make a test's pictures.
#pragma once
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "evidence/base/process.h"
#include "tests/support/temp_directory.h"

namespace netsampler {

inline void make_with(const std::vector<std::string>& arguments) {
  const auto outcome = run_and_read(arguments, 60000);
  ASSERT_TRUE(outcome.ok()) << outcome.error().text;
}

}  // namespace netsampler
