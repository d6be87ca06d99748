// One open recording: its chain, its epoch keys in locked memory, its counts. Made by open(), ended by close(); dropped without
// close (a crash, a failed disk) its seed is gone and nobody extends the chain. Owned by the ledger's one thread.
#pragma once
#include "evidence/format/counts.h"
#include "evidence/format/epoch_keys.h"
#include "evidence/ledger/chain_file.h"
#include "evidence/ledger/client.h"
#include "evidence/ledger/world.h"

namespace netsampler {

struct RecordingTerms {
  std::string id, kind, case_id, case_tag, display, software_sha256, beacon;
  std::vector<std::string> samplers;  // authenticated account ids
  Json key_history = Json::array();   // of the box's key; empty: it never had another
  Json resumes = {};                  // member of `open`; null: resumes nothing
};

// purchase, logistics, supplement: two samplers at both ends, and a case.
bool needs_samplers(const std::string& kind);
bool is_recording_kind(const std::string& kind);

class Recording {
 public:
  // Directory, keys.txt synced, then `open`, signed by the box and by epoch 0, synced.
  static Result<Recording> open(LedgerWorld& world, const BoxClock& clock, const std::string& root, RecordingTerms terms,
                                const SigningKey& box, SealedSink sink);
  // A producer's record, checked against the kinds table; open, epoch and close are the ledger's own and refused here.
  Result<Receipt> append(const std::string& type, const Json& body, const Json& opened, const std::vector<LedgerFile>& files);
  // What is appended from now on shares its syncs and counts only after ChainFile::settle_all.
  void hold() { chain_.hold(); }
  ChainFile& chain() { return chain_; }
  // An `epoch` record for each epoch begun since the last record.
  Result<void> turn_epochs();
  Result<Receipt> close(const std::string& reason, const std::vector<std::string>& samplers);

  bool over() const;  // its last epoch is ending: close it with reason `duration`
  Result<void> usable() const { return chain_.usable(); }
  std::string stop_cause() const { return keys_ended_ ? "keys-ended" : "disk-failed"; }  // of one that is not usable
  const RecordingTerms& terms() const { return terms_; }
  std::string head() const { return chain_.head_hex(); }
  Json status() const;  // one entry of the status reply's `recordings`

 private:
  Recording(LedgerWorld& world, const BoxClock& clock, std::string root, RecordingTerms terms, ChainFile chain, EpochKeys keys);
  Result<void> write_open(const SigningKey& box);
  Stamp now() const;
  Envelope envelope(const std::string& type, const Stamp& stamp) const;
  Result<void> turn_to(const Stamp& stamp);
  Result<Receipt> seal(const std::string& type, Json body, const Json& opened);
  void add_counts(Json& body) const;
  Result<std::vector<NamedFile>> store_all(const std::vector<LedgerFile>& files);
  void count(const std::string& type, const Json& body);
  SealLine epoch_seal() const;

  LedgerWorld* world_;
  const BoxClock* clock_;
  std::string root_;
  RecordingTerms terms_;
  ChainFile chain_;
  EpochKeys keys_;
  std::int64_t opened_boot_us_ = 0;
  ChainCounts counts_;
  std::vector<std::string> sources_;
  std::int64_t sealed_us_ = 0;
  Json environment_ = nullptr;  // body of the newest such record
  bool keys_ended_ = false;
};

}  // namespace netsampler
