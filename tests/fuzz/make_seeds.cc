// Writes the seeds that are made, not written by hand: chain, record, opening, media. `make_fuzz_seeds CORPUS`; run it when the format
// changes, and commit what it wrote.
#include <filesystem>
#include <fstream>

#include "tests/fuzz/recording.h"

using namespace netsampler;

namespace {

void write(const std::filesystem::path& path, const std::string& bytes) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string media_input(const std::string& init, const std::string& segment) {
  return test::u16(init.size()) + init + segment;
}

void lines(const std::filesystem::path& corpus, const std::string& text, const std::string& prefix) {
  std::size_t no = 0;
  for (std::size_t from = 0; from < text.size(); from = text.find('\n', from) + 1)
    write(corpus / (prefix + std::to_string(no++)), text.substr(from, text.find('\n', from) - from));
}

void write_all(const std::filesystem::path& corpus) {
  const SigningKey box = test::box_key();
  const std::string chain = test::fuzz_recording(box).files.at("chain.jsonl");
  write(corpus / "chain/as_it_stands", std::string(1, '\0') + chain);
  write(corpus / "chain/resealed", "\1" + chain);
  write(corpus / "chain/resealed_short", "\1" + test::line_at(chain, 0) + "\n" + test::line_at(chain, 2) + "\n");
  lines(corpus / "record", chain, "recording_");
  ManualClock clock;
  test::BookMaker book(test::kCase, clock, box);
  book.open();
  book.add("decision", {{"decision", "case-closed"}}, {{"note", "张三"}});
  lines(corpus / "record", book.files.at("book.jsonl"), "book_");
  lines(corpus / "opening", book.files.at("private.jsonl"), "opened_");
  const auto opening = parse_opening(test::line_at(book.files.at("private.jsonl"), 0));
  if (opening.ok()) write(corpus / "opening/withheld", withheld_line(*opening));
  write(corpus / "media/two_frames", media_input(test::make_init(), test::make_segment({})));
  write(corpus / "media/two_fragments", media_input(test::make_init(), test::make_segment({}) + test::make_segment({.first_pts = 180'000, .key = false})));
  write(corpus / "media/no_init", media_input("", test::make_segment({.tfhd_flags = 0x20038})));
  write(corpus / "media/hevc", media_input(test::make_init({.entry = "hvc1"}), ""));
}

}  // namespace

int main(int count, char** words) {
  if (count != 2) return 64;
  write_all(words[1]);
  return 0;
}
