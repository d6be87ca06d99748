// The witness's door: POST /add-checkpoint over plain HTTP (what travels is signed on both sides), bounded in size, time and number.
// Put nginx before it where it faces the internet. The only file of this folder that knows Boost.
#pragma once
#include <functional>

#include "evidence/base/fd.h"
#include "evidence/witness/witness.h"

namespace netsampler::witness {

// Until `stop` is readable. `listen`: ADDRESS:PORT, port 0: a free one; `ready` is told the URL. One thread.
Result<void> serve(const std::string& listen, const Fd& stop, const std::function<WitnessAnswer(std::string_view)>& handler,
                   const std::function<void(const std::string& url)>& ready);

}  // namespace netsampler::witness
