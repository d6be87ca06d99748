// What `--input` of a camera may say.
#pragma once
#include <string>

#include "evidence/base/result.h"

namespace netsampler::capture {

enum class CameraKind { rtsp, http, device, file };
// How an RTSP camera's pictures travel. any: over TCP, or over UDP where the camera refuses that.
enum class CameraTransport { tcp, udp, any };

struct CameraAddress {
  CameraKind kind = CameraKind::file;
  std::string target;  // rtsp, http: the whole URL; device and file: the path
  CameraTransport transport = CameraTransport::tcp;
};

// `transport`: tcp, udp or auto; an address rtsp+tcp://… or rtsp+udp://… says it itself. `usage` where either is of no known kind.
Result<CameraAddress> parse_camera_address(const std::string& address, const std::string& transport = "tcp");
// Fit for logs and errors: user and password taken out, and what stands behind a question mark.
std::string shown_address(const std::string& address);

}  // namespace netsampler::capture
