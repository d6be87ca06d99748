#include "evidence/fsck/fsck.h"

#include <algorithm>

#include "evidence/format/names.h"
#include "evidence/format/public_text.h"
#include "evidence/fsck/position.h"
#include "evidence/verify/job.h"
#include "evidence/verify/verify.h"

namespace netsampler {
namespace {

constexpr const char* kBoxBook = "box";
constexpr const char* kChains = "chains";
constexpr std::size_t kDamagesTold = 1000;
constexpr std::int64_t kFindingsOfOneUnit = 100;  // in a book; the `check` counts them all

// One step of a round: a directory below data/, or (kChains) all chains and the log together.
struct Unit {
  std::string name;
  std::int64_t files = 0, bytes = 0;
};

int rank_of(const std::string& name) { return name == kChains ? 1 : name.starts_with("cases/") ? 2 : name.empty() ? 0 : 3; }
bool before(const std::string& a, const std::string& b) { return std::pair(rank_of(a), a) < std::pair(rank_of(b), b); }

class Round {
 public:
  Round(const FileSystem& disk, FileSystem& own, const FsckOrder& order, const Clock& clock, const HoldUp& hold_up, const AppendToBook& append,
        const FsckProgress& progress)
      : disk_(disk), own_(own), order_(order), pace_(order.rate_bytes_per_s, clock, [this, &hold_up](int wait_ms) { return hold(hold_up, wait_ms); }),
        append_(append), progress_(progress) {}
  Round(const Round&) = delete;
  Round& operator=(const Round&) = delete;

  Result<FsckOutcome> run() {
    auto books = read_books();
    if (!books.ok()) return stopped_ ? Result<FsckOutcome>(outcome(false)) : Result<FsckOutcome>(books.error());
    knowledge_ = books.take();
    const auto units = TRY(units_of());
    if (order_.cases.empty()) position_ = load_position(own_, order_.position);
    for (const auto& unit : units) {
      if (!before(position_.after, unit.name)) continue;
      const auto done = check(unit);
      if (!done.ok() && stopped_) return outcome(false);
      if (!done.ok()) return Error(done.error()).with("checking " + unit.name);
      TRY(passed(unit));
    }
    TRY(conclude());
    return outcome(true);
  }

 private:
  // The verifier takes every error of a read for the disk's: that it was ours is remembered here.
  Result<void> hold(const HoldUp& hold_up, int wait_ms) {
    auto held = hold_up(wait_ms);
    stopped_ = stopped_ || !held.ok();
    return held;
  }

  Result<BookKnowledge> read_books() {
    PacedDisk chains(disk_, pace_);
    chains.show_chains_only(true);
    return BookKnowledge::read(chains, order_.data_root);
  }

  Result<std::vector<std::string>> names() const {
    std::vector<std::string> found;
    if (order_.cases.empty()) {
      found.push_back(kChains);
      for (const char* kind : {"cases", "recordings"})
        for (const auto& id : TRY(disk_.list(order_.data_root + "/" + kind))) found.push_back(std::string(kind) + "/" + id);
      return found;
    }
    for (const auto& id : order_.cases) {
      if (!is_case_id(id) || !exists(disk_, order_.data_root + "/cases/" + id))
        return fail(ErrorKind::not_found, "no case " + id + " (netsampler case list shows them)");
      found.push_back("cases/" + id);
      for (const auto& recording : knowledge_.recordings_of(id)) found.push_back("recordings/" + recording);
    }
    std::sort(found.begin(), found.end(), before);
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
  }

  Result<std::vector<Unit>> units_of() {
    std::vector<Unit> units;
    const auto found = TRY(names());
    for (const auto& name : found) {
      Unit unit{name};
      const std::string root = order_.data_root + "/" + (name == kChains ? "log" : name);
      const auto tree = verify::Tree::scan(disk_, root, false);
      if (tree.ok()) unit.files = static_cast<std::int64_t>(tree->files().size());
      if (tree.ok())
        for (const auto& [path, bytes] : tree->files()) unit.bytes += bytes;
      total_ += unit.bytes;
      units.push_back(std::move(unit));
    }
    return units;
  }

  Result<void> check(const Unit& unit) {
    if (unit.name == kChains) return record(TRY(chains_damage()));
    return record(TRY(directory_damage(unit.name)));
  }

  // All chains against each other, the log and its tokens. A box at work moves under the eye (a head between two looks): only what a
  // second look says too is damage.
  Result<std::set<Damage>> chains_damage() {
    const std::set<Damage> first = TRY(look_at_chains());
    if (first.empty()) return first;
    const std::set<Damage> second = TRY(look_at_chains());
    std::set<Damage> both;
    std::set_intersection(first.begin(), first.end(), second.begin(), second.end(), std::inserter(both, both.end()));
    return both;
  }

  Result<std::set<Damage>> look_at_chains() {
    PacedDisk paced(disk_, pace_);
    paced.show_chains_only(true);
    const auto report = verify::verify(paced, order_.data_root, std::nullopt);
    if (!report.ok() && report.error().kind == ErrorKind::invalid) return std::set<Damage>();  // a box that has recorded nothing
    if (!report.ok()) return report.error();
    auto found = damage_in(*report, "");
    found.merge(TRY(token_damage(paced)));
    return found;
  }

