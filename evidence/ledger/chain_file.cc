#include "evidence/ledger/chain_file.h"

namespace netsampler {
namespace {

constexpr std::size_t kSizeMargin = 64;  // a later stamp or epoch may be some digits longer than the one that was checked

}  // namespace

Result<ChainFile> ChainFile::open(FileSystem& disk, const std::string& directory, const std::string& name,
                                  const ChainPosition& position, SealedSink sink) {
  ChainFile file;
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

Result<void> ChainFile::write(const Draft& draft) {
  if (!draft.openings.lines.empty()) {
    std::string lines;
    for (const auto& line : draft.openings.lines) lines += line + "\n";
    TRY(private_->write(as_bytes(lines)));
    TRY(private_->sync());
  }
  const std::string line = draft.line + "\n";
  TRY(chain_->write(as_bytes(line)));
  return chain_->sync();
}

Result<std::int64_t> ChainFile::append(Envelope envelope, const Json& body, const Json& opened, const SealLine& seal) {
  TRY(usable());
  const Stamp stamp = stamp_of(envelope);
  const Draft sealed = TRY(draft(std::move(envelope), body, opened, seal));
  const Record record = TRY(parse_record(sealed.line));
  const Result<void> written = write(sealed);
  if (!written.ok()) return stop(written.error());
  const std::int64_t seq = position_.next_seq++;
  position_.head = line_hash(sealed.line);
  position_.bytes += static_cast<std::int64_t>(sealed.line.size()) + 1;
  position_.times.take(stamp);
  sink_({record, opened, head_hex(), position_.bytes});
  return seq;
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
