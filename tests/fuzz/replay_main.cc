// Runs a fuzz target over files, in the order of their names: every directory given must hold at least one.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/fuzz/target.h"

namespace {

std::vector<std::filesystem::path> files_below(const char* directory) {
  std::vector<std::filesystem::path> files;
  std::error_code trouble;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory, trouble))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

// The input is handed over in memory of exactly its size, so that a sanitizer sees a read behind its end.
void run(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  std::fprintf(stderr, "replay %s (%zu bytes)\n", path.c_str(), bytes.size());
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

}  // namespace

int main(int count, char** words) {
  for (int i = 1; i < count; ++i) {
    const auto files = files_below(words[i]);
    if (files.empty()) return std::fprintf(stderr, "replay: no corpus in %s\n", words[i]), 1;
    for (const auto& file : files) run(file);
  }
  return count > 1 ? 0 : 64;
}
