// make_wacz DIR OUT: the web archive of the page archives DIR/1, DIR/2 … (as `netsampler-crawl visit --out` writes them), for programs that read WACZ.
#include <cstdio>
#include <filesystem>

#include "evidence/package/web_archive.h"

using namespace netsampler;

namespace {

constexpr const char* kRecording = "aaaaaaaaaaaaaaaaaaaaaaaaaa";

Result<void> make(RealFileSystem& disk, const std::string& from, const std::string& to) {
  Payload payload;
  for (const auto& name : TRY(walk(disk, from))) {
    const FileInfo info = TRY(disk.info(from + "/" + name));
    payload.files.push_back({std::string("data/recordings/") + kRecording + "/pages/" + name, from + "/" + name, "", info.bytes});
  }
  const auto archives = web_archives(disk, payload, 1'800'000'000'000'000, "test");
  if (archives.size() != 1) return fail(ErrorKind::invalid, from + " holds no page archive");
  auto file = TRY(disk.create(to));
  return archives.front().make([&file](ByteView piece) { return file->write(piece); });
}

}  // namespace

int main(int count, char** words) {
  crypto_start();
  RealFileSystem disk;
  const auto made = count == 3 ? make(disk, words[1], words[2]) : Result<void>(fail(ErrorKind::usage, "make_wacz DIR OUT"));
  if (!made.ok()) std::fprintf(stderr, "%s\n", made.error().text.c_str());
  return made.ok() ? 0 : 1;
}
