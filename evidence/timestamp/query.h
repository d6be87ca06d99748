// An RFC 3161 query: what is sent to a time-stamp authority. One form: version 1, SHA-256 imprint, a nonce, certReq true.
#pragma once
#include "evidence/base/crypto.h"

namespace netsampler::timestamp {

struct TimeStampQuery {
  Bytes der;    // the body of a POST with the type application/timestamp-query
  Bytes nonce;  // the INTEGER's content: positive, shortest form, at most 8 bytes; the answer must repeat it
};

// `imprint` is the SHA-256 of the stamped bytes; the nonce is drawn anew each time.
TimeStampQuery make_query(const Hash& imprint);

}  // namespace netsampler::timestamp
