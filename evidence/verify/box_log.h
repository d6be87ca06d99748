// What the box's log and its tokens prove, as the chains' checks ask for it: which heads stood in the log, and which token was the
// first to cover one. Filled by read_box_log; holds only what a signed checkpoint covers.
#pragma once
#include <optional>
#include <set>
#include <span>

#include "evidence/format/tlog.h"

namespace netsampler::verify {

// A head of a chain of the scope, as leaf number `leaf` says.
struct LoggedHead {
  Hash tag{};
  std::int64_t seq = 0;
  Hash head{};
  std::uint64_t leaf = 0;
};

// A token that holds and stamps a checkpoint of `size` leaves.
struct Stamp {
  std::uint64_t size = 0;
  std::int64_t gen_time_us = 0;   // UTC
  std::int64_t slack_us = 0;      // the authority's accuracy, and 1 s: genTime may be cut to whole seconds
  Hash response{};                // SHA-256 of the response: what `open.beacon` names
  std::optional<Hash> authority;  // the policy's `tsa` line; nothing: not trusted, or no longer
  std::optional<std::uint64_t> leaf;  // its own in the log: a token over it renews this one
  std::int64_t good_until_us = 0;     // UTC: a certificate of its chain ends, or was revoked as compromised
  bool compromised = false;           // the latter
  std::string path;
};

struct BoxLog {
  std::set<PublicKey> keys;       // that signed checkpoints which hold
  std::uint64_t size = 0;         // of the newest checkpoint that holds
  std::uint64_t witnessed = 0;    // of the newest one with a quorum of witnesses; 0: none, or none asked for
  std::vector<LoggedHead> heads;  // by tag, then seq
  std::vector<Stamp> stamps;      // by size
  std::vector<std::size_t> first_from;  // of each stamp: the trusted one of the earliest genTime among it and those behind it
  std::set<std::pair<Hash, Hash>> opened;  // case tag, recording's tag: each recording that was opened for a case of the scope

  void take_stamps(std::vector<Stamp> list);
  std::span<const LoggedHead> heads_of(const Hash& tag) const;
  // The trusted stamp of the earliest genTime over that leaf; nullptr: none.
  const Stamp* first_over(std::uint64_t leaf) const;
  bool any_over(std::uint64_t leaf) const;  // trusted or not
  std::int64_t authorities_over(std::uint64_t leaf) const;
  const Stamp* find(const Hash& response) const;
};

}  // namespace netsampler::verify
