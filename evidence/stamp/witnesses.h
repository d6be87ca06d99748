// Asks the configured witnesses to cosign the newest checkpoint of the box log (C2SP tlog-witness, POST <url>/add-checkpoint), and hands
// their cosignatures to the ledger. A witness that is silent, away or lies costs nothing but its cosignature: it is told and asked again.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "evidence/base/clock.h"
#include "evidence/base/config.h"
#include "evidence/base/crypto.h"
#include "evidence/stamp/box_log_door.h"
#include "evidence/stamp/http.h"

namespace netsampler::stamp {

struct KnownWitness {
  std::string url, name;
  PublicKey key{};
};
Result<std::vector<KnownWitness>> known_witnesses(const std::vector<WitnessPlace>& places);  // http and https URLs alone

struct WitnessEvent {
  std::string witness;
  std::string trouble;        // begins; empty: `cosigned`, and trouble is over where there was some
  std::int64_t cosigned = 0;  // size of the checkpoint
};

struct WitnessWorld {
  std::function<Result<HttpAnswer>(const std::string& url, ByteView body)> post;
  const Clock& clock;
};

// One thread. Asks each witness at most once for a size that it has cosigned; after a failure again in 5 s, doubled up to 5 min.
class Witnesses {
 public:
  Witnesses(std::vector<KnownWitness> list, WitnessWorld world, WitnessDoor& log);
  std::vector<WitnessEvent> turn();  // trouble is told when it begins, not each time

 private:
  struct Place {
    KnownWitness who;
    std::int64_t size = 0;  // of the newest checkpoint that it is known to have
    std::int64_t done = 0;  // of the newest one whose cosignature the ledger has
    std::int64_t retry_us = 0, not_before_us = 0;  // the latter BOOTTIME
    bool trouble = false;
  };
  Result<void> ask(Place& place, const WaitingCheckpoint& checkpoint);
  Result<HttpAnswer> send(const Place& place, const WaitingCheckpoint& checkpoint);
  void tell(Place& place, const Result<void>& outcome, std::int64_t size, std::vector<WitnessEvent>& events);
  std::vector<Place> places_;
  WitnessWorld world_;
  WitnessDoor& log_;
};

}  // namespace netsampler::stamp
