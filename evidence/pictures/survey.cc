#include "evidence/pictures/survey.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "evidence/pictures/segment_decoder.h"
#include "evidence/pictures/strip_look.h"

namespace netsampler::pictures {
namespace {

constexpr std::size_t kMediaLimitBytes = 64u << 20;  // as the verifier's
constexpr std::size_t kLooksLimit = 16;              // of one segment
constexpr std::int64_t kLookTicks = 90'000;

std::optional<std::int64_t> number_of(const std::string& name) {
  constexpr std::string_view kEnding = ".m4s";
  if (!name.ends_with(kEnding) || name.size() < kEnding.size() + 6) return std::nullopt;
  std::int64_t number = 0;
  const char* const end = name.data() + name.size() - kEnding.size();
  const auto [stop, error] = std::from_chars(name.data(), end, number);
  if (error != std::errc() || stop != end || number < 0) return std::nullopt;
  return number;
}

Result<std::map<std::int64_t, std::string>> segments_of(const FileSystem& disk, const std::string& directory) {
  std::map<std::int64_t, std::string> segments;
  for (const std::string& name : TRY(disk.list(directory)))
    if (const auto number = number_of(name)) segments.emplace(*number, directory + "/" + name);
  return segments;
}

Json json_of(const Look& look) {
  Json json = {{"pts", look.pts}};
  if (look.code) json["second"] = look.code->second;
  if (look.code) json["head"] = to_hex(look.code->head);
  if (!look.beacon.empty()) json["beacon"] = look.beacon;
  return json;
}

class Survey {
 public:
  Survey(const SurveyOptions& options, const LineVisitor& each) : options_(options), each_(each) {}

  Result<void> run(const FileSystem& disk, const std::string& directory) {
    Bytes init = TRY(disk.read(directory + "/init.mp4", kMediaLimitBytes));
    decoder_ = TRY_WITH(SegmentDecoder::open(std::move(init)), directory + "/init.mp4");
    const auto segments = TRY(segments_of(disk, directory));
    for (const auto& [number, path] : segments) TRY(one(disk, number, path));
    decoder_->finish(visitor());
    TRY(tell_all());
    return each_({{"end", true}, {"segments", segments.size()}});
  }

 private:
  struct Told {
    Json line;
    std::int64_t frames = 0;
    std::optional<std::int64_t> first_pts, last_pts;
    Json looks = Json::array();
    struct Time {
      std::int64_t pts;
      FrameTime said;
    };
    std::vector<Time> times;
  };

  Result<void> one(const FileSystem& disk, std::int64_t number, const std::string& path) {
    const bool whole = before_ && number == *before_ + 1;
    before_ = number;
    Told& told = held_[number];
    told.line = {{"no", number}};
    const auto bytes = disk.read(path, kMediaLimitBytes);
    if (!bytes.ok()) return refused(told, "file", bytes.error().text);
    told.line["sha256"] = hex_of(sha256(*bytes));
    const auto fed = decoder_->feed(number, *bytes, whole, visitor());
    if (!fed.ok()) return refused(told, "file", fed.error().text);
    if (*fed == Fed::no_key) return refused(told, "key", "it needs segments that are not here");
    return tell_older(number);
  }

  // Nobody may build on it; what was held before is complete.
  Result<void> refused(Told& told, const char* why, const std::string& text) {
    told.line["why"] = why;
    told.line["text"] = text;
    before_.reset();
    return {};
  }

  PictureVisitor visitor() {
    return [this](const SeenPicture& picture) { take(held_[picture.segment], picture); };
  }

  void take(Told& told, const SeenPicture& picture) {
    const std::int64_t pts = picture.pts;
    const bool first = told.frames++ == 0;
    if (first) told.first_pts = pts;
    told.last_pts = pts;
    if (picture.time && told.times.size() < kMostTimes) told.times.push_back({pts, *picture.time});
    const bool due = first || !looked_pts_ || pts - *looked_pts_ >= kLookTicks;
    if (!options_.strip || !due || told.looks.size() >= kLooksLimit) return;
    looked_pts_ = pts;
    told.looks.push_back(json_of(look_at_strip(picture.luma, pts)));
  }

  // A decoder owes pictures of a few segments at most: what is far behind is complete.
  Result<void> tell_older(std::int64_t number) {
    constexpr std::int64_t kHeldSegments = 16;
    while (!held_.empty() && held_.begin()->first < number - kHeldSegments) TRY(tell(held_.begin()));
    return {};
  }
  Result<void> tell_all() {
    while (!held_.empty()) TRY(tell(held_.begin()));
    return {};
  }
  Result<void> tell_times(const Json& number, std::span<const Told::Time> times) {
    for (std::size_t from = 0; from < times.size(); from += kTimesALine) {
      Json list = Json::array();
      for (const auto& [pts, said] : times.subspan(from, std::min(kTimesALine, times.size() - from)))
        list.push_back({pts, said.number, said.boot_us, said.utc_us, said.utc_error_us});
      TRY(each_({{"no", number}, {"times", std::move(list)}}));
    }
    return {};
  }
  Result<void> tell(std::map<std::int64_t, Told>::iterator at) {
    Told told = std::move(at->second);
    held_.erase(at);
    TRY(tell_times(told.line["no"], told.times));
    told.line["frames"] = told.frames;
    if (told.first_pts) told.line["first_pts"] = *told.first_pts;
    if (told.last_pts) told.line["last_pts"] = *told.last_pts;
    told.line["looks"] = std::move(told.looks);
    return each_(told.line);
  }

  const SurveyOptions& options_;
  const LineVisitor& each_;
  std::unique_ptr<SegmentDecoder> decoder_;
  std::map<std::int64_t, Told> held_;  // by number
  std::optional<std::int64_t> before_, looked_pts_;
};

}  // namespace

Result<void> survey(const FileSystem& disk, const std::string& directory, const SurveyOptions& options, const LineVisitor& each) {
  Survey work(options, each);
  return work.run(disk, directory);
}

}  // namespace netsampler::pictures
