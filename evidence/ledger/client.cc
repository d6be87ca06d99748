#include "evidence/ledger/client.h"

#include <fcntl.h>

namespace netsampler {
namespace {

// A closing recording and a rebuild of the index read and sync more than one request usually does.
constexpr int kLongCallMs = 600'000;

Json logins(const std::vector<SamplerLogin>& samplers) {
  Json list = Json::array();
  for (const auto& sampler : samplers) list.push_back({{"id", sampler.id}, {"password", sampler.password}});
  return list;
}

Result<Receipt> receipt_of(const Json& reply) {
  Receipt receipt;
  receipt.seq = TRY(get_int(reply, "seq"));
  receipt.head = TRY(get_string(reply, "head"));
  receipt.at_us = int_or(reply, "at_us", 0);
  receipt.err_us = int_or(reply, "err_us", 0);
  return receipt;
}

// Descriptors stay the caller's: copies go along.
Result<IpcMessage> with_descriptors(Json request, const std::vector<LedgerFile>& files) {
  IpcMessage message(std::move(request));
  Json paths = Json::array();
  for (const auto& file : files) {
    paths.push_back(file.path);
    Fd copy(::fcntl(file.fd.get(), F_DUPFD_CLOEXEC, 0));
    if (!copy.valid()) return fail_errno("handing over " + file.path);
    message.files.push_back(std::move(copy));
  }
  if (!files.empty()) message.body["files"] = std::move(paths);
  return message;
}

}  // namespace

Result<LedgerClient> LedgerClient::connect(const std::string& socket) {
  return LedgerClient(TRY_WITH(IpcClient::connect(socket), "reaching the ledger"));
}

Result<Json> LedgerClient::status() { return ipc_.call(Json{{"op", "status"}}); }

Result<OpenedRecording> LedgerClient::open(const RecordingRequest& request) {
  Json call{{"op", "recording_open"}};
  if (!request.kind.empty()) call["kind"] = request.kind;
  if (!request.case_id.empty()) call["case"] = request.case_id;
  if (!request.display.empty()) call["display"] = request.display;
  if (!request.samplers.empty()) call["samplers"] = logins(request.samplers);
  if (!request.software_sha256.empty()) call["software_sha256"] = request.software_sha256;
  if (!request.resumes.empty()) call["resumes"] = request.resumes;
  const Json reply = TRY(ipc_.call(call));
  OpenedRecording opened;
  opened.recording = TRY(get_string(reply, "recording"));
  opened.head = TRY(get_string(reply, "head"));
  opened.opened_boot_us = TRY(get_int(reply, "opened_boot_us"));
  if (reply.contains("sealed") && reply["sealed"].is_object())
    for (const auto& [source, segments] : reply["sealed"].items())
      if (segments.is_number_integer()) opened.sealed[source] = segments.get<std::int64_t>();
  return opened;
}

Result<Receipt> LedgerClient::send_record(Json request, const std::vector<LedgerFile>& files) {
  const IpcMessage message = TRY(with_descriptors(std::move(request), files));
  const IpcMessage reply = TRY(ipc_.call(message, receipt_ms_));
  return receipt_of(reply.body);
}

Result<Receipt> LedgerClient::append(const std::string& recording, const std::string& type, const Json& body,
                                     const Json& opened, const std::vector<LedgerFile>& files) {
  return send_record({{"op", "append"}, {"recording", recording}, {"type", type}, {"body", body}, {"private", opened}}, files);
}

Result<ClosedRecording> LedgerClient::close(const std::string& recording, const std::string& reason,
                                            const std::vector<SamplerLogin>& samplers) {
  Json call{{"op", "recording_close"}, {"recording", recording}, {"reason", reason}};
  if (!samplers.empty()) call["samplers"] = logins(samplers);
  const Json reply = TRY(ipc_.call(call, kLongCallMs));
  ClosedRecording closed;
  closed.seq = TRY(get_int(reply, "seq"));
  closed.head = TRY(get_string(reply, "head"));
  if (reply.contains("included") && reply["included"].is_array())
    for (const auto& name : reply["included"])
      if (name.is_string()) closed.included.push_back(name.get<std::string>());
  return closed;
}

Result<Receipt> LedgerClient::case_open(const std::string& case_id, const std::string& actor, const Json& body,
                                        const Json& opened) {
  return send_record({{"op", "case_open"}, {"case", case_id}, {"actor", actor}, {"body", body}, {"private", opened}}, {});
}

Result<Receipt> LedgerClient::book_append(const std::string& case_id, const std::string& type, const std::string& actor,
                                          const Json& body, const Json& opened, const std::vector<LedgerFile>& files) {
  return send_record({{"op", "book_append"}, {"case", case_id}, {"type", type}, {"actor", actor}, {"body", body}, {"private", opened}},
                     files);
}

Result<void> LedgerClient::clock(const Json& body) {
  TRY(ipc_.call(Json{{"op", "clock"}, {"body", body}}));
  return {};
}

Result<void> LedgerClient::account_add(const std::string& id, const std::string& name, const std::string& password) {
  TRY(ipc_.call(Json{{"op", "account_add"}, {"id", id}, {"name", name}, {"password", password}}));
  return {};
}

Result<std::string> LedgerClient::account_check(const std::string& id, const std::string& password) {
  const Json reply = TRY(ipc_.call(Json{{"op", "account_check"}, {"id", id}, {"password", password}}));
  return get_string(reply, "name");
}

Result<PackageSignature> LedgerClient::package_sign(const std::string& tagmanifest_sha256) {
  const Json reply = TRY(ipc_.call(Json{{"op", "package_sign"}, {"tagmanifest_sha256", tagmanifest_sha256}}));
  PackageSignature result;
  result.signature = TRY(get_string(reply, "signature"));
  result.box_key = TRY(get_string(reply, "box_key"));
  return result;
}

Result<std::int64_t> LedgerClient::rebuild_index() {
  const Json reply = TRY(ipc_.call(Json{{"op", "rebuild_index"}}, kLongCallMs));
  return get_int(reply, "records");
}

Result<Json> LedgerClient::log_state() { return ipc_.call(Json{{"op", "log_state"}}); }

Result<Json> LedgerClient::log_flush(bool renew) { return ipc_.call(Json{{"op", "log_flush"}, {"renew", renew}}, kLongCallMs); }

Result<Json> LedgerClient::key_show() { return ipc_.call(Json{{"op", "key_show"}}); }

Result<Json> LedgerClient::key_rotate() { return ipc_.call(Json{{"op", "key_rotate"}}, kLongCallMs); }

Result<StoredToken> LedgerClient::token_store(std::int64_t checkpoint_size, const std::string& authority, const std::vector<LedgerFile>& files) {
  const Json call{{"op", "token_store"}, {"checkpoint_size", checkpoint_size}, {"authority", authority}};
  const IpcMessage message = TRY(with_descriptors(call, files));
  const IpcMessage answered = TRY(ipc_.call(message));
  const Json& reply = answered.body;
  StoredToken stored;
  stored.path = TRY(get_string(reply, "path"));
  stored.sha256 = TRY(get_string(reply, "sha256"));
  return stored;
}

}  // namespace netsampler
