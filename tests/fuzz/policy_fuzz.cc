// A trust policy's text: what is read is written back and read to the same.
#include "evidence/format/policy.h"
#include "tests/fuzz/target.h"

using namespace netsampler;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto policy = parse_policy(fuzz::text_from(data, size));
  if (!policy.ok()) return 0;
  fuzz::require(!policy->boxes.empty(), "a policy trusts at least one box");
  fuzz::require(policy->quorum >= 0 && policy->tsa_quorum >= 0 && policy->clock_limit_us >= 0, "numbers from 0");
  const std::string text = text_of(*policy);
  const auto again = parse_policy(text);
  fuzz::require(again.ok(), "what is written can be read");
  fuzz::require(text_of(*again) == text, "writing and reading change nothing");
  fuzz::require(again->boxes.size() == policy->boxes.size() && again->witnesses.size() == policy->witnesses.size(), "nothing is lost");
  return 0;
}
