#include "evidence/verify/token_check.h"

#include <algorithm>

#include "evidence/timestamp/token.h"

namespace netsampler::verify {
namespace {

using timestamp::TokenFault;
constexpr std::int64_t kWholeSecondUs = 1'000'000;
constexpr std::size_t kStampsKept = 100'000;
constexpr std::size_t kCertificateBytes = 65536;

// The note as the box made it: whatever witnesses added is left out.
std::string without_cosignatures(const std::string& text, const PublicKey& box) {
  const auto note = parse_note(text);
  if (!note.ok()) return text;
  SignedNote bare = *note;
  const std::string name = log_origin(box);
  const std::uint32_t id = note_key_id(name, kNoteEd25519, box);
  std::erase_if(bare.signatures, [&](const NoteSignature& one) { return one.name != name || one.key_id != id; });
  return print_note(bare);
}

class TokenChecks {
 public:
  TokenChecks(Job& job, const LogFiles& files, const std::vector<SignedCheckpoint>& checkpoints)
      : job_(job), files_(files), checkpoints_(checkpoints) {
    if (job.policy != nullptr)
      for (const auto& tsa : job.policy->tsas) trust_.anchors.push_back(tsa.certificate);
  }

  Result<std::vector<Stamp>> run() {
    for (const TokenFile& file : files_.tokens) TRY(token(file));
    for (const std::string& path : files_.beside) TRY(beside(path));
    return std::move(stamps_);
  }

 private:
  Result<void> token(const TokenFile& file) {
    const std::vector<Bytes> kept = TRY(certificates_beside(file.path));
    trust_.more_certificates = kept;
    const auto bytes = TRY(read(file.path, timestamp::kResponseLimitBytes));
    if (!bytes) {
      job_.report.add(Reason::token_invalid, file.path, "token-malformed");
      return {};
    }
    const SignedCheckpoint* checkpoint = find(file.size);
    const timestamp::TokenCheck check = check_against(*bytes, checkpoint);
    judge(file, *bytes, checkpoint != nullptr, check);
    return {};
  }

  const SignedCheckpoint* find(std::uint64_t size) const {
    const auto found = std::ranges::find(checkpoints_, size, &SignedCheckpoint::size);
    return found == checkpoints_.end() ? nullptr : &*found;
  }

  timestamp::TokenCheck check_against(const Bytes& response, const SignedCheckpoint* checkpoint) const {
    const std::string note = checkpoint == nullptr ? "" : checkpoint->note;
    auto check = timestamp::check_response(response, as_bytes(note), trust_);
    if (check.fault != TokenFault::imprint || checkpoint == nullptr) return check;
    return timestamp::check_response(response, as_bytes(without_cosignatures(note, checkpoint->key)), trust_);
  }

  void judge(const TokenFile& file, const Bytes& response, bool bound, const timestamp::TokenCheck& check) {
    const bool sound = check.accepted() || check.fault == TokenFault::untrusted;
    if (check.fault == TokenFault::imprint || (sound && !bound)) return job_.report.add(Reason::token_unbound, file.path);
    if (!sound) return job_.report.add(Reason::token_invalid, file.path, timestamp::code_of(check.fault) + (": " + check.text));
    if (!check.accepted()) job_.report.add(Reason::tsa_untrusted, file.path, check.facts.authority);
    if (stamps_.size() >= kStampsKept) return job_.report.add(Reason::token_unbound, file.path, "more tokens than are kept");
    stamps_.push_back({file.size, check.facts.gen_time_us, check.facts.accuracy_us.value_or(0) + kWholeSecondUs,
                       sha256(response), check.accepted() ? check.anchor : std::nullopt});
    const auto& certificates = check.facts.certificates;
    known_.insert(certificates.begin(), certificates.end());
  }

  // A file within the bound; nothing where it is larger.
  Result<std::optional<Bytes>> read(const std::string& path, std::size_t limit_bytes) {
    if (job_.tree.files().at(path) > static_cast<std::int64_t>(limit_bytes)) return std::optional<Bytes>();
    Bytes bytes = TRY(job_.tree.read(path, limit_bytes));
    return std::optional(std::move(bytes));
  }

  static bool is_certificate(const std::string& path) {
    return path.ends_with(".cer") || path.ends_with(".crt") || path.ends_with(".der");
  }

  Result<std::vector<Bytes>> certificates_beside(const std::string& token) {
    std::vector<Bytes> list;
    const std::string stem = token.substr(0, token.size() - 4) + "-";
    for (auto at = std::ranges::lower_bound(files_.beside, stem); at != files_.beside.end() && at->starts_with(stem); ++at) {
      if (!is_certificate(*at) || list.size() >= 16) continue;
      auto bytes = TRY(read(*at, kCertificateBytes));
      if (bytes) list.push_back(std::move(*bytes));
    }
    return list;
  }

  // A certificate proves itself where a token carries it or the policy names it. Revocation data is not judged yet.
  Result<void> beside(const std::string& path) {
    const auto bytes = is_certificate(path) ? TRY(read(path, kCertificateBytes)) : std::optional<Bytes>();
    const bool proven = bytes && (known_.contains(sha256(*bytes)) || std::ranges::count(trust_.anchors, sha256(*bytes)) > 0);
    if (!proven) job_.report.add(Reason::uncovered, path);
    return {};
  }

  Job& job_;
  const LogFiles& files_;
  const std::vector<SignedCheckpoint>& checkpoints_;
  timestamp::TokenTrust trust_;
  std::vector<Stamp> stamps_;
  std::set<Hash> known_;
};

}  // namespace

Result<std::vector<Stamp>> check_tokens(Job& job, const LogFiles& files, const std::vector<SignedCheckpoint>& checkpoints) {
  TokenChecks checks(job, files, checkpoints);
  return checks.run();
}

}  // namespace netsampler::verify
