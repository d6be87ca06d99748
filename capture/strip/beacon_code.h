// The QR code of the newest time stamp, for the strip: version 2 at level L, 25 modules a side, made anew only when the beacon changes.
#pragma once
#include <string>

#include "evidence/base/bytes.h"

namespace netsampler::capture {

// kBeaconModules² bytes in rows, 1 = dark.
using BeaconModules = Bytes;

// `beacon`: 64 hex digits, the ledger's `log_state`. `invalid` where it is no hash.
Result<BeaconModules> beacon_modules(const std::string& beacon);

}  // namespace netsampler::capture
