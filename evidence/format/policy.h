// A trust policy: whom a verifier believes. Always given from outside, never taken from a package. Text lines:
//   netsampler-policy v1                                    (first line)
//   box <sha256 of the key's 32 bytes> <base64 key> <name>
//   tsa <sha256 of a certificate of its chain> <name>
//   witness <name> <base64 key>
//   quorum <n> · clock-limit-us <n> · tsa-quorum <n>
// Empty lines and lines that begin with '#' are passed over. Names run to the line's end, a witness's has no spaces.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "evidence/base/crypto.h"

namespace netsampler {

struct Policy {
  struct Box {
    PublicKey key{};
    std::string name;
  };
  struct Tsa {
    Hash certificate{};
    std::string name;
  };
  struct Witness {
    std::string name;
    PublicKey key{};
  };
  std::vector<Box> boxes;
  std::vector<Tsa> tsas;
  std::vector<Witness> witnesses;
  std::int64_t quorum = 0;            // witnesses that must have cosigned
  std::int64_t tsa_quorum = 1;        // authorities that must have stamped
  std::int64_t clock_limit_us = 500'000;

  const Box* find_box(const PublicKey& key) const;  // nullptr: not trusted
};

Result<Policy> parse_policy(std::string_view text);  // an error names the line's number and what is off
std::string text_of(const Policy& policy);           // what parse_policy reads back

}  // namespace netsampler
