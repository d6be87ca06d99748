// netsampler-pictures: what the pictures of one source show, as JSON lines, for netsampler-verify --deep; or one picture, small, for the
// console. It reads hostile video with large libraries, so it is a program of its own, without keys or network.
#include <ctime>
#include <iostream>

#include "evidence/base/program.h"
#include "evidence/pictures/survey.h"
#include "evidence/pictures/thumbnail.h"

namespace netsampler::pictures {
namespace {

Result<void> print_line(const Json& line) {
  std::cout << print(line) << std::endl;  // a reader waits for each line
  if (!std::cout) return fail(ErrorKind::io, "standard output is closed");
  return {};
}

struct Options {
  std::string directory;
  SurveyOptions survey;
  ThumbnailWanted thumbnail;
  int width = 0;  // 0: no thumbnail, a survey
  std::vector<std::string> segments;
};

// CPU time of this program so far.
std::int64_t cpu_us() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return std::int64_t{used.tv_sec} * 1'000'000 + used.tv_nsec / 1000;
}

// One line {"bytes":int,"cpu_us":int,"pts":int,"time"?:[number, boot_us, utc_us, utc_error_us]}, and behind it the bytes of the JPEG.
Result<int> run_thumbnail(Options options) {
  for (const std::string& text : options.segments) options.thumbnail.segments.push_back(TRY(parse_sealed_file(text)));
  options.thumbnail.width = options.width;
  const RealFileSystem disk;
  const Thumbnail made = TRY(thumbnail(disk, options.directory, options.thumbnail));
  Json about = {{"bytes", made.jpeg.size()}, {"cpu_us", cpu_us()}, {"pts", made.pts}};
  if (made.time) about["time"] = {made.time->number, made.time->boot_us, made.time->utc_us, made.time->utc_error_us};
  TRY(print_line(about));
  std::cout << as_text(made.jpeg) << std::flush;
  if (!std::cout) return fail(ErrorKind::io, "standard output is closed");
  return 0;
}

Result<int> run(const Options& options) {
  if (options.width > 0) return run_thumbnail(options);
  const RealFileSystem disk;
  TRY(survey(disk, options.directory, options.survey, print_line));
  return 0;
}

}  // namespace
}  // namespace netsampler::pictures

int main(int argc, char** argv) {
  CLI::App app("What the pictures of one source of a recording show (helper of netsampler-verify --deep) / 逐段解码并读取画面", "netsampler-pictures");
  netsampler::pictures::Options options;
  app.add_option("DIRECTORY", options.directory, "media/‹source› of a recording: init.mp4 and its segments")->required();
  app.add_flag("--strip", options.survey.strip, "read the strip at the top of the screen: cells and QR code");
  CLI::Option* width = app.add_option("--thumbnail", options.width, "only the last picture of the last --segment, this wide: one JSON line, then a JPEG / 只解码最后一帧，输出缩略图")
                           ->check(CLI::Range(16, 4096));
  app.add_option("--init", options.thumbnail.init_sha256, "SHA-256 of init.mp4 as the chain has it")->needs(width);
  app.add_option("--segment", options.segments, "NO:SHA256 of each segment from the last key picture on, as the chain has them")->needs(width)->allow_extra_args(false);
  return netsampler::program_main(app, argc, argv, [&] { return netsampler::pictures::run(options); });
}
