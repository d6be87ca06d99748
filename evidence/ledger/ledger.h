// The single writer of evidence, as one object: whoever holds the state directory's lock has one of these. Single-threaded; every
// durable step happens inside the call that asks for it, and what a call returns is on the disk.
// Whoever takes this program over can write false records from then on; records of past epochs he cannot forge.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "evidence/ledger/accounts.h"
#include "evidence/ledger/box_log.h"
#include "evidence/ledger/log_leaves.h"
#include "evidence/ledger/recording.h"
#include "evidence/ledger/recovery.h"

namespace netsampler {

class Ledger {
 public:
  static constexpr std::size_t kOpenLimit = 16;  // recordings at once

  // Keys, accounts, index, books, interrupted recordings, due inclusions: in this order, each by the function that normal work uses.
  // `replace_lost_key`: the box key is gone for good, a new one takes its place; refused (`invalid`) where it is there.
  static Result<std::unique_ptr<Ledger>> start(LedgerWorld world, const StatePaths& paths, const Config& config, bool replace_lost_key = false);

  Result<Json> status();
  Result<OpenedRecording> open(const RecordingRequest& request);
  Result<Receipt> append(const std::string& recording, const std::string& type, const Json& body, const Json& opened,
                         const std::vector<LedgerFile>& files);
  Result<ClosedRecording> close(const std::string& recording, const std::string& reason, const std::vector<SamplerLogin>& samplers);
  Result<Receipt> case_open(const std::string& case_id, const std::string& actor, const Json& body, const Json& opened);
  Result<Receipt> book_append(const std::string& case_id, const std::string& type, const std::string& actor, const Json& body,
                              const Json& opened, const std::vector<LedgerFile>& files);
  Result<void> clock(const Json& body);
  Result<void> account_add(const std::string& id, const std::string& name, const std::string& password);
  Result<std::string> account_check(const std::string& id, const std::string& password);
  Result<PackageSignature> package_sign(const std::string& tagmanifest_sha256);
  Result<std::int64_t> rebuild_index();
  Json key_show() const;      // the shape in docs/design.md
  Result<Json> key_rotate();  // a new box key, vouched for by the present one, which is then wiped; `busy` while a recording is open
  Json log_state() const;
  Result<Json> log_flush(bool renew = false);  // every head that has moved is logged, and the log_state then; `renew`: tokens too
  Result<StoredToken> token_store(std::int64_t checkpoint_size, const std::string& authority, const std::vector<LedgerFile>& files,
                                  std::int64_t renew_by_us = 0);
  Result<void> cosignature_store(std::int64_t checkpoint_size, const std::string& line);
  Result<std::vector<Hash>> log_consistency(std::int64_t old_size, std::int64_t size) const;

  // From now on appends to recordings share their syncs: what they return counts only once settle() has said nothing of that recording.
  void hold() { holding_ = true; }
  // Writes and syncs what was held, and ends holding: recordings that could not be written, and why.
  std::map<std::string, Error> settle();

  // To be called at least every second: epochs turn, recordings end after 24 h, heads are logged once a minute.
  void tick();
  // In good order: what is open is closed with reason `failed` (nobody stopped it) and included.
  void stop();
  Index& index() { return index_; }

 private:
  Ledger(LedgerWorld world, const StatePaths& paths, const Config& config, BoxKey box, Accounts accounts, Index index);
  SealedSink sink();
  void note_index(const Result<void>& done);
  Result<void> bring_policy_up();
  std::string policy_line(const PublicKey& key) const;
  std::vector<PublicKey> earlier_keys() const;
  void learn_keys(const std::optional<BookKeys>& known);
  Result<void> commit_lost_key(const KeyChange& change);
  Result<void> change_key(SigningKey fresh, const KeyChange& change);
  void tell_locked_memory();
  Result<void> bring_index_up();
  Result<void> recover();
  Result<void> recover_books();
  Result<void> recover_recordings();
  Result<void> require_room() const;
  Result<std::vector<std::string>> authenticate(const std::string& kind, const std::vector<SamplerLogin>& samplers);
  Result<RecordingTerms> terms_for(const RecordingRequest& request);
  Result<void> say_clock_beyond_limit(Recording& opened);
  Result<std::optional<OpenedRecording>> resumed_before(const std::string& recording);
  Result<RecordingTerms> terms_resuming(const std::string& recording, std::map<std::string, std::int64_t>& sealed);
  Result<Recording*> find(const std::string& recording);
  Result<std::vector<std::string>> end(const std::string& recording);
  Result<void> abandon(const std::string& recording);
  Result<std::vector<Index::Due>> include_due();
  Result<Receipt> include(const std::string& case_id, const std::string& recording, const std::string& why, const std::string& actor);
  Result<Receipt> include_by_hand(const std::string& case_id, const std::string& actor, const Json& body);
  void box_event(const std::string& type, const Json& body);
  void login_event(const std::string& id, const std::string& outcome);
  void owe_leaf(const IndexEntry& entry);
  void flush_log();
  void tick_log();
  void tick_index();
  Result<void> recover_log();
  Result<void> recover_leaf(ChainKind chain, const std::string& id);
  Result<void> recover_beacon();
  void take_token(const Json& body);
  void owe_tokens(const Json& body);

  LedgerWorld world_;
  StatePaths paths_;
  Config config_;
  EvidenceRoots roots_;
  SigningKey box_;
  bool key_sealed_;
  std::string key_path_;
  KeyHistory history_;             // of box_
  std::int64_t first_key_us_ = 0;  // UTC since when the box has had its first key
  Accounts accounts_;
  Index index_;
  bool index_stale_ = false;
  BoxClock clock_;
  Books books_;
  BoxLog box_log_;
  LogLeaves leaves_;
  std::int64_t logged_boot_us_ = 0;  // of the last flush
  std::int64_t indexed_boot_us_ = 0;  // of the index's last tick
  std::int64_t stamped_ = 0;         // size of the newest checkpoint that has a token
  std::string beacon_;               // that token's SHA-256; empty: none yet
  std::int64_t renew_by_us_ = 0;     // UTC by which a later one should cover it; 0: not known
  std::map<std::string, Recording> open_;
  bool holding_ = false;
  std::set<std::string> held_;  // recordings with something unwritten
  std::map<std::string, std::string> resumed_;  // recording → the one that resumes it: no two may
};

}  // namespace netsampler
