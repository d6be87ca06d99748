#include "evidence/stamp/box_log_door.h"

#include "evidence/format/note.h"
#include "evidence/format/tlog.h"

namespace netsampler::stamp {

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
  const Json state = TRY(call(IpcMessage(Json{{"op", "log_state"}})));
  WaitingCheckpoint waiting;
  waiting.note = string_or(state, "checkpoint", "");
  if (waiting.note.empty()) return std::optional<WaitingCheckpoint>();
  const SignedNote note = TRY_WITH(parse_note(waiting.note), "the box log's checkpoint");
  const Checkpoint checkpoint = TRY_WITH(parse_checkpoint(note.text), "the box log's checkpoint");
  waiting.size = static_cast<std::int64_t>(checkpoint.size);
  if (waiting.size <= int_or(state, "stamped", 0)) return std::optional<WaitingCheckpoint>();
  return std::optional<WaitingCheckpoint>(std::move(waiting));
}

Result<void> LedgerBoxLog::store(std::int64_t checkpoint_size, const std::string& authority, ByteView response) {
  IpcMessage request(Json{{"op", "token_store"}, {"checkpoint_size", checkpoint_size}, {"authority", authority}});
  request.body["files"] = Json::array({"response.tsr"});
  request.files.push_back(TRY(sealed_memory_file("response.tsr", response)));
  const auto stored = call(std::move(request));
  if (!stored.ok() && stored.error().kind != ErrorKind::busy) return Error(stored.error());
  return {};
}

}  // namespace netsampler::stamp
