// Who is signed in, and who has tried too often. In memory only: a restart signs everybody out. Any thread.
#pragma once
#include <map>
#include <optional>
#include <string>

#include "evidence/base/clock.h"
#include "evidence/base/queue.h"

namespace netsampler {

struct Account {
  std::string id, name;
};

class Sessions {
 public:
  static constexpr std::int64_t kLifeUs = 12LL * 3600 * 1'000'000;
  static constexpr std::size_t kLimit = 256;  // the oldest goes first

  explicit Sessions(const Clock& clock) : clock_(clock) {}
  std::string open(const Account& account);  // the token: 52 random letters of [a-z2-7]
  std::optional<Account> find(const std::string& token);
  void close(const std::string& token);
  std::size_t count();

 private:
  struct Entry {
    Account account;
    std::int64_t until_boot_us = 0;
  };
  const Clock& clock_;
  Guarded<std::map<std::string, Entry>> entries_;
};

// At most `limit` attempts a key within a minute; who succeeds gives the attempt back. Bounded: beyond kKeys newcomers wait.
class RateLimit {
 public:
  static constexpr std::size_t kKeys = 4096;
  RateLimit(const Clock& clock, int limit) : clock_(clock), limit_(limit) {}
  bool allow(const std::string& key);
  void give_back(const std::string& key);

 private:
  struct Window {
    std::int64_t from_boot_us = 0;
    int attempts = 0;
  };
  const Clock& clock_;
  int limit_;
  Guarded<std::map<std::string, Window>> windows_;
};

}  // namespace netsampler
