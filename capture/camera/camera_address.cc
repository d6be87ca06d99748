#include "capture/camera/camera_address.h"

namespace netsampler::capture {
namespace {

constexpr const char* kForms = "(use rtsp://host/path, http://host/path for MJPEG, v4l2:///dev/videoN or a video file)";

Result<CameraTransport> parse_transport(const std::string& word) {
  if (word == "tcp") return CameraTransport::tcp;
  if (word == "udp") return CameraTransport::udp;
  if (word == "auto") return CameraTransport::any;
  return fail(ErrorKind::usage, "a camera's transport \"" + word + "\" is not known (use tcp, udp or auto)");
}

}  // namespace

std::string shown_address(const std::string& address) {
  const std::size_t scheme = address.find("://");
  if (scheme == std::string::npos) return address;
  const std::size_t host = scheme + 3;
  const std::string shown = address.substr(0, address.find('?', host));
  const std::size_t at = shown.rfind('@', shown.find('/', host));
  if (at == std::string::npos || at < host) return shown;
  return shown.substr(0, host) + shown.substr(at + 1);
}

Result<CameraAddress> parse_camera_address(const std::string& address, const std::string& transport) {
  if (address.empty()) return fail(ErrorKind::usage, std::string("--input is empty ") + kForms);
  const CameraTransport wanted = TRY(parse_transport(transport));
  const std::size_t scheme = address.find("://");
  if (scheme == std::string::npos) return CameraAddress{CameraKind::file, address, wanted};
  const std::string kind = address.substr(0, scheme), rest = address.substr(scheme);
  if (kind == "rtsp") return CameraAddress{CameraKind::rtsp, address, wanted};
  if (kind == "rtsp+tcp") return CameraAddress{CameraKind::rtsp, "rtsp" + rest, CameraTransport::tcp};
  if (kind == "rtsp+udp") return CameraAddress{CameraKind::rtsp, "rtsp" + rest, CameraTransport::udp};
  if (kind == "http") return CameraAddress{CameraKind::http, address, wanted};
  if (kind == "v4l2") return CameraAddress{CameraKind::device, rest.substr(3), wanted};
  if (kind == "file") return CameraAddress{CameraKind::file, rest.substr(3), wanted};
  return fail(ErrorKind::usage, "a camera at " + kind + ":// is not supported " + kForms);
}

}  // namespace netsampler::capture
