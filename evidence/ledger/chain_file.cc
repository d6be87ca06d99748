#include "evidence/ledger/chain_file.h"

namespace netsampler {
namespace {

constexpr std::size_t kSizeMargin = 64;  // a later stamp or epoch may be some digits longer than the one that was checked

}  // namespace

Result<ChainFile> ChainFile::open(FileSystem& disk, const std::string& directory, const std::string& name,
                                  const ChainPosition& position, SealedSink sink, SyncOrder order) {
  ChainFile file;
  file.disk_ = &disk;
  file.order_ = order;
  file.position_ = position;
  file.sink_ = std::move(sink);
  const bool fresh = !exists(disk, directory + "/" + name) || !exists(disk, directory + "/private.jsonl");
  file.private_ = TRY(disk.open_append(directory + "/private.jsonl"));
  file.chain_ = TRY(disk.open_append(directory + "/" + name));
  if (fresh) TRY(disk.sync_directory(directory));
  return file;
}

Result<ChainFile::Draft> ChainFile::draft(Envelope envelope, const Json& body, const Json& opened, const SealLine& seal) const {
  Draft made;
  made.openings = TRY(make_openings(position_.next_seq, opened));
  envelope.seq = position_.next_seq;
  envelope.prev = position_.head;
  envelope.private_count = made.openings.count;
  envelope.private_root = made.openings.root;
  Json unsigned_record = TRY(make_record(envelope, body));
  made.line = TRY(seal(std::move(unsigned_record)));
  return made;
}

Result<void> ChainFile::check(Envelope envelope, const Json& body, const Json& opened, const SealLine& seal) const {
  TRY(usable());
  const Draft tried = TRY(draft(std::move(envelope), body, opened, seal));
  if (tried.line.size() + kSizeMargin >= kLineBytes) return fail(ErrorKind::invalid, "record refused: longer than 64 KiB");
  return {};
}

Result<void> ChainFile::write() {
  TRY(usable());
  if (!openings_.empty()) TRY(private_->write(as_bytes(openings_)));
  if (!openings_.empty() && order_ == SyncOrder::openings_first) TRY(private_->sync());
  return chain_->write(as_bytes(lines_));
}

std::vector<AppendFile*> ChainFile::unsynced() const {
  if (openings_.empty() || order_ == SyncOrder::openings_first) return {chain_.get()};
  return {private_.get(), chain_.get()};
}

Result<std::int64_t> ChainFile::append(Envelope envelope, const Json& body, const Json& opened, const SealLine& seal) {
  TRY(usable());
  const Stamp stamp = stamp_of(envelope);
  const Draft sealed = TRY(draft(std::move(envelope), body, opened, seal));
  Record record = TRY(parse_record(sealed.line));
  if (waiting_.empty()) settled_ = position_;
  for (const auto& line : sealed.openings.lines) openings_ += line + "\n";
  lines_ += sealed.line + "\n";
  const std::int64_t seq = position_.next_seq++;
  position_.head = line_hash(sealed.line);
  position_.bytes += static_cast<std::int64_t>(sealed.line.size()) + 1;
  position_.times.take(stamp);
  waiting_.push_back({std::move(record), opened, head_hex(), position_.bytes});
  if (!holding_) TRY(settle());
  return seq;
}

Result<void> ChainFile::settled(const Result<void>& synced) {
  if (!synced.ok()) {
    position_ = settled_;
    return stop(synced.error());
  }
  const auto settled = std::exchange(waiting_, {});
  lines_.clear();
  openings_.clear();
  for (const auto& each : settled) sink_({each.record, each.opened, each.head, each.end_bytes});
  return {};
}

Result<void> ChainFile::settle() { return settle_all(*disk_, {this}).front(); }

std::vector<Result<void>> ChainFile::settle_all(FileSystem& disk, const std::vector<ChainFile*>& chains) {
  std::vector<Result<void>> outcomes(chains.size());
  std::vector<AppendFile*> files;
  std::vector<std::size_t> of;  // the chain of each file
  for (std::size_t i = 0; i < chains.size(); ++i) {
    chains[i]->holding_ = false;
    if (chains[i]->waiting_.empty()) continue;
    outcomes[i] = chains[i]->write();
    if (!outcomes[i].ok()) continue;
    for (AppendFile* file : chains[i]->unsynced()) files.push_back(file), of.push_back(i);
  }
  const auto synced = disk.sync_all(files);
  for (std::size_t k = 0; k < files.size(); ++k)
    if (outcomes[of[k]].ok()) outcomes[of[k]] = synced[k];
  for (std::size_t i = 0; i < chains.size(); ++i)
    outcomes[i] = chains[i]->waiting_.empty() ? chains[i]->usable() : chains[i]->settled(outcomes[i]);
  return outcomes;
}

Result<void> ChainFile::usable() const {
  if (broken_) return *broken_;
  return {};
}

Error ChainFile::stop(Error error) {
  if (!broken_) broken_ = std::move(error).with("this chain has stopped, nothing more can be appended");
  return *broken_;
}

}  // namespace netsampler
