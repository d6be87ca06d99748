// Files that the officer downloads in the watched browser: which, from where, when they were whole. The browser writes them into one
// directory under names of its own (its GUID), so that nothing a page says becomes a path. Single-threaded.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "evidence/base/clock.h"
#include "evidence/base/json.h"

namespace netsampler {

inline constexpr std::size_t kDownloadsAtOnce = 64;
inline constexpr std::int64_t kDownloadLimit_bytes = 64 << 20;  // of one that is kept: what the ledger takes

struct Download {
  std::string url, name;  // as the browser suggests it; the page's word: never a path. Both private
  std::string path;       // of the file, in our directory
  std::string frame;      // id of the frame that began it
  std::int64_t from_us = 0, to_us = 0;  // BOOTTIME
  std::int64_t at_utc_us = 0;           // of to_us
  std::int64_t bytes = 0;
  std::int64_t tab = 0;   // 0: not of a tab
  bool whole = false;     // false: broken off
};

class Downloads {
 public:
  Downloads(const Clock& clock, std::string directory) : clock_(clock), directory_(std::move(directory)) {}
  // Parameters of Browser.downloadWillBegin. False where too many are under way: that one is not followed.
  bool begin(const Json& params, std::int64_t tab);
  // Parameters of Browser.downloadProgress; the download when it has ended.
  std::optional<Download> progress(const Json& params);
  // What is still under way is broken off.
  std::optional<Download> abandon();

 private:
  Download ended(const std::string& guid, bool whole);
  const Clock& clock_;
  const std::string directory_;
  std::map<std::string, Download> open_;
};

}  // namespace netsampler
