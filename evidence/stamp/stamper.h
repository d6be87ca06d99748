// The stamping itself, without network, socket or clock of its own: one turn asks what waits, goes to the authorities in turn
// until one gives a token that holds in every respect, and hands it to the log. What fails stays in the log without a token:
// that is the queue, and it needs no other, because a token on a newer checkpoint covers all older ones.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "evidence/base/clock.h"
#include "evidence/stamp/box_log_door.h"
#include "evidence/stamp/companions.h"
#include "evidence/timestamp/query.h"
#include "evidence/timestamp/token.h"

namespace netsampler::stamp {

struct StampSettings {
  std::vector<std::string> authorities;           // URLs, at least one
  std::string policy;                             // dotted OID; empty: any
  std::int64_t interval_us = 60'000'000;          // between two tokens
  std::int64_t retry_first_us = 5'000'000;        // after a turn in which all authorities failed; doubled each time
  std::int64_t retry_last_us = 300'000'000;
};

// The world outside, each a function, so that tests can hand in theirs.
struct StampWorld {
  std::function<Result<Bytes>(const std::string& url, ByteView query)> post;
  std::function<timestamp::TimeStampQuery(const Hash& imprint)> make_query;
  // The anchors of the box's own policy, read anew each turn; empty: a token is good without one (the verifier's policy decides).
  std::function<std::vector<Hash>()> anchors;
  std::function<bool()> stopped;
  Companions* companions = nullptr;  // nullptr: nothing is fetched beside tokens
};

struct StampTurn {
  enum class Kind { nothing, stamped, failed } kind = Kind::nothing;
  std::int64_t checkpoint_size = 0;
  std::string authority;          // stamped
  std::int64_t gen_time_us = 0;   // stamped
  std::string trouble;            // failed: one line, each authority with its reason
  std::int64_t next_us = 0;       // when to come back, in microseconds from now
};

// One thread. Keeps a good token that the ledger could not take yet (one, in memory), and whose turn it is.
class Stamper {
 public:
  Stamper(StampSettings settings, StampWorld world, BoxLogDoor& log) : settings_(std::move(settings)), world_(std::move(world)), log_(log) {}
  StampTurn turn();

 private:
  struct Token : NewToken {
    std::int64_t gen_time_us = 0;
  };
  Result<std::optional<StampTurn>> try_turn();
  Result<Token> ask_all(const WaitingCheckpoint& checkpoint);
  Result<Token> ask(const std::string& authority, const WaitingCheckpoint& checkpoint, const std::vector<Hash>& anchors) const;
  timestamp::TokenCheck check(ByteView response, const WaitingCheckpoint& checkpoint, const std::vector<Hash>& anchors, const Bytes& nonce) const;
  Result<void> add_companions(const timestamp::TokenCheck& check, Token& token) const;
  Result<StampTurn> hand_over();
  StampTurn failed(const Error& error);
  StampSettings settings_;
  StampWorld world_;
  BoxLogDoor& log_;
  std::size_t next_authority_ = 0;
  std::int64_t retry_us_ = 0;
  std::optional<Token> held_;
};

}  // namespace netsampler::stamp
