// A chain in memory under the verifier. First byte even: the rest is chain.jsonl as it stands; whatever differs from the sound
// one must be noticed. Odd: each line is chained and signed anew with the true keys, so that the checks behind the signatures
// are reached; the verifier must end with a report. One input in eight has its report written out as well.
#include "evidence/format/epoch_keys.h"
#include "evidence/verify/verify.h"
#include "tests/fuzz/recording.h"
#include "tests/fuzz/target.h"

using namespace netsampler;
using test::Files;

namespace {

using test::kEpochsOfSound;

struct Sound {
  SigningKey box = test::box_key();
  std::vector<EpochKeys> epochs;  // each at its own epoch
  Files files;
  Sound() {
    for (std::int64_t epoch = 0; epoch < kEpochsOfSound; ++epoch) {
      epochs.emplace_back(test::seed_of(7), kEpochsOfSound);
      fuzz::require(epochs.back().advance_to(epoch).ok(), "the keys of a sound recording can be made");
    }
    files = test::fuzz_recording(box).files;
  }
};

const Sound& sound() {
  static const Sound made;
  return made;
}

verify::Report report_of(const Files& files) {
  Files rooted;
  test::put_below(rooted, "p", files);
  const test::MemoryDisk disk(rooted);
  verify::Options options;
  options.threads = 0;  // a thread a run would cost more than the run
  static const Policy policy = test::test_policy();
  auto report = verify::verify(disk, "p", policy, options);
  fuzz::require(report.ok(), "the verifier ends with a report");
  return report.take();
}

// The line chained behind `head` and signed by whoever should have; as it is where that cannot be.
std::string resealed(const std::string& line, const Hash& head) {
  auto object = parse_profile(line, {kLineBytes - 1, kRecordDepth});
  if (!object.ok() || !object->is_object()) return line;
  (*object)["prev"] = hex_of(head);
  object->erase("sig");
  const auto last = static_cast<std::int64_t>(sound().epochs.size()) - 1;
  const auto epoch = static_cast<std::size_t>(std::clamp<std::int64_t>(int_or(*object, "epoch", 0), 0, last));
  const SigningKey& key = sound().epochs[epoch].key();
  const bool opens = string_or(*object, "type", "") == "open";
  if (opens) object->erase("box_sig");
  const auto sealed = opens ? seal_open(*object, sound().box, key) : seal_record(*object, key);
  return sealed.ok() ? *sealed : line;
}

std::string resealed_chain(std::string_view text) {
  std::string chain;
  Hash head{};
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string line = resealed(std::string(text.substr(0, end)), head);
    head = line_hash(line);
    chain += line + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return chain;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  Files files = sound().files;
  const std::string_view text = fuzz::text_from(data + 1, size - 1);
  const bool as_it_stands = data[0] % 2 == 0;
  files["chain.jsonl"] = as_it_stands ? std::string(text) : resealed_chain(text);
  const verify::Report report = report_of(files);
  const bool changed = files["chain.jsonl"] != sound().files.at("chain.jsonl");
  if (as_it_stands && changed) fuzz::require(report.findings.size() > 1, "a changed chain is noticed");
  if (!changed) fuzz::require(report.findings.size() == 1 && report.has(verify::Reason::unstamped), "the sound chain is sound");
  if (data[0] / 2 % 8 != 0) return 0;
  (void)verify::report_json(report, true);
  (void)verify::report_text(report, false);
  return 0;
}
