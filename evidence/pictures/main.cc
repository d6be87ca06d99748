// netsampler-pictures: what the pictures of one source show, as JSON lines, for netsampler-verify --deep. It reads hostile video with
// large libraries, so it is a program of its own, without keys or network.
#include <iostream>

#include "evidence/base/program.h"
#include "evidence/pictures/survey.h"

namespace netsampler::pictures {
namespace {

Result<void> print_line(const Json& line) {
  std::cout << print(line) << std::endl;  // a reader waits for each line
  if (!std::cout) return fail(ErrorKind::io, "standard output is closed");
  return {};
}

Result<int> run(const std::string& directory, const SurveyOptions& options) {
  const RealFileSystem disk;
  TRY(survey(disk, directory, options, print_line));
  return 0;
}

}  // namespace
}  // namespace netsampler::pictures

int main(int argc, char** argv) {
  CLI::App app("What the pictures of one source of a recording show (helper of netsampler-verify --deep) / 逐段解码并读取画面", "netsampler-pictures");
  std::string directory;
  netsampler::pictures::SurveyOptions options;
  app.add_option("DIRECTORY", directory, "media/‹source› of a recording: init.mp4 and its segments")->required();
  app.add_flag("--strip", options.strip, "read the strip at the top of the screen: cells and QR code");
  return netsampler::program_main(app, argc, argv, [&] { return netsampler::pictures::run(directory, options); });
}
