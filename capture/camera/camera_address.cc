#include "capture/camera/camera_address.h"

namespace netsampler::capture {

std::string shown_address(const std::string& address) {
  const std::size_t scheme = address.find("://");
  if (scheme == std::string::npos) return address;
  const std::size_t host = scheme + 3;
  const std::size_t at = address.rfind('@', address.find('/', host));
  if (at == std::string::npos || at < host) return address;
  return address.substr(0, host) + address.substr(at + 1);
}

Result<CameraAddress> parse_camera_address(const std::string& address) {
  if (address.empty()) return fail(ErrorKind::usage, "--input is empty (rtsp://host/path, v4l2:///dev/video0 or a video file)");
  const std::size_t scheme = address.find("://");
  const std::string kind = scheme == std::string::npos ? "" : address.substr(0, scheme);
  if (kind == "rtsp") return CameraAddress{CameraKind::rtsp, address};
  if (kind == "v4l2") return CameraAddress{CameraKind::device, address.substr(scheme + 3)};
  if (kind == "file") return CameraAddress{CameraKind::file, address.substr(scheme + 3)};
  if (kind.empty()) return CameraAddress{CameraKind::file, address};
  return fail(ErrorKind::usage, "a camera at " + kind + ":// is not supported (use rtsp://, v4l2:///dev/videoN or a file)");
}

}  // namespace netsampler::capture
