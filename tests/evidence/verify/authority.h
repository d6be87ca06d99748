// A time-stamp authority in memory whose clock says what a test wants: tokens are real, made by OpenSSL.
#pragma once
#include <memory>
#include <string>

#include "evidence/base/crypto.h"

namespace netsampler::test {

class Authority {
 public:
  explicit Authority(const std::string& name);  // draws its own key; its certificate is its own issuer, good 2020 to 2040
  ~Authority();
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;
  Hash certificate() const;  // SHA-256: what a policy's `tsa` line names
  std::string stamp(const std::string& bytes, std::int64_t gen_time_us) const;  // a DER response, to whole seconds

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace netsampler::test