  // The box's book names each token with its hash.
  Result<std::set<Damage>> token_damage(const FileSystem& paced) {
    verify::Tree tree = TRY(verify::Tree::scan(paced, order_.data_root, false));
    verify::Report report;
    verify::Pool pool(0);
    verify::Job job{tree, report, pool, nullptr};
    std::vector<NamedFile> named;
    const std::string book = std::string("cases/") + kBoxBook + "/book.jsonl";
    if (!tree.has(book)) return std::set<Damage>();
    TRY(tree.lines(book, [&](std::string_view line) -> Result<void> {
      const auto entry = parse_record(line);
      if (!entry.ok() || entry->head.type != "token" || !entry->body.contains("tokens")) return {};
      for (const Json& token : entry->body["tokens"])
        if (const auto file = named_file_from(token); file.ok()) named.push_back(*file);
      return {};
    }));
    for (const auto& file : named) TRY(verify::check_file(job, "log", file));
    std::set<Damage> found;
    for (const auto& finding : report.findings)
      found.insert({"", "", finding.where, std::string(verify::row_of(finding.reason).code)});
    return found;
  }

  // A directory by itself. What a book says of recordings that lie elsewhere was looked at with the chains.
  Result<std::set<Damage>> directory_damage(const std::string& name) {
    PacedDisk paced(disk_, pace_);
    const std::string root = order_.data_root + "/" + name;
    for (const char* chain : {"chain.jsonl", "book.jsonl"}) paced.freeze(root + "/" + chain);
    verify::Options options;
    options.deep = true;
    const auto report = verify::verify(paced, root, std::nullopt, options);
    if (!report.ok() && report.error().kind == ErrorKind::invalid) return std::set<Damage>();  // cut before its first record
    if (!report.ok()) return report.error();
    std::set<Damage> found;
    for (Damage damage : damage_in(*report, name)) {
      if (paced.unreadable().contains(root + "/" + damage.path)) damage.found = "unreadable";
      found.insert(std::move(damage));
    }
    if (name.starts_with("recordings/")) TRY(orphan_damage(paced, name, found));
    return found;
  }

  // What a cut left without a record is named, with its hash, in a book.
  Result<void> orphan_damage(const FileSystem& paced, const std::string& name, std::set<Damage>& found) {
    const auto& orphans = knowledge_.orphans_of(name.substr(name.find('/') + 1));
    if (orphans.empty()) return {};
    verify::Tree tree = TRY(verify::Tree::scan(paced, order_.data_root + "/" + name, true));
    verify::Report report;
    report.deep = true;
    verify::Pool pool(0);
    verify::Job job{tree, report, pool, nullptr};
    for (const auto& file : orphans) TRY(verify::check_file(job, "", file));
    found.merge(damage_in(report, name));
    return {};
  }

  Result<void> record(const std::set<Damage>& damages) {
    std::int64_t written = 0;
    for (const auto& damage : damages) {
      ++position_.damaged;
      if (told_.size() < kDamagesTold) told_.push_back(damage);
      if (written < kFindingsOfOneUnit && TRY(put(damage))) ++written;
    }
    position_.recorded += written;
    return {};
  }

  // Into every book that it concerns and that does not know it yet. False: all knew.
  Result<bool> put(const Damage& damage) {
    std::set<std::string> books = knowledge_.cases_of(damage.recording);
    if (!damage.book.empty()) books = {damage.book};
    if (books.empty()) books = {kBoxBook};
    bool anew = false;
    for (const auto& book : books) anew = TRY(put_into(book, damage)) || anew;
    return anew;
  }

  // A case whose own book is damaged takes nothing more: then the box's tells.
  Result<bool> put_into(const std::string& book, const Damage& damage) {
    if (knowledge_.knows(book, damage)) return false;
    const Result<void> told = append_(book, "finding", body_of(damage));
    if (told.ok()) knowledge_.learn(book, damage);
    if (told.ok()) return true;
    if (book == kBoxBook || told.error().kind == ErrorKind::unavailable) return told.error();
    Damage elsewhere = damage;
    elsewhere.book.clear();
    if (damage.recording.empty()) elsewhere.path = "cases/" + book + "/" + damage.path;
    if (!is_public_text(elsewhere.path, MemberType::phrase)) elsewhere.path = "cases";
    return put_into(kBoxBook, elsewhere);
  }

  Result<void> passed(const Unit& unit) {
    position_.after = unit.name;
    position_.files += unit.files;
    position_.bytes += unit.bytes;
    progress_(position_.bytes, total_);
    if (order_.cases.empty()) return save_position(own_, order_.position, position_);
    return {};
  }

  Result<void> conclude() {
    const Json body{{"name", order_.cases.empty() ? "fsck" : "fsck-case"}, {"outcome", position_.damaged == 0 ? "well" : "damaged"},
                    {"software_version", order_.software_version},        {"checked_files", position_.files},
                    {"checked_bytes", position_.bytes},                   {"findings", position_.damaged}};
    TRY_WITH(append_(kBoxBook, "check", body), "recording the check in the box's own book");
    if (order_.cases.empty()) return forget_position(own_, order_.position);
    return {};
  }

  FsckOutcome outcome(bool whole) const {
    return {position_.files, position_.bytes, position_.damaged, position_.recorded, told_, whole};
  }

  const FileSystem& disk_;
  FileSystem& own_;
  const FsckOrder& order_;
  Pace pace_;
  bool stopped_ = false;
  const AppendToBook& append_;
  const FsckProgress& progress_;
  BookKnowledge knowledge_;
  FsckPosition position_;
  std::int64_t total_ = 0;
  std::vector<Damage> told_;
};

}  // namespace

Result<FsckOutcome> fsck(const FileSystem& disk, FileSystem& own, const FsckOrder& order, const Clock& clock, const HoldUp& hold_up,
                         const AppendToBook& append, const FsckProgress& progress) {
  if (!exists(disk, order.data_root + "/cases")) return fail(ErrorKind::not_found, "no evidence in " + order.data_root + " (give the right --state)");
  Round round(disk, own, order, clock, hold_up, append, progress);
  return round.run();
}

}  // namespace netsampler
