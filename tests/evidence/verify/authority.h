// A time-stamp authority in memory whose clock says what a test wants: tokens are real, made by OpenSSL.
#pragma once
#include <memory>
#include <string>

#include "evidence/base/crypto.h"

namespace netsampler::test {

class Authority {
 public:
  // Draws its own keys; its certificate is good from 2020 to the begin of that year, and issued by a CA of its own (good to 2100).
  explicit Authority(const std::string& name, int end_year = 2040);
  ~Authority();
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;
  Hash certificate() const;  // SHA-256: what a policy's `tsa` line names
  Hash ca() const;           // the other name for it
  std::string ca_der() const;
  std::string stamp(const std::string& bytes, std::int64_t gen_time_us) const;  // a DER response, to whole seconds

  // The CA's list, DER. `revoked_us` 0: its certificate is not on it. `reason`: as in RFC 5280; -1: none given.
  struct Crl {
    std::int64_t this_us, next_us, revoked_us = 0;
    int reason = -1;
    bool by_signer = false;  // signed with the wrong key
  };
  std::string crl(const Crl& plan) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace netsampler::test
