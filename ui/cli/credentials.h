// Samplers' credentials: typed on the terminal without echo, or read from a file or stdin; never from the command line, where
// every user of the machine could read them.
#pragma once
#include <string>
#include <vector>

#include "evidence/base/json.h"

namespace netsampler {

// One {"id","password"} for each id. `source`: empty = ask on the terminal, "-" = stdin, else a file; lines "id password".
Result<Json> read_credentials(const std::vector<std::string>& ids, const std::string& source);
Result<std::string> ask_password(const std::string& prompt);  // `unavailable` where there is no terminal

}  // namespace netsampler
