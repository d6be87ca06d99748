#include "evidence/verify/package_check.h"

#include "evidence/format/bagit.h"

namespace netsampler::verify {
namespace {

constexpr std::size_t kManifestLimitBytes = 256u << 20;
constexpr std::size_t kTagLimitBytes = 4096;  // a larger declaration or signature is none
constexpr const char* kDeclaration = "bagit.txt";
constexpr const char* kManifest = "manifest-sha256.txt";
constexpr const char* kTagManifest = "tagmanifest-sha256.txt";
constexpr const char* kSignature = "package.sig";

// The entries of a manifest; what it names and is not there, or is otherwise, is a finding. `covered` gets what it names.
Result<void> check_manifest(Job& job, const std::string& path, std::set<std::string>& covered) {
  if (!job.tree.has(path)) {
    job.report.add(Reason::file_missing, path);
    return {};
  }
  if (!job.tree.fits(path, kManifestLimitBytes)) {
    job.report.add(Reason::manifest_form, path, "larger than any manifest is");
    return {};
  }
  const Bytes text = TRY(job.tree.read(path, kManifestLimitBytes));
  const auto entries = parse_manifest(as_text(text));
  if (!entries.ok()) {
    job.report.add(Reason::manifest_form, path, entries.error().text);
    return {};
  }
  for (const ManifestEntry& entry : *entries) {
    covered.insert(entry.path);
    const bool already_said = job.named.contains(entry.path);  // its chain compared the same bytes
    if (!job.tree.has(entry.path)) {
      if (!job.report.lists(Reason::file_missing, entry.path)) job.report.add(Reason::file_missing, entry.path);
      continue;
    }
    const Digest digest = TRY(job.tree.digest(entry.path));
    const bool same = digest.sha256 == hex_of(entry.sha256);
    if (!same && !(already_said && job.report.lists(Reason::file_changed, entry.path)))
      job.report.add(Reason::file_changed, entry.path, "against " + path);
  }
  return {};
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
  const Hash tagmanifest = TRY(hash_from_hex(digest.sha256));
  bool holds = false;
  for (const BookSummary& book : job.report.books)
    holds = holds || (signature.ok() && book.box_key &&
                      verify_signature(*book.box_key, package_message(tagmanifest), *signature));
  if (!holds) job.report.add(Reason::package_signature, kSignature);
  return {};
}

}  // namespace

Result<void> check_package(Job& job) {
  TRY(check_declaration(job));
  std::set<std::string> covered{kTagManifest, kSignature};
  TRY(check_manifest(job, kManifest, covered));
  TRY(check_manifest(job, kTagManifest, covered));
  TRY(check_signature(job));
  for (const auto& [path, bytes] : job.tree.files())
    if (!covered.contains(path)) job.report.add(Reason::not_in_manifest, path);
  for (const RecordingSummary& recording : job.report.recordings)
    if (!recording.included) job.report.add(Reason::not_included, recording.where);
  if (job.report.books.empty()) job.report.add(Reason::case_missing, "data/case");
  return {};
}

}  // namespace netsampler::verify
