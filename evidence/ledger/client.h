// The ledger from a producer's side: capture, crawler, console and command line append through this and nothing else.
// One connection, one request at a time, for one thread. `unavailable` means the ledger is gone: connect again, then hand over again
// whatever has no receipt. Every other error is the ledger's own refusal, and nothing of that request is on the chain, except that
// after an `unavailable` of append the record may or may not stand: the ledger refuses a second file of the same path as `busy`.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "evidence/base/ipc.h"

namespace netsampler {

// What stands on disk, synced: the record's place, the chain's new head (SHA-256 of its line, hex), its UTC stamp and that stamp's error.
struct Receipt {
  std::int64_t seq = 0;
  std::string head;
  std::int64_t at_us = 0, err_us = 0;
};

// A file handed over beside a record. `fd` is a sealed memory file (sealed_memory_file) of at most 64 MiB, and stays the caller's.
// In a recording `path` is relative to its directory ("media/screen/000001.m4s"); in a book only its extension counts, because
// the book names files by their hash.
struct LedgerFile {
  std::string path;
  Fd fd;
};

struct SamplerLogin {
  std::string id;
  std::string password;
};

struct RecordingRequest {
  std::string kind;              // purchase, logistics, supplement, unboxing, reception, reinspection
  std::string case_id;           // empty: the waybill finds the case (not for purchase, logistics, supplement)
  std::string display;           // ":7" for the screen: one open recording per display, a second is `busy`
  std::vector<SamplerLogin> samplers;
  std::string software_sha256;   // of the recording program, hex; may be empty
  std::string resumes = {};      // a recording that its ledger's death cut off: then kind, case, display are that one's, nobody logs in
};

struct OpenedRecording {
  std::string recording;
  std::string head;
  std::int64_t opened_boot_us = 0;
  std::map<std::string, std::int64_t> sealed = {};  // of the resumed one: source → segments that it holds
};

struct ClosedRecording {
  std::int64_t seq = 0;
  std::string head;
  std::vector<std::string> included;  // the cases whose books include it now
};

struct PackageSignature {
  std::string signature;  // base64, Ed25519 by the box key
  std::string box_key;    // base64
};

struct StoredToken {
  std::string path;    // of the response, from log/
  std::string sha256;  // of its bytes, hex: the beacon from now on
};

class LedgerClient {
 public:
  static Result<LedgerClient> connect(const std::string& socket);
  // How long an append waits for its receipt, 30 s unless said otherwise: the ledger may be at work on a slow disk.
  void wait_for_receipts(int wait_ms) { receipt_ms_ = wait_ms; }

  Result<Json> status();  // the shape in docs/design.md
  Result<OpenedRecording> open(const RecordingRequest& request);
  // `body`: public members by the kinds table; `opened`: field → value, salted and kept out of the record by the ledger.
  Result<Receipt> append(const std::string& recording, const std::string& type, const Json& body,
                         const Json& opened = Json::object(), const std::vector<LedgerFile>& files = {});
  Result<ClosedRecording> close(const std::string& recording, const std::string& reason,
                                const std::vector<SamplerLogin>& samplers = {});
  Result<Receipt> case_open(const std::string& case_id, const std::string& actor, const Json& body, const Json& opened);
  Result<Receipt> book_append(const std::string& case_id, const std::string& type, const std::string& actor,
                              const Json& body, const Json& opened = Json::object(),
                              const std::vector<LedgerFile>& files = {});
  Result<void> clock(const Json& body);
  Result<void> account_add(const std::string& id, const std::string& name, const std::string& password);
  Result<std::string> account_check(const std::string& id, const std::string& password);  // the account's name
  Result<PackageSignature> package_sign(const std::string& tagmanifest_sha256);
  Result<std::int64_t> rebuild_index();  // records read
  Result<Json> log_state();              // the shape in docs/design.md
  Result<Json> log_flush(bool renew = false);  // `renew`: kept time stamps get their leaves too
  Result<Json> key_show();               // the shape in docs/design.md
  Result<Json> key_rotate();             // the same, afterwards; `busy` while a recording is open
  // The response first (….tsr), then what it needs. `not_found`: no checkpoint of that size.
  Result<StoredToken> token_store(std::int64_t checkpoint_size, const std::string& authority, const std::vector<LedgerFile>& files);

 private:
  explicit LedgerClient(IpcClient ipc) : ipc_(std::move(ipc)) {}
  Result<Receipt> send_record(Json request, const std::vector<LedgerFile>& files);
  IpcClient ipc_;
  int receipt_ms_ = 30'000;
};

}  // namespace netsampler
