// Puts a package of the verifier's tests on the disk, with the policy that names its box: `make_case sound|small DIRECTORY POLICY`.
// Its keys are known (case_maker.cc), so that a test may seal again what it has bent.
#include <filesystem>
#include <fstream>
#include <iostream>

#include "tests/evidence/verify/case_maker.h"

namespace netsampler::test {
namespace {

bool put(const std::filesystem::path& path, const std::string& bytes) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file << bytes;
  return file.good();
}

std::string policy_text() {
  const auto key = box_key().public_key();
  return "netsampler-policy v1\nbox " + hex_of(sha256(key)) + " " + to_base64(key) + " test-box\n";
}

}  // namespace
}  // namespace netsampler::test

int main(int argc, char** argv) {
  using namespace netsampler::test;
  const std::string what = argc == 4 ? argv[1] : "";
  if (what != "sound" && what != "small") {
    std::cerr << "usage: make_case sound|small DIRECTORY POLICY\n";
    return 64;
  }
  bool fine = put(argv[3], policy_text());
  for (const auto& [path, bytes] : what == "sound" ? sound_package() : small_package()) fine = put(std::filesystem::path(argv[2]) / path, bytes) && fine;
  return fine ? 0 : 74;
}
