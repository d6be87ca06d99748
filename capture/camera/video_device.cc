#include "capture/camera/video_device.h"

#include <dlfcn.h>

#include "capture/media/av.h"
extern "C" {
#include <libavdevice/version.h>
}

namespace netsampler::capture {

std::string video_device_library() { return "libavdevice.so." + std::to_string(LIBAVDEVICE_VERSION_MAJOR); }

Result<const AVInputFormat*> video_device_format(const std::string& library) {
  using Register = void (*)();
  void* loaded = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  const auto add_all = loaded == nullptr ? nullptr : reinterpret_cast<Register>(::dlsym(loaded, "avdevice_register_all"));
  if (add_all != nullptr) add_all();
  const AVInputFormat* form = add_all == nullptr ? nullptr : av_find_input_format("video4linux2");
  if (form == nullptr)
    return fail(ErrorKind::unavailable, "no reader for V4L2 cameras in " + library + " (install libavdevice" + std::to_string(LIBAVDEVICE_VERSION_MAJOR) + ")");
  return form;
}

}  // namespace netsampler::capture
