// Memory that the X server writes pixels into (MIT-SHM 1.2, handed over as a descriptor, so accounts may differ).
#pragma once
#include <memory>
#include <span>

#include "capture/display/x11.h"

namespace netsampler::capture {

class XSharedMemory {
 public:
  // `unavailable` where the server has no MIT-SHM 1.2 or is on another machine.
  static Result<std::unique_ptr<XSharedMemory>> attach(const XDisplay& display, std::size_t bytes);
  XSharedMemory(const XSharedMemory&) = delete;
  XSharedMemory& operator=(const XSharedMemory&) = delete;
  ~XSharedMemory();
  xcb_shm_seg_t segment() const { return segment_; }
  const std::uint8_t* data() const { return data_; }

 private:
  XSharedMemory(xcb_shm_seg_t segment, std::uint8_t* data, std::size_t bytes) : segment_(segment), data_(data), bytes_(bytes) {}
  xcb_shm_seg_t segment_;
  std::uint8_t* data_;
  std::size_t bytes_;
};

}  // namespace netsampler::capture
