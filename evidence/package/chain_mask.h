// What a mask leaves out of one recording or book, decided from its records: openings by kind and field, archives by the page's kind,
// segments by what was on the screen meanwhile.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/format/record.h"
#include "evidence/package/mask.h"

namespace netsampler {

class ChainMask {
 public:
  // `base`: the directory in the package, "data/case" or "data/recordings/<id>". The mask is the caller's and outlives this.
  ChainMask(Mask& mask, std::string base) : mask_(mask), base_(std::move(base)) {}
  // Each whole line in order. What is no record is passed over: it travels as it is, and the verifier judges it.
  void take(std::string_view line);
  // After the last: decides on the files.
  void finish();

  std::int64_t last_seq() const { return last_seq_; }
  // Why this opening is withheld; empty: it is shown. Of a record that is not here, or that has no openings: withheld under a profile.
  std::string opening(std::int64_t seq, const std::string& field);
  // The files that records name, path from the directory, and why each is withheld (empty: it goes along).
  struct File {
    NamedFile file;
    std::string why;
  };
  const std::map<std::string, File>& files() const { return files_; }
  // Why a file that no record of this chain names is withheld.
  std::string unnamed(const std::string& path);

 private:
  struct Page {
    std::string kind;
    std::int64_t from_us = 0, to_us = 0;  // BOOTTIME
    bool gone = false;                    // it had left the screen at to_us
    std::int64_t utc_us = 0;              // to be added to BOOTTIME
    std::vector<std::string> files;
  };
  struct Segment {
    std::string source, path;
    std::int64_t from_us = 0, to_us = 0, utc_us = 0;
    bool key = false;
  };
  void page(const Record& record, const std::vector<NamedFile>& files);
  void segment(const Record& record, const std::vector<NamedFile>& files);
  std::int64_t off_screen_us(std::size_t number) const;
  void withhold(const std::string& path, const std::string& why);
  void decide_pages();
  void decide_segments();

  Mask& mask_;
  std::string base_;
  std::int64_t last_seq_ = -1;
  bool is_book_ = false;
  std::map<std::int64_t, RecordFacts> openings_;
  std::map<std::string, File> files_;
  std::vector<Page> pages_;
  std::vector<Segment> segments_;
  std::vector<std::pair<std::int64_t, std::int64_t>> hidden_us_;  // BOOTTIME: a withheld page was, or may have been, on the screen
};

}  // namespace netsampler
