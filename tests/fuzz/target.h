// A fuzz target: one function that takes any bytes and returns. libFuzzer brings its own main (preset fuzz); everywhere else
// replay_main.cc runs the target over its corpus. A property that does not hold ends the program: that is what a fuzzer notices.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace netsampler::fuzz {

inline std::string_view text_from(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

inline void require(bool holds, const char* property) {
  if (holds) return;
  std::fprintf(stderr, "fuzz: does not hold: %s\n", property);
  std::abort();
}

}  // namespace netsampler::fuzz
