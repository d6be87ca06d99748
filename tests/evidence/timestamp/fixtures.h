// Tokens made once by tests/tsa/make_fixtures.py, and the certificates they are anchored in.
#pragma once
#include <gtest/gtest.h>

#include "evidence/base/file_system.h"
#include "evidence/base/json.h"
#include "evidence/timestamp/token.h"

namespace netsampler::timestamp {

inline const Bytes kQueryNonce = {0x41, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08};

inline Bytes fixture(const std::string& name) {
  const RealFileSystem disk;
  auto bytes = disk.read(std::string(SOURCE_DIR) + "/tests/evidence/timestamp/tokens/" + name, 1u << 20);
  EXPECT_TRUE(bytes.ok()) << name;
  return bytes.ok() ? bytes.take() : Bytes();
}

// The CA of a family of tokens ("own", "sm2", …).
inline Hash anchor(const std::string& family) {
  const Bytes text = fixture("anchors.json");
  const auto object = parse_any(as_text(text));
  auto hash = hash_from_hex(object.ok() ? string_or(*object, family.c_str(), "") : "");
  EXPECT_TRUE(hash.ok()) << family;
  return hash.ok() ? *hash : Hash{};
}

inline TokenCheck check(const std::string& name, const std::string& family, TokenExpectation expected = {kQueryNonce, ""}) {
  return check_response(fixture(name + ".tsr"), fixture("stamped.txt"), {{anchor(family)}, {}}, expected);
}

}  // namespace netsampler::timestamp
