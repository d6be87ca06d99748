#include "evidence/package/zip_writer.h"

#include <archive.h>
#include <archive_entry.h>

namespace netsampler {

struct ZipWriter::State {
  explicit State(const PieceVisitor& visitor) : out(visitor), archive(archive_write_new()) {}
  PieceVisitor out;
  struct ::archive* archive;
  std::int64_t left_bytes = 0;  // of the entry
  Result<void> written;

  static la_ssize_t take(struct ::archive*, void* self, const void* bytes, std::size_t size) {
    auto* state = static_cast<State*>(self);
    state->written = state->out({static_cast<const std::uint8_t*>(bytes), size});
    return state->written.ok() ? static_cast<la_ssize_t>(size) : -1;
  }
  // Whose fault it is: the receiver's, else the library's.
  Result<void> outcome(int code) {
    if (!written.ok()) return written.error();
    if (code >= ARCHIVE_WARN) return {};
    const char* why = archive_error_string(archive);
    return fail(ErrorKind::internal, std::string("writing a ZIP file: ") + (why == nullptr ? "no reason given" : why));
  }
};

ZipWriter::ZipWriter(const PieceVisitor& out) : state_(std::make_unique<State>(out)) {
  archive_write_set_format_zip(state_->archive);
  archive_write_set_format_option(state_->archive, "zip", "compression", "store");
  archive_write_set_bytes_in_last_block(state_->archive, 1);  // nothing behind the end
  archive_write_open2(state_->archive, state_.get(), nullptr, &State::take, nullptr, nullptr);
}

ZipWriter::~ZipWriter() {
  state_->out = [](ByteView) { return Result<void>(); };
  archive_write_free(state_->archive);
}

Result<void> ZipWriter::entry(const std::string& path, std::int64_t bytes) {
  if (state_->left_bytes != 0) return fail(ErrorKind::internal, "a ZIP entry that is shorter than was said");
  state_->left_bytes = bytes;
  struct ::archive_entry* entry = archive_entry_new();
  archive_entry_set_pathname(entry, path.c_str());
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_perm(entry, 0644);
  archive_entry_set_size(entry, bytes);
  const int code = archive_write_header(state_->archive, entry);  // without a time: the same bytes each time
  archive_entry_free(entry);
  return state_->outcome(code);
}

Result<void> ZipWriter::write(ByteView piece) {
  state_->left_bytes -= static_cast<std::int64_t>(piece.size());
  if (state_->left_bytes < 0) return fail(ErrorKind::internal, "a ZIP entry that is longer than was said");
  const la_ssize_t count = piece.empty() ? 0 : archive_write_data(state_->archive, piece.data(), piece.size());
  return state_->outcome(count == static_cast<la_ssize_t>(piece.size()) ? ARCHIVE_OK : ARCHIVE_FATAL);
}

Result<void> ZipWriter::finish() {
  if (state_->left_bytes != 0) return fail(ErrorKind::internal, "a ZIP entry that is shorter than was said");
  return state_->outcome(archive_write_close(state_->archive));
}

}  // namespace netsampler
