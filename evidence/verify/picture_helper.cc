#include "evidence/verify/picture_helper.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "evidence/base/process.h"

namespace netsampler::verify {
namespace {

constexpr std::size_t kLineBytes = 65'536;

// Whole lines out of pieces.
class Lines {
 public:
  Lines(std::size_t most, const PictureReader::LineVisitor& each) : left_(most), each_(each) {}
  Result<void> take(std::string_view piece) {
    held_ += piece;
    std::size_t from = 0;
    for (std::size_t end = held_.find('\n'); end != std::string::npos; end = held_.find('\n', from)) {
      if (left_-- == 0) return fail(ErrorKind::full, "more lines than segments");
      TRY(each_(std::string_view(held_).substr(from, end - from)));
      from = end + 1;
    }
    held_.erase(0, from);
    if (held_.size() > kLineBytes) return fail(ErrorKind::full, "a line over 64 KiB");
    return {};
  }

 private:
  std::size_t left_;
  const PictureReader::LineVisitor& each_;
  std::string held_;
};

class Helper final : public PictureReader {
 public:
  Helper(std::string program, std::string root, int patience_ms)
      : program_(std::move(program)), root_(std::move(root)), patience_ms_(patience_ms) {}

  Result<void> read(const std::string& directory, bool strip, std::size_t most_lines, const LineVisitor& each) override {
    auto ends = TRY(make_pipe());
    ProcessOptions options;
    options.arguments = {program_, root_ + "/" + directory};
    if (strip) options.arguments.push_back("--strip");
    options.descriptors = {{ends.second.get(), 1}};
    Process process = TRY(Process::start(options));
    ends.second.reset();
    Lines lines(most_lines, each);
    TRY(drain(ends.first.get(), lines));
    const auto code = process.wait(patience_ms_);
    if (!code) return fail(ErrorKind::unavailable, program_ + " does not end");
    if (*code != 0) return fail(ErrorKind::io, program_ + " ended with exit code " + std::to_string(*code));
    return {};
  }

 private:
  Result<void> drain(int fd, Lines& lines) const {
    char piece[16'384];
    for (;;) {  // ends with the child, its silence, or too many lines
      pollfd ready{fd, POLLIN, 0};
      const int count = ::poll(&ready, 1, patience_ms_);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return fail(ErrorKind::unavailable, program_ + ": nothing heard for " + std::to_string(patience_ms_ / 1000) + " s");
      const ssize_t size = ::read(fd, piece, sizeof piece);
      if (size < 0) return fail_errno("read from " + program_);
      if (size == 0) return {};
      TRY(lines.take({piece, static_cast<std::size_t>(size)}));
    }
  }

  std::string program_, root_;
  int patience_ms_;
};

}  // namespace

std::unique_ptr<PictureReader> picture_helper(std::string program, std::string root, int patience_ms) {
  return std::make_unique<Helper>(std::move(program), std::move(root), patience_ms);
}

std::string picture_helper_beside() {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return "";
  const std::string program = (self.parent_path() / "netsampler-pictures").string();
  return program_found(program) ? program : "";
}

}  // namespace netsampler::verify
