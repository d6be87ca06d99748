// What `--input` of a camera may say.
#pragma once
#include <string>

#include "evidence/base/result.h"

namespace netsampler::capture {

enum class CameraKind { rtsp, device, file };

struct CameraAddress {
  CameraKind kind = CameraKind::file;
  std::string target;  // rtsp: the whole URL; device and file: the path
};

// `usage` where it is of no known kind.
Result<CameraAddress> parse_camera_address(const std::string& address);
// Fit for logs and errors: user and password taken out.
std::string shown_address(const std::string& address);

}  // namespace netsampler::capture
