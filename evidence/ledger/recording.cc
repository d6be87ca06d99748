#include "evidence/ledger/recording.h"

#include <algorithm>
#include <array>

#include "evidence/format/kinds.h"
#include "evidence/ledger/handed_files.h"

namespace netsampler {
namespace {

constexpr std::array kSamplerKinds{"purchase", "logistics", "supplement"};
constexpr std::array kCameraKinds{"unboxing", "reception", "reinspection"};
constexpr std::array kOwnKinds{"open", "epoch", "close"};
constexpr std::int64_t kLastMomentUs = 2'000'000;  // before the last epoch's end: room for the last segment's record

template <class List>
bool holds(const List& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::string fresh_nonce() {
  Hash bytes{};
  random_fill(bytes);
  return hex_of(bytes);
}

Result<NamedFile> write_keys(FileSystem& disk, const std::string& root, const std::string& text) {
  TRY(write_whole(disk, root + "/keys.txt", as_bytes(text)));
  return NamedFile{"keys.txt", static_cast<std::int64_t>(text.size()), hex_of(sha256(as_bytes(text))), hex_of(sm3(as_bytes(text)))};
}

Json open_body(const RecordingTerms& terms, const LedgerWorld& world, const SigningKey& box, const NamedFile& keys) {
  Json body{{"nonce", fresh_nonce()},  {"kind", terms.kind},     {"software_version", world.version}, {"box_key", to_base64(box.public_key())},
            {"file", json_of(keys)},   {"epoch_us", kEpochUs},   {"epochs", kEpochs}};
  if (!terms.case_tag.empty()) body["case_tag"] = terms.case_tag;
  if (!terms.software_sha256.empty()) body["software_sha256"] = terms.software_sha256;
  if (!terms.samplers.empty()) body["samplers"] = terms.samplers;
  if (!terms.display.empty()) body["display"] = terms.display;
  if (!terms.beacon.empty()) body["beacon"] = terms.beacon;
  if (!terms.key_history.empty()) body["key_history"] = terms.key_history;
  if (terms.resumes.is_object()) body["resumes"] = terms.resumes;
  return body;
}

}  // namespace

bool needs_samplers(const std::string& kind) { return holds(kSamplerKinds, kind); }
bool is_recording_kind(const std::string& kind) { return needs_samplers(kind) || holds(kCameraKinds, kind); }

Recording::Recording(LedgerWorld& world, const BoxClock& clock, std::string root, RecordingTerms terms, ChainFile chain, EpochKeys keys)
    : world_(&world), clock_(&clock), root_(std::move(root)), terms_(std::move(terms)), chain_(std::move(chain)), keys_(std::move(keys)) {}

Result<Recording> Recording::open(LedgerWorld& world, const BoxClock& clock, const std::string& root, RecordingTerms terms,
                                  const SigningKey& box, SealedSink sink) {
  TRY(world.disk.make_directories(root));
  EpochKeys keys(Secret::random());
  ChainFile chain = TRY(ChainFile::open(world.disk, root, "chain.jsonl", {}, std::move(sink), SyncOrder::together));
  Recording made(world, clock, root, std::move(terms), std::move(chain), std::move(keys));
  TRY(made.write_open(box));
  return made;
}

Result<void> Recording::write_open(const SigningKey& box) {
  const NamedFile keys = TRY(write_keys(world_->disk, root_, keys_.keys_text()));
  const Json body = open_body(terms_, *world_, box, keys);
  TRY(check_public(ChainKind::recording, "open", body));
  const Envelope head = envelope("open", now());
  opened_boot_us_ = head.boot_us;
  TRY(chain_.append(head, body, Json::object(), [&](Json record) { return seal_open(std::move(record), box, keys_.key()); }));
  count("open", body);
  return {};
}

Stamp Recording::now() const { return clock_->stamp(chain_.position().times); }

Envelope Recording::envelope(const std::string& type, const Stamp& stamp) const {
  Envelope head;
  head.chain = ChainKind::recording;
  head.owner = terms_.id;
  head.type = type;
  head.epoch = keys_.epoch();
  put_stamp(stamp, head);
  return head;
}

SealLine Recording::epoch_seal() const {
  return [this](Json record) { return seal_record(std::move(record), keys_.key()); };
}

Result<void> Recording::turn_epochs() { return turn_to(now()); }

Result<void> Recording::turn_to(const Stamp& stamp) {
  const std::int64_t due = std::min(epoch_at(opened_boot_us_, kEpochUs, stamp.boot_us), kEpochs - 1);
  while (keys_.epoch() < due) {
    TRY(chain_.usable());
    TRY(keys_.advance_to(keys_.epoch() + 1));
    TRY(chain_.append(envelope("epoch", stamp), Json::object(), Json::object(), epoch_seal()));
    count("epoch", Json::object());
  }
  return {};
}

// One stamp decides both the epoch and the record's times, so that no record stands in an epoch that its own boot_us contradicts.
Result<Receipt> Recording::seal(const std::string& type, Json body, const Json& opened) {
  const Stamp stamp = now();
  TRY(turn_to(stamp));
  // Slept past its last epoch: no key of this recording may sign this moment any more. It stays as it is, interrupted.
  keys_ended_ = epoch_at(opened_boot_us_, kEpochUs, stamp.boot_us) >= kEpochs && chain_.usable().ok();
  if (keys_ended_)
    return chain_.stop(fail(ErrorKind::full, "recording " + terms_.id + " is older than 24 h: its keys have run out (start a new one)"));
  if (type == "close") add_counts(body);
  const std::int64_t seq = TRY(chain_.append(envelope(type, stamp), body, opened, epoch_seal()));
  count(type, body);
  return Receipt{seq, chain_.head_hex(), stamp.at_us, stamp.err_us};
}

Result<std::vector<NamedFile>> Recording::store_all(const std::vector<LedgerFile>& files) {
  std::vector<NamedFile> named;
  for (const auto& file : files) {
    auto stored = store(world_->disk, root_, file.path, file.fd.get());
    if (!stored.ok()) return chain_.stop(stored.error());
    named.push_back(stored.take());
  }
  return named;
}

Result<Receipt> Recording::append(const std::string& type, const Json& body, const Json& opened, const std::vector<LedgerFile>& files) {
  TRY(chain_.usable());
  if (holds(kOwnKinds, type)) return fail(ErrorKind::invalid, "the ledger writes this kind of record itself: " + type);
  const auto planned = TRY(check_recording_files(world_->disk, root_, type, body, files));
  const Json tried = TRY(with_files(ChainKind::recording, type, body, planned));
  TRY(check_public(ChainKind::recording, type, tried));
  TRY(chain_.check(envelope(type, now()), tried, opened, epoch_seal()));
  const auto named = TRY(store_all(files));
  const Json whole = TRY(with_files(ChainKind::recording, type, body, named));
  return seal(type, whole, opened);
}

// What `close` says counts the close record itself.
void Recording::add_counts(Json& body) const {
  ChainCounts whole = counts_;
  whole.add("close", body);
  body.update(json_of(whole));
}

Result<Receipt> Recording::close(const std::string& reason, const std::vector<std::string>& samplers) {
  Json body{{"reason", reason}};
  if (!samplers.empty()) body["samplers"] = samplers;
  Json tried = body;
  add_counts(tried);
  TRY(check_public(ChainKind::recording, "close", tried));
  return seal("close", std::move(body), Json::object());
}

bool Recording::over() const { return world_->clock.boot_us() - opened_boot_us_ >= kEpochUs * kEpochs - kLastMomentUs; }

void Recording::count(const std::string& type, const Json& body) {
  counts_.add(type, body);
  const std::string source = string_or(body, "source", "");
  if (type == "source" && !holds(sources_, source)) sources_.push_back(source);
  if (type == "environment") environment_ = body;
  if (type == "segment") sealed_us_ = int_or(body, "last_us", sealed_us_);
}

Json Recording::status() const {
  Json entry{{"id", terms_.id},          {"kind", terms_.kind},  {"head", head()},           {"seq", chain_.position().next_seq - 1},
             {"opened_boot_us", opened_boot_us_}, {"sources", sources_}, {"segments", counts_.segments}, {"sealed_us", sealed_us_}};
  if (!terms_.case_id.empty()) entry["case"] = terms_.case_id;
  if (!terms_.display.empty()) entry["display"] = terms_.display;
  if (terms_.resumes.is_object()) entry["resumes"] = terms_.resumes["recording"];
  if (environment_.is_object()) entry["environment"] = environment_;
  if (const auto state = chain_.usable(); !state.ok()) entry["broken"] = state.error().text;
  return entry;
}

}  // namespace netsampler
