// TSTInfo (RFC 3161, 2.4.2) and the response around it, read and not judged. Views into the response.
#pragma once
#include "evidence/timestamp/token.h"

namespace netsampler::timestamp {

struct Response {
  std::int64_t status = 0;  // 0 granted, 1 grantedWithMods, 2 … 5 not
  std::string words;        // the authority's own, where it gives some (at most 200 bytes, control characters replaced)
  ByteView token;           // DER ContentInfo; empty where there is none
};

struct TstInfo {
  TokenFacts facts;         // all but the certificate's
  std::string imprint_oid;  // dotted; `facts.imprint` is filled where it is SHA-256 or SM3 of 32 bytes
  bool imprint_known = false;
};

Result<Response> read_envelope(ByteView response);
Result<TstInfo> read_tst_info(ByteView content);

}  // namespace netsampler::timestamp
