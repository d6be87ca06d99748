// A time-stamp response from anywhere: never accepted unless an anchor's chain signed it, whatever else its bytes say.
#include "evidence/timestamp/token.h"
#include "tests/fuzz/target.h"

using namespace netsampler;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView response(data, size);
  const auto facts = timestamp::read_response(response);
  const timestamp::TokenCheck check = timestamp::check_response(response, as_bytes("what no seed stamps"), {});
  fuzz::require(!check.accepted(), "nothing is accepted without an anchor");
  fuzz::require(!check.text.empty(), "a fault has words");
  fuzz::require(facts.ok() || check.fault == timestamp::TokenFault::malformed || check.fault == timestamp::TokenFault::refused,
                "what cannot be read is judged no further");
  return 0;
}
