// A disk that is only read: all that would change it is `denied`. Who shows a disk in another light derives from it and gives the reading half.
#pragma once
#include "evidence/base/file_system.h"

namespace netsampler {

class ReadOnlyFileSystem : public FileSystem {
 public:
  Result<std::unique_ptr<AppendFile>> create(const std::string&) final { return refused(); }
  Result<std::unique_ptr<AppendFile>> open_append(const std::string&) final { return refused(); }
  Result<void> rename(const std::string&, const std::string&) final { return refused(); }
  Result<void> replace(const std::string&, const std::string&) final { return refused(); }
  Result<void> sync_directory(const std::string&) final { return refused(); }
  Result<void> make_directories(const std::string&) final { return refused(); }
  Result<void> remove(const std::string&) final { return refused(); }

 private:
  static Error refused() { return fail(ErrorKind::denied, "this disk is read-only"); }
};

}  // namespace netsampler
