#include "evidence/verify/package_check.h"

#include <algorithm>

#include "evidence/format/bagit.h"

namespace netsampler::verify {
namespace {

constexpr std::int64_t kMostEntries = 1'000'000;
constexpr std::size_t kTagLimitBytes = 4096;  // a larger declaration or signature is none
constexpr const char* kDeclaration = "bagit.txt";
constexpr const char* kManifest = "manifest-sha256.txt";
constexpr const char* kTagManifest = "tagmanifest-sha256.txt";
constexpr const char* kSignature = "package.sig";

using EntryVisitor = std::function<Result<void>(const ManifestEntry&)>;

// All entries; `invalid` says which line is off.
Result<void> read_manifest(const Job& job, const std::string& path, const EntryVisitor& each) {
  std::int64_t no = 0;
  Result<void> outcome;  // of the lines; not of reading them
  const auto line = [&](std::string_view text) -> Result<void> {
    const std::string where = "manifest line " + std::to_string(++no);
    if (no > kMostEntries) return fail(ErrorKind::invalid, where + ": too many lines");
    const ManifestEntry entry = TRY_WITH(parse_manifest_line(text), where);
    return each(entry);
  };
  const auto read = job.tree.lines(path, [&](std::string_view text) { return outcome = line(text); });
  if (!outcome.ok()) return outcome;
  const LinesEnd end = TRY(read);
  if (end.torn_bytes > 0 || end.too_long) return fail(ErrorKind::invalid, "manifest line " + std::to_string(no + 1) + ": no newline at its end");
  return {};
}

// Is each line in its form, and no path there twice?
Result<void> check_form(const Job& job, const std::string& path) {
  PathSet here(job.tree.files());
  std::vector<std::uint64_t> absent;  // a part of the path's hash
  TRY(read_manifest(job, path, [&](const ManifestEntry& entry) {
    if (here.insert(entry.path)) return Result<void>();
    if (here.contains(entry.path)) return Result<void>(fail(ErrorKind::invalid, "a path twice: " + entry.path));
    const Hash hash = sha256(as_bytes(entry.path));
    std::uint64_t part = 0;
    for (std::size_t i = 0; i < 8; ++i) part = part << 8 | hash[i];
    absent.push_back(part);
    return Result<void>();
  }));
  std::ranges::sort(absent);
  if (std::ranges::adjacent_find(absent) != absent.end()) return fail(ErrorKind::invalid, "a path twice");
  return {};
}

Result<void> check_entry(Job& job, const std::string& manifest, const ManifestEntry& entry) {
  const bool already_said = job.named.contains(entry.path);  // its chain compared the same bytes
  if (!job.tree.has(entry.path)) {
    if (!job.report.lists(Reason::file_missing, entry.path)) job.report.add(Reason::file_missing, entry.path);
    return {};
  }
  const Digest digest = TRY(job.tree.digest(entry.path));
  if (digest.sha256 != entry.sha256 && !(already_said && job.report.lists(Reason::file_changed, entry.path)))
    job.report.add(Reason::file_changed, entry.path, "against " + manifest);
  return {};
}

// What a manifest names and is not there, or is otherwise, is a finding. `covered` gets what it names.
Result<void> check_manifest(Job& job, const std::string& path, PathSet& covered) {
  if (!job.tree.has(path)) {
    job.report.add(Reason::file_missing, path);
    return {};
  }
  const auto form = check_form(job, path);
  if (!form.ok() && form.error().kind != ErrorKind::invalid) return form.error();
  if (!form.ok()) {
    job.report.add(Reason::manifest_form, path, form.error().text);
    return {};
  }
  return read_manifest(job, path, [&](const ManifestEntry& entry) {
    covered.insert(entry.path);
    return check_entry(job, path, entry);
  });
}

// Files that no chain has named are read for the manifests alone: ahead, by all threads.
void read_rest(const Job& job) {
  Row<bool> row(job.pool, 256, 256);
  const FileList& files = job.tree.files();
  for (auto at = files.begin(); at != files.end(); ++at) {
    if (job.tree.knows(at.index())) continue;
    while (row.full()) row.take();
    row.add(1, [&tree = job.tree, path = std::string(at->first)] { return tree.digest(path).ok(); });
  }
}

// A small file's bytes; none where it is absent or longer than any such file may be: then it is in no form, which is a finding,
// not an error of reading.
Result<Bytes> read_small(const Job& job, const std::string& path) {
  if (!job.tree.fits(path, kTagLimitBytes)) return Bytes();
  return job.tree.read(path, kTagLimitBytes);
}

Result<void> check_declaration(Job& job) {
  const Bytes text = TRY(read_small(job, kDeclaration));
  if (!check_bag_declaration(as_text(text)).ok()) job.report.add(Reason::bag_declaration, kDeclaration);
  return {};
}

// The signature of the box whose key the books name. Absence is never a pass.
Result<void> check_signature(Job& job) {
  if (!job.tree.has(kSignature) || !job.tree.has(kTagManifest)) {
    job.report.add(Reason::package_unsigned, kSignature);
    return {};
  }
  const Bytes text = TRY(read_small(job, kSignature));
  const auto signature = parse_package_signature(as_text(text));
  const Digest digest = TRY(job.tree.digest(kTagManifest));
  bool holds = false;
  for (const BookSummary& book : job.report.books)
    holds = holds || (signature.ok() && book.box_key &&
                      verify_signature(*book.box_key, package_message(digest.sha256), *signature));
  if (!holds) job.report.add(Reason::package_signature, kSignature);
  return {};
}

}  // namespace

Result<void> check_package(Job& job) {
  TRY(check_declaration(job));
  read_rest(job);
  PathSet covered(job.tree.files());
  covered.insert(kTagManifest);
  covered.insert(kSignature);
  TRY(check_manifest(job, kManifest, covered));
  TRY(check_manifest(job, kTagManifest, covered));
  TRY(check_signature(job));
  const FileList& files = job.tree.files();
  for (auto at = files.begin(); at != files.end(); ++at)
    if (!covered.contains_index(at.index())) job.report.add(Reason::not_in_manifest, std::string(at->first));
  for (const RecordingSummary& recording : job.report.recordings)
    if (!recording.included) job.report.add(Reason::not_included, recording.where);
  if (job.report.books.empty()) job.report.add(Reason::case_missing, "data/case");
  return {};
}

}  // namespace netsampler::verify
