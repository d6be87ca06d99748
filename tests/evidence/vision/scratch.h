// A directory of its own for one test, gone with it, and programs run in it.
#pragma once
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "evidence/base/process.h"

namespace netsampler {

class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "netsampler-vision-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline void run_program(const std::vector<std::string>& arguments) {
  const auto outcome = run_and_read(arguments, 60000);
  ASSERT_TRUE(outcome.ok()) << outcome.error().text;
}

}  // namespace netsampler
