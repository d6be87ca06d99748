#include "evidence/witness/witness.h"

#include <charconv>

#include "evidence/format/tlog_consistency.h"

namespace netsampler::witness {
namespace {

Error off(const std::string& why) { return fail(ErrorKind::invalid, why); }

// The text up to the next newline, taken off `rest`.
Result<std::string_view> take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos) return off("a line is cut off");
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

Result<std::uint64_t> parse_old(std::string_view line) {
  std::uint64_t size = 0;
  const std::string_view digits = line.substr(std::min<std::size_t>(4, line.size()));
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
  if (!line.starts_with("old ") || error != std::errc() || end != digits.data() + digits.size() || std::to_string(size) != digits)
    return off("the first line is not “old <size>”");
  return size;
}

Result<Hash> parse_hash(std::string_view line) {
  const Bytes bytes = TRY(from_base64(line));
  Hash hash{};
  if (bytes.size() != hash.size()) return off("a proof's line is not 32 bytes");
  std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}

}  // namespace

struct Witness::Request {
  std::uint64_t old_size = 0;
  std::vector<Hash> proof;
  SignedNote note;
  Checkpoint checkpoint;
};

Witness::Witness(FileSystem& disk, const Clock& clock, std::string directory, std::string name, SigningKey key, std::vector<WatchedLog> logs)
    : disk_(disk), clock_(clock), directory_(std::move(directory)), name_(std::move(name)), key_(std::move(key)) {
  for (auto& log : logs) logs_[log.origin].key = log.key;
}

std::string Witness::place_of(const std::string& origin) const { return directory_ + "/logs/" + hex_of(sha256(as_bytes(origin))); }

Result<void> Witness::load() {
  TRY(disk_.make_directories(directory_ + "/logs"));
  TRY(disk_.make_directories(directory_ + "/conflicts"));
  for (auto& [origin, known] : logs_) {
    if (!exists(disk_, place_of(origin))) continue;
    const Bytes bytes = TRY(disk_.read(place_of(origin), kNoteBytes));
    const SignedNote note = TRY_WITH(parse_note(as_text(bytes)), place_of(origin));
    known.newest = TRY_WITH(parse_checkpoint(note.text), place_of(origin));
    if (known.newest.origin != origin || !note_signed_by(note, origin, known.key) || !note_cosigned_by(note, name_, key_.public_key()))
      return off(place_of(origin) + " is not what this witness cosigned (restore it from its backup; never delete it)");
    known.note = std::string(as_text(bytes));
  }
  return {};
}

Result<Witness::Request> Witness::parse(std::string_view text) {
  Request request;
  const std::string_view first = TRY(take_line(text));
  request.old_size = TRY(parse_old(first));
  for (std::string_view line = TRY(take_line(text)); !line.empty(); line = TRY(take_line(text))) {
    if (request.proof.size() == kConsistencyHashes) return off("more than 63 lines of proof");
    request.proof.push_back(TRY(parse_hash(line)));
  }
  request.note = TRY(parse_note(text));
  request.checkpoint = TRY(parse_checkpoint(request.note.text));
  return request;
}

WitnessAnswer Witness::add_checkpoint(std::string_view text) {
  const auto request = parse(text);
  if (!request.ok()) return {400, "text/plain", request.error().text + "\n", ""};
  const auto known = logs_.find(request->checkpoint.origin);
  if (known == logs_.end()) return {404, "text/plain", "this log is not watched here\n", ""};
  if (!note_signed_by(request->note, request->checkpoint.origin, known->second.key)) return {403, "text/plain", "not signed by the log's key\n", ""};
  return judge(*request, known->second);
}

// The order is the protocol's, but for a second root of one size: that is kept and told whatever else the request says.
WitnessAnswer Witness::judge(const Request& request, Known& known) {
  const Checkpoint& next = request.checkpoint;
  if (known.newest.size > 0 && next.size == known.newest.size && next.root != known.newest.root) return conflict(request, known);
  if (request.old_size > next.size) return {400, "text/plain", "the old size is greater than the checkpoint's\n", ""};
  if (request.old_size != known.newest.size) return {409, "text/x.tlog.size", std::to_string(known.newest.size) + "\n", ""};
  const bool holds = known.newest.size == 0 ? request.proof.empty()
                                            : consistency_holds(known.newest.size, next.size, known.newest.root, next.root, request.proof);
  if (!holds) return {422, "text/plain", "the proof does not show that this log extends the one known here\n", ""};
  return cosign(request, known);
}

WitnessAnswer Witness::conflict(const Request& request, const Known& known) {
  const std::string path = directory_ + "/conflicts/" + hex_of(sha256(as_bytes(request.checkpoint.origin))) + "-" +
                           std::to_string(request.checkpoint.size) + "-" + hex_of(request.checkpoint.root);
  WitnessAnswer answer{409, "text/plain", "another root of this size was cosigned before\n", ""};
  answer.alarm = request.checkpoint.origin + " signed two different logs of " + std::to_string(known.newest.size) + " leaves; both are kept: " + path;
  if (exists(disk_, path)) return answer;
  const Result<void> kept = write_whole(disk_, path, as_bytes(print_note(request.note)));
  if (!kept.ok()) answer.alarm += " (could not be written: " + kept.error().text + ")";
  return answer;
}

WitnessAnswer Witness::cosign(const Request& request, Known& known) {
  SignedNote note;
  note.text = request.note.text;
  for (const auto& one : request.note.signatures)
    if (one.name == request.checkpoint.origin) note.signatures.push_back(one);
  const NoteSignature made = cosign_note(note.text, name_, key_, clock_.utc_us() / 1'000'000);
  note.signatures.push_back(made);
  const std::string text = print_note(note);
  const Result<void> written = write_whole(disk_, place_of(request.checkpoint.origin), as_bytes(text));
  if (!written.ok()) return {500, "text/plain", "the checkpoint could not be kept\n", written.error().text};
  known.newest = request.checkpoint;
  known.note = text;
  const std::string signatures = print_note({note.text, {made}}).substr(note.text.size() + 1);
  return {200, "text/plain; charset=utf-8", signatures, ""};
}

}  // namespace netsampler::witness
