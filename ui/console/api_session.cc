#include "ui/console/api_session.h"

#include <algorithm>

#include "evidence/base/crypto.h"

namespace netsampler {
namespace {
constexpr std::int64_t kMinuteUs = 60'000'000;
}

std::string Sessions::open(const Account& account) {
  std::string token = random_id(52);
  const std::int64_t now = clock_.boot_us();
  entries_.with([&](auto& entries) {
    std::erase_if(entries, [&](const auto& e) { return e.second.until_boot_us <= now; });
    if (entries.size() >= kLimit) {
      entries.erase(std::min_element(entries.begin(), entries.end(),
                                     [](const auto& a, const auto& b) { return a.second.until_boot_us < b.second.until_boot_us; }));
    }
    entries[token] = {account, now + kLifeUs};
  });
  return token;
}

std::optional<Account> Sessions::find(const std::string& token) {
  const std::int64_t now = clock_.boot_us();
  return entries_.with([&](auto& entries) -> std::optional<Account> {
    const auto found = entries.find(token);
    if (found == entries.end() || found->second.until_boot_us <= now) return std::nullopt;
    return found->second.account;
  });
}

void Sessions::close(const std::string& token) {
  entries_.with([&](auto& entries) { entries.erase(token); });
}

std::size_t Sessions::count() {
  return entries_.with([](auto& entries) { return entries.size(); });
}

bool RateLimit::allow(const std::string& key) {
  const std::int64_t now = clock_.boot_us();
  return windows_.with([&](auto& windows) {
    std::erase_if(windows, [&](const auto& w) { return now - w.second.from_boot_us >= kMinuteUs; });
    if (windows.size() >= kKeys && !windows.contains(key)) return false;
    auto& window = windows.try_emplace(key, Window{now, 0}).first->second;
    return ++window.attempts <= limit_;
  });
}

void RateLimit::give_back(const std::string& key) {
  windows_.with([&](auto& windows) {
    const auto found = windows.find(key);
    if (found != windows.end() && found->second.attempts > 0) --found->second.attempts;
  });
}

}  // namespace netsampler
