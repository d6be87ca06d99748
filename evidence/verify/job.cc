#include "evidence/verify/job.h"

#include "evidence/verify/withheld.h"

namespace netsampler::verify {

std::string below(const std::string& base, const std::string& path) { return base.empty() ? path : base + "/" + path; }
std::string at_seq(const std::string& chain_path, std::int64_t seq) { return chain_path + " seq " + std::to_string(seq); }

Result<bool> check_file(Job& job, const std::string& base, const NamedFile& file) {
  const std::string path = below(base, file.path);
  if (!job.tree.has(path)) {
    if (job.withheld == nullptr || !job.withheld->tells(job.report, path, file)) job.report.add(Reason::file_missing, path);
    return false;
  }
  const Hash sha256 = TRY(hash_from_hex(file.sha256));
  const Hash sm3 = TRY(hash_from_hex(file.sm3));
  if (job.named.insert(path))
    job.report.hashes.push_back({static_cast<std::uint32_t>(job.tree.files().find(path)), file.bytes, sha256, sm3});
  const Digest digest = TRY(job.tree.digest(path));
  const bool same = digest.bytes == file.bytes && digest.sha256 == sha256;
  if (!same) job.report.add(Reason::file_changed, path);
  const bool same_sm3 = !digest.sm3 || *digest.sm3 == sm3;
  if (same && !same_sm3) job.report.add(Reason::sm3_changed, path);
  return same && same_sm3;
}

Result<void> check_files(Job& job, const std::string& base, const Json& body) {
  const auto files = files_of(body);
  if (!files.ok()) return {};
  for (const NamedFile& file : *files) TRY(check_file(job, base, file));
  return {};
}

}  // namespace netsampler::verify
