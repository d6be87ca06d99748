// The demo's time-stamp authorities, each with a CA of its own, and what makes the box trust them. A real box's administrator writes the
// same lines, once, for the authorities that the office has a contract with.
#include <poll.h>

#include "evidence/base/file_system.h"
#include "evidence/format/policy.h"
#include "evidence/ledger/client.h"
#include "ui/demo/stage.h"

namespace netsampler {
namespace {

constexpr std::int64_t kFirstTokenUs = 30'000'000;
constexpr int kAskEveryMs = 100;
constexpr std::size_t kPolicyBytes = 1u << 20;

}  // namespace

Result<void> raise_authorities(Stage& stage) {
  for (const char* key : {"rsa", "p256"})
    stage.authorities.push_back(TRY(stage.play("tsa/authority.py", {"--dir", stage.options.out + "/authority-" + key, "--key", key, "--serve", "crl,ocsp"}, 60'000)));
  return {};
}

Result<void> trust_authorities(Stage& stage) {
  RealFileSystem disk;
  const Bytes text = TRY(disk.read(stage.paths.policy, kPolicyBytes));
  Policy policy = TRY(parse_policy(as_text(text)));
  for (const auto& authority : stage.authorities) {
    const std::string certificate = TRY(get_string(authority, "ca_sha256"));
    const Hash anchor = TRY(hash_from_hex(certificate));
    policy.tsas.push_back({anchor, "demo-authority-" + std::to_string(policy.tsas.size() + 1)});
  }
  return write_whole(disk, stage.paths.policy, as_bytes(text_of(policy)));
}

Result<void> wait_first_token(Stage& stage) {
  LedgerClient ledger = TRY(LedgerClient::connect(stage.paths.ledger_socket));
  const SystemClock clock;
  for (const std::int64_t until_us = clock.boot_us() + kFirstTokenUs; clock.boot_us() < until_us;) {
    const Json state = TRY(ledger.log_state());
    if (!string_or(state, "beacon", "").empty()) return {};
    ::poll(nullptr, 0, kAskEveryMs);
  }
  return fail(ErrorKind::unavailable, "no time stamp within 30 s (see " + stage.logs + "/authority.py.log and " + stage.paths.logs + ")");
}

}  // namespace netsampler
