// What a check of the box's files found wrong, told so that a book can keep it: whose file, which, and the verifier's word for it.
#pragma once
#include <compare>
#include <map>
#include <set>

#include "evidence/base/file_system.h"
#include "evidence/verify/report.h"

namespace netsampler {

struct Damage {
  std::string recording;  // id; empty: a case's own file, or the box log's
  std::string book;       // the case whose own file it is; empty: of a recording or of the box log
  std::string path;       // below that directory; of the box log "log/…"; empty where the name is no name of the format's, or has more than 8 digits in a row
  std::string found;      // stable reason code of the verifier, or "unreadable"
  std::string path_sha256 = {};  // of its text, where only the digits keep it out of a public record: the record that names the file is public already
  auto operator<=>(const Damage&) const = default;
};

// Findings that healthy bytes cannot give: contradictions, and what records name and is not there. Not what a recording was from the
// beginning (interrupted, late, unstamped …), not what this box's own records told before. `base`: what was verified, below data/;
// empty: data/ itself, without the bulk files.
std::set<Damage> damage_in(const verify::Report& report, const std::string& base);

// What the books say of cases and recordings: which cases a recording belongs to (its inclusions, and the case that it was opened for),
// and which damage is recorded already. Bounded by the books' and the openings' number.
class BookKnowledge {
 public:
  static Result<BookKnowledge> read(const FileSystem& disk, const std::string& data_root);
  std::set<std::string> cases_of(const std::string& recording) const;
  std::set<std::string> recordings_of(const std::string& case_id) const;
  bool knows(const std::string& book, const Damage& damage) const;
  void learn(const std::string& book, const Damage& damage) { known_[book].insert(damage); }
  const std::vector<NamedFile>& orphans_of(const std::string& recording) const;  // files of it that a finding names, no record

 private:
  Result<void> take_book(const FileSystem& disk, const std::string& data_root, const std::string& id);
  void take_record(const std::string& book, const Record& record);
  std::map<std::string, std::set<std::string>> cases_;  // recording → cases
  std::map<std::string, std::string> tags_;             // tag of a case → its id
  std::map<std::string, std::set<Damage>> known_;       // by book
  std::map<std::string, std::vector<NamedFile>> orphans_;  // by recording
};

// The members of the `finding` record, and back; `known_from` gives nothing where the record is no such finding.
Json body_of(const Damage& damage);
std::optional<Damage> known_from(const std::string& book, const Json& body);

}  // namespace netsampler
