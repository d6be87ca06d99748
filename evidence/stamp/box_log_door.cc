#include "evidence/stamp/box_log_door.h"

#include "evidence/format/note.h"
#include "evidence/format/tlog.h"

namespace netsampler::stamp {
namespace {

Result<std::optional<WaitingCheckpoint>> checkpoint_of(const Json& state) {
  WaitingCheckpoint newest;
  newest.note = without_cosignatures(string_or(state, "checkpoint", ""));
  if (newest.note.empty()) return std::optional<WaitingCheckpoint>();
  const SignedNote note = TRY_WITH(parse_note(newest.note), "the box log's checkpoint");
  const Checkpoint checkpoint = TRY_WITH(parse_checkpoint(note.text), "the box log's checkpoint");
  newest.size = static_cast<std::int64_t>(checkpoint.size);
  return std::optional<WaitingCheckpoint>(std::move(newest));
}

}  // namespace

Result<Json> LedgerBoxLog::call(IpcMessage request) {
  if (!ledger_.has_value()) ledger_.emplace(TRY_WITH(IpcClient::connect(socket_), "reaching the ledger"));
  auto reply = ledger_->call(request);
  if (!reply.ok()) {
    if (reply.error().kind == ErrorKind::unavailable) ledger_.reset();
    return std::move(reply.error());
  }
  return std::move(reply->body);
}

Result<std::optional<WaitingCheckpoint>> LedgerBoxLog::waiting() {
  Json state = TRY(call(IpcMessage(Json{{"op", "log_state"}})));
  auto newest = TRY(checkpoint_of(state));
  const std::int64_t stamped = int_or(state, "stamped", 0), renew_by_us = int_or(state, "renew_by_us", 0);
  const bool due = newest && newest->size <= stamped && renew_by_us > 0 && renew_by_us <= clock_.utc_us();
  if (due) {
    state = TRY(call(IpcMessage(Json{{"op", "log_flush"}, {"renew", true}})));
    newest = TRY(checkpoint_of(state));
  }
  if (!newest || newest->size <= stamped) return std::optional<WaitingCheckpoint>();
  return newest;
}

Result<std::optional<WaitingCheckpoint>> LedgerBoxLog::newest() {
  const Json state = TRY(call(IpcMessage(Json{{"op", "log_state"}})));
  return checkpoint_of(state);
}

Result<std::vector<std::string>> LedgerBoxLog::consistency(std::int64_t old_size, std::int64_t size) {
  const Json reply = TRY(call(IpcMessage(Json{{"op", "log_consistency"}, {"old_size", old_size}, {"checkpoint_size", size}})));
  std::vector<std::string> lines;
  const auto proof = reply.find("proof");
  if (proof == reply.end() || !proof->is_array()) return fail(ErrorKind::internal, "the ledger's proof is none");
  for (const Json& line : *proof) lines.push_back(line.is_string() ? line.get<std::string>() : "");
  return lines;
}

Result<void> LedgerBoxLog::cosigned(std::int64_t size, const std::string& line) {
  TRY(call(IpcMessage(Json{{"op", "cosignature_store"}, {"checkpoint_size", size}, {"line", line}})));
  return {};
}

Result<void> LedgerBoxLog::store(const NewToken& token) {
  IpcMessage request(Json{{"op", "token_store"},
                          {"checkpoint_size", token.checkpoint_size},
                          {"authority", token.authority},
                          {"renew_by_us", token.renew_by_us},
                          {"files", Json::array()}});
  for (const KeptFile& file : token.files) {
    request.body["files"].push_back(file.name);
    request.files.push_back(TRY(sealed_memory_file(file.name, file.bytes)));
  }
  const auto stored = call(std::move(request));
  if (!stored.ok() && stored.error().kind != ErrorKind::busy) return Error(stored.error());
  return {};
}

}  // namespace netsampler::stamp
