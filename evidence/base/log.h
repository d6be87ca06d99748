// The program's own log, on stderr, one line an event (spdlog behind it). No personal data in it, ever.
#pragma once
#include <string>

namespace netsampler {

enum class LogLevel { debug, info, warning, error };
void log_start(const std::string& program, bool verbose);
void log(LogLevel level, const std::string& text);

}  // namespace netsampler
