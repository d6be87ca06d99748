// The preparation page (39(一)): what is shown full-screen at the start of a recording, section by section. Pure.
#pragma once
#include "capture/strip/strip_paint.h"
#include "evidence/base/json.h"

namespace netsampler::capture {

struct Preparation {
  StripText now;
  std::string recording, version, software_sha256;
};

inline constexpr const char* kPreparationTitle = "网络校时与环境检查　Time and environment check　39(一)";

// Clock and its servers, environment, recording.
std::vector<std::vector<PageLine>> preparation_sections(const Preparation& text);

// From the body of an `environment` record: one line for each thing checked, what is unusual marked.
std::vector<PageLine> environment_lines(const Json& environment);

}  // namespace netsampler::capture
