// The verification report of one case, with the integrity values of its files as the chains name them.
#include "evidence/base/crypto.h"
#include "evidence/base/file_system.h"
#include "evidence/format/record.h"
#include "ui/console/api_case_json.h"
#include "ui/console/api_heads.h"
#include "ui/console/api_routes.h"

namespace netsampler {
namespace {

constexpr std::size_t kChainLimit = 512u << 20;

void add_file(Json& list, const std::string& folder, const Json& file) {
  if (!file.is_object()) return;
  list.push_back({{"path", folder + string_or(file, "path", "")},
                  {"bytes", int_or(file, "bytes", 0)},
                  {"sha256", string_or(file, "sha256", "")},
                  {"sm3", string_or(file, "sm3", "")}});
}

void add_line(Json& list, const std::string& folder, std::string_view line) {
  const auto record = parse_any(line, {kLineBytes, 16});
  if (!record.ok() || !record->is_object()) return;  // the verifier names torn lines; this list is of what can be read
  if (record->contains("file")) add_file(list, folder, record->at("file"));
  if (record->contains("files") && record->at("files").is_array())
    for (const Json& file : record->at("files")) add_file(list, folder, file);
}

// Files that one chain names, in its order. A chain that cannot be read adds none.
void add_chain(Json& list, const std::string& data, const std::string& folder, const std::string& chain) {
  const RealFileSystem disk;
  const auto bytes = disk.read(data + "/" + folder + chain, kChainLimit);
  if (!bytes.ok()) return;
  std::string_view rest = as_text(*bytes);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    add_line(list, folder, rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

std::string language_of(const HttpRequest& request) { return request.target.ends_with("?lang=en") ? "en" : "zh"; }

}  // namespace

std::string heads_of(const CaseRow& row, const std::vector<RecordingRow>& recordings) {
  std::string heads = row.head;
  for (const RecordingRow& recording : recordings) heads += recording.head;
  return hex_of(sha256(as_bytes(heads)));
}

Result<HttpReply> get_verification(Call& call) {
  const IndexReader index = TRY(call.console.index());
  const CaseRow row = TRY(index.case_of(call.names["case"]));
  const auto recordings = TRY(index.recordings_of(row.id));
  const VerificationState state = call.console.verifications.ask(row.id, heads_of(row, recordings), language_of(call.request));
  Json json = {{"state", state.running ? "running" : state.error.empty() ? "done" : "failed"}, {"head", row.head}, {"hashes", Json::array()}};
  if (!state.error.empty()) json["error"] = state.error;
  if (state.checked_at_us > 0) json["checked_us"] = state.checked_at_us;
  if (state.report) {
    json["report"] = *state.report;
    json["report"].erase("hashes");  // the list below has both hashes
  }
  for (const RecordingRow& r : recordings) add_chain(json["hashes"], call.console.paths.data, "recordings/" + r.id + "/", "chain.jsonl");
  add_chain(json["hashes"], call.console.paths.data, "cases/" + row.id + "/", "book.jsonl");
  return reply_json(json);
}

}  // namespace netsampler
