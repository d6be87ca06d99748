// Conformance vectors that lie beside the repository; tests that need them skip, saying so, where they are absent.
#pragma once
#include <gtest/gtest.h>

#include <fstream>
#include <optional>
#include <sstream>
#include <string>

namespace netsampler::test {

inline std::optional<std::string> vector_file(const std::string& name) {
  std::ifstream file(std::string(SOURCE_DIR) + "/../shared/vectors/" + name, std::ios::binary);
  // A worktree lies one level deeper than a clone.
  if (!file) file.open(std::string(SOURCE_DIR) + "/../../shared/vectors/" + name, std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace netsampler::test
