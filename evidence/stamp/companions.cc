#include "evidence/stamp/companions.h"

#include <algorithm>
#include <utility>

#include "evidence/timestamp/sources.h"

namespace netsampler::stamp {
namespace {

constexpr std::size_t kFiles = 7, kCertificates = 16, kCertificateBytes = 65536, kRemembered = 1024;
constexpr std::int64_t kDayUs = 86'400'000'000, kHourUs = 3'600'000'000;

std::vector<Hash> hashes_of(const std::vector<Bytes>& chain) {
  std::vector<Hash> hashes;
  for (const Bytes& certificate : chain) hashes.push_back(sha256(certificate));
  return hashes;
}

}  // namespace

std::optional<Bytes> Companions::fetch(const std::string& url, const std::string& type, ByteView body) {
  const std::int64_t now_us = world_.clock.boot_us();
  const auto failed = failed_us_.find(url);
  if (failed != failed_us_.end() && now_us - failed->second < kHourUs) return std::nullopt;
  auto answer = world_.fetch(url, type, body);
  if (answer.ok()) return answer.take();
  if (failed_us_.size() >= kRemembered) failed_us_.clear();
  failed_us_[url] = now_us;
  trouble_ += (trouble_.empty() ? "" : "; ") + url + ": " + answer.error().text;
  return std::nullopt;
}

bool Companions::climb(const std::vector<Bytes>& chain) {
  if (chain.empty() || certificates_.size() >= kCertificates) return false;
  for (const std::string& url : timestamp::sources_of(chain.back()).issuers) {
    auto certificate = fetch(url, "", {});
    if (!certificate || certificate->size() > kCertificateBytes) continue;
    if (!timestamp::is_issuer_of(*certificate, chain.back()) || std::ranges::count(certificates_, *certificate) > 0) continue;
    certificates_.push_back(std::move(*certificate));
    return true;
  }
  return false;
}

// The status first: it is small and of today; the list where there is none.
void Companions::add_revocation(const Bytes& certificate, const Bytes& issuer, std::vector<KeptFile>& files) {
  const timestamp::CertificateSources sources = timestamp::sources_of(certificate);
  const Bytes request = timestamp::ocsp_request(certificate, issuer);
  for (const std::string& url : sources.status) {
    auto answer = fetch(url, "application/ocsp-request", request);
    if (!answer || !book_.take(*answer)) continue;
    return files.push_back({"status.ocsp", std::move(*answer)});
  }
  for (const std::string& url : sources.lists) {
    auto list = fetch(url, "", {});
    if (!list || !book_.take(*list)) continue;
    return files.push_back({"list.crl", std::move(*list)});
  }
}

bool Companions::is_due(const Hash& what) {
  const auto handed = handed_us_.find(what);
  return handed == handed_us_.end() || world_.clock.boot_us() - handed->second >= kDayUs;
}

std::vector<KeptFile> Companions::collect(const timestamp::TokenCheck& check) {
  std::vector<KeptFile> files;
  book_.add_chain(check.chain);
  for (std::size_t i = 0; i < check.chain.size() && files.size() < kFiles; ++i) {
    const Bytes& certificate = check.chain[i];
    if (!is_due(sha256(certificate))) continue;
    const std::size_t before = files.size();
    if (std::ranges::count(certificates_, certificate) > 0) files.push_back({"issuer.crt", certificate});
    if (i + 1 < check.chain.size() && files.size() < kFiles) add_revocation(certificate, check.chain[i + 1], files);
    if (handed_us_.size() >= kRemembered) handed_us_.clear();
    if (files.size() > before) handed_us_[sha256(certificate)] = world_.clock.boot_us();
  }
  return files;
}

timestamp::RevocationVerdict Companions::judge(const timestamp::TokenCheck& check) const {
  return book_.judge(hashes_of(check.chain), check.facts.gen_time_us);
}

}  // namespace netsampler::stamp
