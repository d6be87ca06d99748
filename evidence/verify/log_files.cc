#include "evidence/verify/log_files.h"

#include <algorithm>
#include <charconv>

namespace netsampler::verify {
namespace {

constexpr std::size_t kBytesALogFile = 200;  // its lists grow by doubling

// tokens/<size>-<n>.tsr, and beside it <size>-<n>-<k>.<extension>.
bool take_token(LogFiles& files, std::string_view name, const std::string& path) {
  const auto size = log_number(name.substr(0, name.find('-')));
  if (!size || name.find('-') == std::string_view::npos || name.find('/') != std::string_view::npos) return false;
  if (name.ends_with(".tsr"))
    files.tokens.push_back({*size, path});
  else
    files.beside.push_back(path);
  return true;
}

bool take(LogFiles& files, std::string_view name, const std::string& path) {
  const bool is_checkpoint = name == "checkpoint" || (name.starts_with("checkpoints/") && log_number(name.substr(12)));
  if (is_checkpoint) files.checkpoints.push_back(path);
  if (is_checkpoint) return true;
  if (name.starts_with("tokens/")) return take_token(files, name.substr(7), path);
  const auto tile = tile_of_path(name);
  if (!tile) return false;
  files.tiles.push_back(*tile);
  auto& widest = files.widest[{tile->level, tile->index}];
  widest = std::max(widest, tile->width);
  return true;
}

}  // namespace

std::optional<std::uint64_t> log_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size() && std::to_string(number) == text;
  return whole && number <= kLogSizeLimit ? std::optional(number) : std::nullopt;
}

std::size_t LogFiles::most_leaves() const {
  return static_cast<std::size_t>(std::ranges::count(tiles, kEntries, &TileName::level)) * kTileWidth;
}

Result<LogFiles> log_files_of(Job& job, const std::string& base) {
  LogFiles files;
  files.base = base;
  const std::string prefix = base + "/";
  const auto& all = job.tree.files();
  for (auto at = all.lower_bound(prefix); at != all.end() && at->first.starts_with(prefix); ++at) {
    TRY(job.room.take(kBytesALogFile + at->first.size(), "files of the box log"));
    if (!take(files, at->first.substr(prefix.size()), std::string(at->first)))
      job.report.add(Reason::uncovered, std::string(at->first));
  }
  return files;
}

}  // namespace netsampler::verify
