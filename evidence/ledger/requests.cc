#include "evidence/ledger/requests.h"

namespace netsampler {
namespace {

Json object_or_empty(const Json& request, const char* key) {
  const auto found = request.find(key);
  return found == request.end() ? Json::object() : *found;
}

Result<std::vector<SamplerLogin>> samplers_of(const Json& request) {
  std::vector<SamplerLogin> logins;
  const auto list = request.find("samplers");
  if (list == request.end()) return logins;
  if (!list->is_array()) return fail(ErrorKind::invalid, "member is not an array: samplers");
  for (const Json& row : *list) {
    SamplerLogin login;
    login.id = TRY(get_string(row, "id"));
    login.password = TRY(get_string(row, "password"));
    logins.push_back(std::move(login));
  }
  return logins;
}

// The paths of `files` with the descriptors that came beside them, in order.
Result<std::vector<LedgerFile>> files_of_request(IpcMessage& request) {
  std::vector<LedgerFile> files;
  const Json paths = request.body.contains("files") ? request.body["files"] : Json::array();
  if (!paths.is_array()) return fail(ErrorKind::invalid, "member is not an array: files");
  if (paths.size() != request.files.size())
    return fail(ErrorKind::invalid, std::to_string(paths.size()) + " paths came with " + std::to_string(request.files.size()) + " descriptors");
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (!paths[i].is_string()) return fail(ErrorKind::invalid, "member is not an array of strings: files");
    files.push_back({paths[i].get<std::string>(), std::move(request.files[i])});
  }
  return files;
}

Json reply_of(const Receipt& receipt) { return {{"seq", receipt.seq}, {"head", receipt.head}, {"at_us", receipt.at_us}, {"err_us", receipt.err_us}}; }

Result<Json> status(Ledger& ledger, IpcMessage&) { return ledger.status(); }

Result<Json> recording_open(Ledger& ledger, IpcMessage& request) {
  const Json& body = request.body;
  RecordingRequest wanted;
  if (body.contains("resumes")) wanted.resumes = TRY(get_string(body, "resumes"));
  if (wanted.resumes.empty()) wanted.kind = TRY(get_string(body, "kind"));
  if (body.contains("case")) wanted.case_id = TRY(get_string(body, "case"));
  if (body.contains("display")) wanted.display = TRY(get_string(body, "display"));
  if (body.contains("software_sha256")) wanted.software_sha256 = TRY(get_string(body, "software_sha256"));
  wanted.samplers = TRY(samplers_of(body));
  const OpenedRecording opened = TRY(ledger.open(wanted));
  Json reply{{"recording", opened.recording}, {"head", opened.head}, {"opened_boot_us", opened.opened_boot_us}};
  if (!wanted.resumes.empty()) reply["sealed"] = opened.sealed;
  return reply;
}

Result<Json> append_record(Ledger& ledger, IpcMessage& request) {
  const std::string recording = TRY(get_string(request.body, "recording"));
  const std::string type = TRY(get_string(request.body, "type"));
  const auto files = TRY(files_of_request(request));
  const Json body = object_or_empty(request.body, "body"), opened = object_or_empty(request.body, "private");
  return reply_of(TRY(ledger.append(recording, type, body, opened, files)));
}

Result<Json> recording_close(Ledger& ledger, IpcMessage& request) {
  const std::string recording = TRY(get_string(request.body, "recording"));
  const std::string reason = TRY(get_string(request.body, "reason"));
  const auto samplers = TRY(samplers_of(request.body));
  const ClosedRecording closed = TRY(ledger.close(recording, reason, samplers));
  return Json{{"seq", closed.seq}, {"head", closed.head}, {"included", closed.included}};
}

Result<Json> case_open(Ledger& ledger, IpcMessage& request) {
  const std::string case_id = TRY(get_string(request.body, "case"));
  const std::string actor = TRY(get_string(request.body, "actor"));
  const Json body = object_or_empty(request.body, "body"), opened = object_or_empty(request.body, "private");
  return reply_of(TRY(ledger.case_open(case_id, actor, body, opened)));
}

Result<Json> book_append(Ledger& ledger, IpcMessage& request) {
  const std::string case_id = TRY(get_string(request.body, "case"));
  const std::string type = TRY(get_string(request.body, "type"));
  const std::string actor = TRY(get_string(request.body, "actor"));
  const auto files = TRY(files_of_request(request));
  const Json body = object_or_empty(request.body, "body"), opened = object_or_empty(request.body, "private");
  return reply_of(TRY(ledger.book_append(case_id, type, actor, body, opened, files)));
}

Result<Json> clock(Ledger& ledger, IpcMessage& request) {
  TRY(ledger.clock(object_or_empty(request.body, "body")));
  return Json::object();
}

Result<Json> account_add(Ledger& ledger, IpcMessage& request) {
  const std::string id = TRY(get_string(request.body, "id"));
  const std::string name = TRY(get_string(request.body, "name"));
  const std::string password = TRY(get_string(request.body, "password"));
  TRY(ledger.account_add(id, name, password));
  return Json::object();
}

Result<Json> account_check(Ledger& ledger, IpcMessage& request) {
  const std::string id = TRY(get_string(request.body, "id"));
  const std::string password = TRY(get_string(request.body, "password"));
  const std::string name = TRY(ledger.account_check(id, password));
  return Json{{"id", id}, {"name", name}};
}

Result<Json> package_sign(Ledger& ledger, IpcMessage& request) {
  const std::string hash = TRY(get_string(request.body, "tagmanifest_sha256"));
  const PackageSignature made = TRY(ledger.package_sign(hash));
  return Json{{"signature", made.signature}, {"box_key", made.box_key}};
}

Result<Json> rebuild(Ledger& ledger, IpcMessage&) {
  const std::int64_t records = TRY(ledger.rebuild_index());
  return Json{{"records", records}};
}

Result<Json> log_state(Ledger& ledger, IpcMessage&) { return ledger.log_state(); }

Result<Json> log_flush(Ledger& ledger, IpcMessage& request) { return ledger.log_flush(bool_or(request.body, "renew", false)); }

Result<Json> log_consistency(Ledger& ledger, IpcMessage& request) {
  const std::int64_t old_size = TRY(get_int(request.body, "old_size"));
  const std::int64_t size = TRY(get_int(request.body, "checkpoint_size"));
  Json proof = Json::array();
  for (const Hash& hash : TRY(ledger.log_consistency(old_size, size))) proof.push_back(to_base64(hash));
  return Json{{"proof", proof}};
}

Result<Json> cosignature_store(Ledger& ledger, IpcMessage& request) {
  const std::int64_t size = TRY(get_int(request.body, "checkpoint_size"));
  const std::string line = TRY(get_string(request.body, "line"));
  TRY(ledger.cosignature_store(size, line));
  return Json::object();
}

Result<Json> token_store(Ledger& ledger, IpcMessage& request) {
  const std::int64_t size = TRY(get_int(request.body, "checkpoint_size"));
  const std::string authority = TRY(get_string(request.body, "authority"));
  const auto files = TRY(files_of_request(request));
  const StoredToken stored = TRY(ledger.token_store(size, authority, files, int_or(request.body, "renew_by_us", 0)));
  return Json{{"path", stored.path}, {"sha256", stored.sha256}};
}

Result<Json> key_show(Ledger& ledger, IpcMessage&) { return ledger.key_show(); }

Result<Json> key_rotate(Ledger& ledger, IpcMessage&) { return ledger.key_rotate(); }

struct Op {
  const char* name;
  Result<Json> (*run)(Ledger&, IpcMessage&);
};
constexpr Op kOps[] = {{"status", status},
                       {"recording_open", recording_open},
                       {"append", append_record},
                       {"recording_close", recording_close},
                       {"case_open", case_open},
                       {"book_append", book_append},
                       {"clock", clock},
                       {"account_add", account_add},
                       {"account_check", account_check},
                       {"package_sign", package_sign},
                       {"rebuild_index", rebuild},
                       {"log_state", log_state},
                       {"log_flush", log_flush},
                       {"log_consistency", log_consistency},
                       {"cosignature_store", cosignature_store},
                       {"token_store", token_store},
                       {"key_show", key_show},
                       {"key_rotate", key_rotate}};

}  // namespace

Result<IpcMessage> answer(Ledger& ledger, IpcMessage request) {
  const std::string name = TRY(get_string(request.body, "op"));
  for (const Op& op : kOps)
    if (name == op.name) return IpcMessage(TRY(op.run(ledger, request)));
  return fail(ErrorKind::invalid, "no such request: " + name);
}

void Turn::settle_all() {
  for (auto& [recording, why] : ledger_.settle()) failed_.try_emplace(recording, why);
}

Result<IpcMessage> Turn::take(IpcMessage request) {
  const bool appends = string_or(request.body, "op", "") == "append";
  recordings_.push_back(appends ? string_or(request.body, "recording", "") : "");
  if (appends)
    ledger_.hold();
  else
    settle_all();
  return answer(ledger_, std::move(request));
}

void Turn::settle(std::vector<Result<IpcMessage>>& replies) {
  settle_all();
  for (std::size_t i = 0; i < replies.size(); ++i)
    if (const auto why = failed_.find(recordings_[i]); why != failed_.end() && replies[i].ok()) replies[i] = why->second;
  recordings_.clear();
  failed_.clear();
}

}  // namespace netsampler
