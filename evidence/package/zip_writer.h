// A ZIP file of stored (uncompressed) entries, written from its beginning to its end: the same entries give the same bytes.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "evidence/base/file_system.h"

namespace netsampler {

class ZipWriter {
 public:
  explicit ZipWriter(const PieceVisitor& out);  // takes the file's bytes in order; its error ends the writing
  ~ZipWriter();
  ZipWriter(const ZipWriter&) = delete;
  ZipWriter& operator=(const ZipWriter&) = delete;
  // Then exactly `bytes` by write(). `path` ASCII.
  Result<void> entry(const std::string& path, std::int64_t bytes);
  Result<void> write(ByteView piece);
  Result<void> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace netsampler
