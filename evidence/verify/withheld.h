// What a package's withheld.jsonl declares as left out, with its reasons, held against what its records say. It only excuses an
// absence: what was withheld is known from records and leaves. Bounded: 200,000 files and 1,000,000 openings; a longer list declares nothing.
// It takes room for each; where that ends, the verification does.
#pragma once
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "evidence/format/withheld.h"
#include "evidence/verify/job.h"

namespace netsampler::verify {

using WithheldCounts = std::map<std::string, std::int64_t>;  // reason ("": none declared) → openings
std::string text_of(const WithheldCounts& counts);

class Withheld {
 public:
  Withheld() = default;
  Withheld(Withheld&&) = default;
  Withheld& operator=(Withheld&&) = default;
  Withheld(const Withheld&) = delete;  // it points into itself
  Withheld& operator=(const Withheld&) = delete;
  Result<void> add(const WithheldItem& item);  // in the list's order; `invalid` says what is off
  std::size_t bytes_for(const WithheldItem& item) const;  // that `add` would hold

  // A record names `file` at `path`, and it is absent: true where that is declared; the finding is then made.
  bool tells(Report& report, const std::string& path, const NamedFile& file);
  const std::string* reason_of(const std::string& chain_path, std::int64_t seq, std::int64_t index) const;  // nullptr: not declared
  // After all chains: files declared that are there, or that no record named.
  void finish(Job& job) const;

 private:
  struct File {
    std::int64_t bytes = 0;
    Hash sha256{};
    const std::string* reason = nullptr;
    bool named = false;
  };
  struct Place {
    const std::string* path;
    std::int64_t seq, index;
    const std::string* reason;
  };
  const std::string* kept(std::set<std::string>& texts, const std::string& text);
  std::map<std::string, File> files_;
  std::deque<Place> openings_;  // in the list's order
  std::set<std::string> reasons_, paths_;
  std::string last_path_;
  std::int64_t last_seq_ = -1, last_index_ = -1;
};

// Nothing declared where there is no such file, or `asked` is false (only a package has one). A line that is out of its form, or out of order, is a finding, and then nothing is declared.
Result<Withheld> read_withheld(Job& job, bool asked);

}  // namespace netsampler::verify
