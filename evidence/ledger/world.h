// What the ledger needs of the world, handed in: disk, clocks, room. One thread; outlives everything that holds it.
#pragma once
#include <functional>

#include "evidence/base/config.h"
#include "evidence/ledger/box_clock.h"
#include "evidence/ledger/box_key.h"

namespace netsampler {

struct LedgerWorld {
  FileSystem& disk;
  const Clock& clock;
  std::function<std::int64_t()> free_bytes;  // of the file system that holds data/
  std::function<KernelTime()> kernel;
  std::string version;                       // software_version of `open` and of the box's book
  KeyKeeping keys = {};
  Result<void> locked_memory = {};           // an error: secrets may be swapped out; told, for ever
};

}  // namespace netsampler
