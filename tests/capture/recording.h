// Runs netsampler-capture as a child and looks at what it left, with ffprobe and ffmpeg as the outside judges.
#pragma once
#include <gtest/gtest.h>
#include <poll.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "evidence/base/clock.h"
#include "evidence/base/file_system.h"
#include "evidence/base/json.h"
#include "evidence/base/process.h"
#include "tests/support/temp_directory.h"

namespace netsampler::capture {

inline std::string text_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

inline Result<Process> start_capture(std::vector<std::string> arguments, const std::string& log) {
  ProcessOptions options;
  options.arguments = std::move(arguments);
  options.arguments.insert(options.arguments.begin(), std::string(BINARY_DIR) + "/bin/netsampler-capture");
  options.output_file = log;
  return Process::start(options);
}

// Waits (bounded) until `what` is true; polls a file or the screen, things that cannot wake us.
template <class What>
bool eventually(const What& what, int limit_ms = 20'000) {
  const SystemClock clock;
  const std::int64_t end_us = clock.boot_us() + limit_ms * 1000LL;
  while (clock.boot_us() < end_us) {
    if (what()) return true;
    ::poll(nullptr, 0, 20);
  }
  return false;
}

inline std::vector<std::string> segments_in(const std::string& directory) {
  const RealFileSystem disk;
  std::vector<std::string> found;
  for (const auto& name : disk.list(directory).value_or({}))
    if (name.ends_with(".m4s")) found.push_back(directory + "/" + name);
  return found;
}

// init + all segments in one file, as a player gets them.
inline std::string joined(const std::string& directory) {
  const std::string path = directory + "/joined.mp4";
  std::ofstream out(path, std::ios::binary);
  out << text_of_file(directory + "/init.mp4");
  for (const auto& segment : segments_in(directory)) out << text_of_file(segment);
  return path;
}

struct ProbedFrame {
  double pts_seconds = 0;
  bool key = false;
};

inline Result<std::vector<ProbedFrame>> probe(const std::string& file) {
  const std::string text = TRY(run_and_read({"ffprobe", "-v", "error", "-of", "json", "-select_streams", "v", "-show_entries",
                                             "packet=pts,flags", file}, 60'000, 16u << 20));
  const Json json = TRY(parse_any(text));
  std::vector<ProbedFrame> frames;
  for (const Json& packet : json["packets"])
    frames.push_back({static_cast<double>(int_or(packet, "pts", -1)) / 90'000, string_or(packet, "flags", "").starts_with("K")});
  return frames;
}

// All frames decoded, any error of the decoder is one.
inline Result<std::int64_t> decoded_frames(const std::string& file) {
  const std::string text = TRY(run_and_read({"ffmpeg", "-v", "error", "-xerror", "-err_detect", "explode", "-i", file, "-vsync", "passthrough",
                                             "-f", "framecrc", "-"}, 60'000, 16u << 20));
  std::int64_t lines = 0;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines += line.starts_with("0,") ? 1 : 0;
  return lines;
}

// Colour 0xRRGGBB of a pixel in the last decoded frame.
class LastPicture {
 public:
  static Result<LastPicture> decode(const std::string& file, std::size_t width, std::size_t height) {
    const std::string all =
        TRY(run_and_read({"ffmpeg", "-v", "error", "-i", file, "-vsync", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"}, 60'000, 512u << 20));
    const std::size_t bytes = width * height * 3;
    if (all.size() < bytes || all.size() % bytes != 0) return fail(ErrorKind::invalid, "decoded pictures of another size");
    return LastPicture(all.substr(all.size() - bytes), width);
  }
  // Each channel within 10 of the colour that was drawn (QP 20, 4:2:0).
  bool shows(std::size_t x, std::size_t y, std::uint32_t rgb) const {
    for (std::size_t c = 0; c < 3; ++c) {
      const int seen = static_cast<unsigned char>(pixels_[(y * width_ + x) * 3 + c]);
      const int drawn = static_cast<int>(rgb >> (16 - 8 * c) & 0xff);
      if (seen - drawn > 10 || drawn - seen > 10) return false;
    }
    return true;
  }

 private:
  LastPicture(std::string pixels, std::size_t width) : pixels_(std::move(pixels)), width_(width) {}
  std::string pixels_;
  std::size_t width_;
};

}  // namespace netsampler::capture
