// Files that come beside a record: checked before anything is written, then stored, then named in the body where the kinds table
// has a place for them (`file` for one, `files` for several).
#pragma once
#include "evidence/ledger/client.h"
#include "evidence/ledger/sealed_store.h"

namespace netsampler {

// `body` with the place for files filled by `named`; refuses a body that names files itself, a kind without that place, and the
// wrong number.
Result<Json> with_files(ChainKind chain, const std::string& type, const Json& body, const std::vector<NamedFile>& named);

// In a recording: is each path where this record's files lie (media/<source>/…, pages/<page>/…), is none there already, is each
// descriptor sealed and bounded? The names as they will be, hashes zero.
Result<std::vector<NamedFile>> check_recording_files(const FileSystem& disk, const std::string& root, const std::string& type,
                                                     const Json& body, const std::vector<LedgerFile>& files);
// In a book: extensions [a-z0-9]{1,8} after a dot.
Result<std::vector<NamedFile>> check_book_files(const std::vector<LedgerFile>& files);
std::string extension_of(const std::string& path);  // ".pdf"; empty where there is none

}  // namespace netsampler
