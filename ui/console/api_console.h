// What every request handler may touch: the state directory read-only, the sessions, the running verifications, the newest pictures. One object for the
// program's life, used by all its threads; only its own parts lock.
#pragma once
#include <atomic>
#include <memory>
#include <string>

#include "evidence/base/config.h"
#include "evidence/ledger/index_reader.h"
#include "ui/console/api_session.h"
#include "ui/console/api_thumbnail.h"
#include "ui/console/api_verification.h"

namespace netsampler {

struct ConsoleSetup {
  std::string state;          // the state directory
  std::string web;            // the built web app
  std::string box_name;
  std::string verifier;       // the netsampler-verify program
  std::string pictures;       // the netsampler-pictures program
  bool behind_nginx = false;  // nginx serves the files that we allowed, and tells the client's address
};

struct Counters {
  std::atomic<std::int64_t> requests{0}, refused{0}, failed{0};
};

class Console {
 public:
  Console(ConsoleSetup console_setup, const Clock& console_clock)
      : setup(std::move(console_setup)),
        paths(setup.state),
        clock(console_clock),
        sessions(clock),
        by_account(clock, 6),
        by_peer(clock, 30),
        verifications({setup.verifier, paths.data, paths.policy}, clock),
        thumbnails(setup.pictures, paths.data, clock) {}

  // A fresh reader for each request: readers are of one thread, and opening one is cheap.
  Result<IndexReader> index() const { return IndexReader::open(paths.index); }

  const ConsoleSetup setup;
  const StatePaths paths;
  const Clock& clock;
  Sessions sessions;
  RateLimit by_account, by_peer;
  Verifications verifications;
  Thumbnails thumbnails;
  Counters counters;
};

}  // namespace netsampler
