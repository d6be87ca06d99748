// V4L2's reader lies in libavdevice, which draws in eighty libraries (17 MB resident) that nothing else here needs: it is loaded when a
// device is first opened, and stays.
#pragma once
#include <string>

#include "evidence/base/result.h"

struct AVInputFormat;

namespace netsampler::capture {

// "libavdevice.so.59": the one that belongs to the libavformat this was built with.
std::string video_device_library();

// libav's form of input for a V4L2 device; libav keeps it. `unavailable` where the library is not there or has no such reader.
Result<const AVInputFormat*> video_device_format(const std::string& library = video_device_library());

}  // namespace netsampler::capture
