// A package in memory, edited. First byte odd: the bag is made and signed anew afterwards, as the box's own key could. Then edits:
// file (modulo how many there are), what (below), place (2 bytes), length (1 byte), that many bytes where the edit brings some.
// Whatever ends up different from the sound package must be noticed, if only as a note.
#include "evidence/verify/verify.h"
#include "tests/evidence/verify/case_maker.h"
#include "tests/fuzz/target.h"

using namespace netsampler;
using test::Files;

namespace {

constexpr std::size_t kEditsAtMost = 16;

const Files& sound() {
  static const Files made = test::small_package();
  return made;
}

struct Input {
  ByteView rest;
  std::size_t take(std::size_t bytes) {
    std::size_t value = 0;
    for (std::uint8_t byte : rest.first(std::min(bytes, rest.size()))) value = value << 8 | byte;
    rest = rest.subspan(std::min(bytes, rest.size()));
    return value;
  }
  std::string text(std::size_t bytes) {
    const std::string taken(as_text(rest.first(std::min(bytes, rest.size()))));
    rest = rest.subspan(taken.size());
    return taken;
  }
};

void edit(Files& files, Input& input) {
  auto at = files.begin();
  std::advance(at, input.take(1) % files.size());
  const std::size_t what = input.take(1) % 6, place = input.take(2) % (at->second.size() + 1), length = input.take(1);
  std::string& bytes = at->second;
  switch (what) {
    case 0: bytes.replace(place, length, input.text(length)); break;
    case 1: bytes.insert(place, input.text(length)); break;
    case 2: bytes.erase(place, length); break;
    case 3: bytes.resize(place); break;
    case 4: if (files.size() > 1) files.erase(at); break;
    case 5: files[at->first + input.text(length % 16)] = bytes; break;
    default: break;
  }
}

// A name no disk can hold, or one that is file and directory at once, is not the verifier's to judge.
bool possible(const Files& files) {
  for (auto at = files.begin(); at != files.end(); ++at) {
    const std::string framed = "/" + at->first + "/";
    if (at->first.find('\0') != std::string::npos || framed.find("//") != std::string::npos) return false;
    if (framed.find("/./") != std::string::npos || framed.find("/../") != std::string::npos) return false;
    const auto below = files.lower_bound(at->first + "/");
    if (below != files.end() && below->first.starts_with(at->first + "/")) return false;
  }
  return true;
}

void rebag(Files& files) {
  for (const char* path : {"manifest-sha256.txt", "tagmanifest-sha256.txt", "package.sig", "bagit.txt", "bag-info.txt"}) files.erase(path);
  static const SigningKey box = test::box_key();
  test::make_bag(files, box);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  Files files = sound();
  Input input{{data + 1, size - 1}};
  for (std::size_t i = 0; i < kEditsAtMost && !input.rest.empty(); ++i) edit(files, input);
  if (data[0] % 2 == 1) rebag(files);
  if (!possible(files)) return 0;
  Files rooted;
  test::put_below(rooted, "p", files);
  const test::MemoryDisk disk(rooted);
  verify::Options options;
  options.threads = 0;  // a thread a run would cost more than the run
  static const Policy policy = test::test_policy();
  const auto report = verify::verify(disk, "p", policy, options);
  if (!report.ok()) {
    fuzz::require(report.error().kind == ErrorKind::invalid, "a directory is refused only where there is nothing to verify");
    return 0;
  }
  const bool sound_verdict = report->findings.size() == 1 && report->has(verify::Reason::unstamped);
  fuzz::require(sound_verdict == (files == sound()), "a changed package is noticed, and only a changed one");
  if (data[0] / 2 % 8 == 0) (void)verify::report_json(*report, true);
  return 0;
}
