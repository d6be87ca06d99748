// What is fetched to be kept beside a token: issuers that do not travel in it, and what their authorities say of revocation, so that
// the verifier needs no network years later. A day's data serves all tokens of that day: the verifier takes what was kept with any of them.
#pragma once
#include <functional>
#include <map>

#include "evidence/base/clock.h"
#include "evidence/stamp/box_log_door.h"
#include "evidence/timestamp/revocation.h"
#include "evidence/timestamp/token.h"

namespace netsampler::stamp {

struct CompanionWorld {
  // A GET (no type), or a POST of that type; http alone, at most 1 MiB, within seconds.
  std::function<Result<Bytes>(const std::string& url, const std::string& type, ByteView body)> fetch;
  const Clock& clock;
};

// One thread. A URL that failed is left alone for an hour. Nothing here ever fails a token.
class Companions {
 public:
  explicit Companions(CompanionWorld world) : world_(std::move(world)) {}
  // Certificates fetched so far, to be handed to the check.
  const std::vector<Bytes>& certificates() const { return certificates_; }
  // The next issuer above an unanchored chain; false where none can be had.
  bool climb(const std::vector<Bytes>& chain);
  // For an accepted token: fetched certificates of its chain and revocation data, as far as not handed out within the last day; at most
  // seven files. Data that do not prove themselves are left out.
  std::vector<KeptFile> collect(const timestamp::TokenCheck& check);
  timestamp::RevocationVerdict judge(const timestamp::TokenCheck& check) const;
  std::string take_trouble() { return std::exchange(trouble_, ""); }  // what could not be had since the last call; one line

 private:
  std::optional<Bytes> fetch(const std::string& url, const std::string& type, ByteView body);
  void add_revocation(const Bytes& certificate, const Bytes& issuer, std::vector<KeptFile>& files);
  bool is_due(const Hash& what);
  CompanionWorld world_;
  std::vector<Bytes> certificates_;
  timestamp::RevocationBook book_;
  std::map<Hash, std::int64_t> handed_us_;        // BOOTTIME; by the certificate that it is of
  std::map<std::string, std::int64_t> failed_us_;  // by URL
  std::string trouble_;
};

}  // namespace netsampler::stamp
