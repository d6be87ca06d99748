// Passwords and session tokens that a page was seen to use, and their masking in all that is kept of it. A value is masked with as many
// '*', where it stands alone (no letter or digit before or behind it), as it is, percent-encoded or with JSON's escapes.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "evidence/base/bytes.h"

namespace netsampler {

class Secrets {
 public:
  // Values that a text may hold by chance are not taken: shorter than 6 bytes, or digits alone below 8. At most 512, then the oldest go.
  void add(const std::string& value);
  bool empty() const { return by_start_.empty(); }
  std::int64_t mask(std::string& text) const;  // how often
  std::int64_t mask(Bytes& text) const;

 private:
  std::int64_t mask(char* text, std::size_t size) const;
  void put(const std::string& form);
  void drop(const std::string& form);
  std::vector<std::string> order_;
  std::map<std::uint32_t, std::vector<std::string>> by_start_;  // first four bytes → forms, longest first
};

// Is this the name of a field, parameter or header whose value is a password or a session's token?
bool names_secret(const std::string& name);
// Values of such parameters in the URL's query and fragment → '*'. Gives them, as they stood.
std::vector<std::string> mask_parameters(std::string& url);

}  // namespace netsampler
