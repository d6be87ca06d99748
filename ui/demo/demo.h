// The demo: one whole sample purchase on real parts, as a newcomer sees the product do its main job. It drives the box only as an
// officer would (the supervisor's control socket, the ledger's accounts); the scripted officer, shop, parcel and time servers are
// test material under share/demo.
#pragma once
#include <string>

#include "evidence/base/result.h"

namespace netsampler {

struct DemoOptions {
  std::string out;    // directory; made
  std::string shop;   // empty: our own demo shop
  bool keep = false;  // leave the console running until a stop signal
  double pace = 1.0;  // of the scripted officer; 1 is human
};

// The exit code. Prints progress; the last line of stdout is {"case","bundle","policy","verdict","console"}.
Result<int> run_demo(const DemoOptions& options);

}  // namespace netsampler
