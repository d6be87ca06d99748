// Writes the seeds that are made, not written by hand: chain, record, opening, media, note. `make_fuzz_seeds CORPUS`; run it when the format
// changes, and commit what it wrote.
#include <filesystem>
#include <fstream>

#include "evidence/format/tlog_proof.h"
#include "evidence/format/tlog_tree.h"
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

// All five forms that note_fuzz reads, of a log of three leaves.
void log_seeds(const std::filesystem::path& corpus, const SigningKey& box) {
  const std::string leaf = text_of(LogLeaf{});
  const std::vector<std::string> leaves(3, leaf);
  const std::vector<Hash> hashes(3, log_leaf_hash(leaf));
  LogTree tree;
  std::vector<TileText> full;
  for (const auto& text : leaves) tree.append(text, full);
  const std::string note = sign_checkpoint(tree.size(), tree.root(), box);
  SignedNote cosigned = parse_note(note).take();
  cosigned.signatures.push_back(cosign_note(cosigned.text, "witness", box, 1'700'000'000));
  write(corpus / "checkpoint", std::string(1, '\0') + note);
  write(corpus / "cosigned", std::string(1, '\0') + print_note(cosigned));
  write(corpus / "proof", "\1" + print_log_proof({1, inclusion_proof(hashes, 1), note, {}}));
  write(corpus / "proof_extra", "\1" + print_log_proof({1, inclusion_proof(hashes, 1), note, Bytes{1, 2}}));
  write(corpus / "tile", std::string("\2\2") + std::string(as_text(print_tile(hashes))));
  write(corpus / "entries", std::string("\3\2") + std::string(as_text(print_entries(leaves))));
  write(corpus / "leaf", "\4" + leaf);
}

void write_all(const std::filesystem::path& corpus) {
  const SigningKey box = test::box_key();
  log_seeds(corpus / "note", box);
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
