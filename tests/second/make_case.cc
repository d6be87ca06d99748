// Puts a package of the verifier's tests on the disk, and the policies that judge it: `make_case sound|small|logged|witnessed|rotated|younger|resumed DIRECTORY POLICIES`.
// Its keys are known (case_maker.cc), so that a test may seal again what it has bent; the authority's are not.
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "tests/evidence/verify/log_maker.h"

namespace netsampler::test {
namespace {

bool put(const std::filesystem::path& path, const std::string& bytes) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file << bytes;
  return file.good();
}

// A ledger died in mid-recording, half a line behind its last one: another recording goes on from it, first in the same source, then in one that follows it.
Files resumed_package() {
  ManualClock clock;
  const SigningKey box = box_key();
  BookMaker book(kCase, clock, box);
  book.open();
  RecordingMaker old(kPurchase, "purchase", clock, box), heir(kUnboxing, "purchase", clock, box);
  old.open();
  old.source();
  old.segment({});
  const std::string half = "{\"half";
  old.files["chain.jsonl"] += half;
  book.include(old);
  heir.more_open = {{"resumes", {{"recording", kPurchase}, {"head", old.head()}, {"last_seq", old.last_seq()}, {"torn_bytes", half.size()}, {"torn_sha256", hex_of(sha256(as_bytes(half)))}}}};
  clock.advance(-2'000'000);  // the maker's sources begin when they are declared: this one did in the old recording
  heir.open();
  heir.source();
  heir.segment({.first_pts = 180'000});
  heir.source_name = "screen-2";
  heir.follows = "screen";
  heir.source();
  heir.segment({});
  heir.close();
  book.include(heir);
  Files package;
  put_below(package, "data/case", book.files);
  put_below(package, std::string("data/recordings/") + kPurchase, old.files);
  put_below(package, std::string("data/recordings/") + kUnboxing, heir.files);
  make_bag(package, box);
  return package;
}

LoggedCase case_of(const std::string& what) {
  if (what == "logged") return logged_case();
  if (what == "witnessed") return logged_case({.second_authority = true, .late_witness = true});
  if (what == "rotated") return logged_case({.rotated = true});
  if (what == "younger") return logged_case({.younger = true});
  if (what == "resumed") return {resumed_package(), test_policy()};
  return {what == "sound" ? sound_package() : small_package(), test_policy()};
}

// plain: as the case's maker trusts; strict: two authorities and a witness; stranger: knows the box alone.
bool put_policies(const std::filesystem::path& folder, const Policy& plain) {
  Policy strict = plain, stranger = plain;
  if (!plain.tsas.empty()) strict.tsas.push_back({authority(1).certificate(), "authority 1"});
  strict.tsa_quorum = 2;
  strict.witnesses.push_back({kWitness, witness_key().public_key()});
  strict.quorum = 1;
  stranger.tsas.clear();
  return put(folder / "plain", text_of(plain)) && put(folder / "strict", text_of(strict)) && put(folder / "stranger", text_of(stranger));
}

}  // namespace
}  // namespace netsampler::test

int main(int argc, char** argv) {
  using namespace netsampler::test;
  const std::string what = argc == 4 ? argv[1] : "";
  constexpr std::array kCases{"sound", "small", "logged", "witnessed", "rotated", "younger", "resumed"};
  if (std::find(kCases.begin(), kCases.end(), what) == kCases.end()) {
    std::cerr << "usage: make_case sound|small|logged|witnessed|rotated|younger|resumed DIRECTORY POLICIES\n";
    return 64;
  }
  const LoggedCase made = case_of(what);
  bool fine = put_policies(argv[3], made.policy);
  for (const auto& [path, bytes] : made.package) fine = put(std::filesystem::path(argv[2]) / path, bytes) && fine;
  return fine ? 0 : 74;
}
