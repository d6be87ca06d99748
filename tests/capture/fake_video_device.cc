// A V4L2 camera where there is none: preloaded into a program, it answers for the path in FAKE_VIDEO. 320×240 YUYV, 30 pictures a second,
// a bright bar that moves. FAKE_VIDEO_PICTURES: after so many it is as FAKE_VIDEO_THEN says: "unplugged" (for two seconds, then it
// is there again) or "hangs" (until it is opened anew). The device is a memory file, so that mapping its buffers needs no help.
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace {

constexpr std::uint32_t kWidth = 320, kHeight = 240, kBytes = kWidth * kHeight * 2, kPlace = 40 * 4096, kBuffers = 8;
constexpr std::int64_t kEvery_us = 33'333, kUnplugged_us = 2'000'000;
static_assert(kPlace >= kBytes);

// One process, one device: what a driver would know.
struct Device {
  int fd = -1, left = -1;
  bool queued[kBuffers] = {};
  std::int64_t due_us = 0, gone_us = 0;
  std::uint32_t shown = 0;
  std::uint8_t* memory = nullptr;
} device;

std::int64_t now_us() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1'000'000 + time.tv_nsec / 1000;
}

int refuse(int code) {
  errno = code;
  return -1;
}

bool is_then(const char* word) {
  const char* then = std::getenv("FAKE_VIDEO_THEN");
  return then != nullptr && std::strcmp(then, word) == 0;
}

int open_device() {
  if (device.gone_us != 0 && now_us() - device.gone_us < kUnplugged_us) return refuse(ENODEV);
  const char* pictures = std::getenv("FAKE_VIDEO_PICTURES");
  const bool again = device.fd >= 0;
  device = Device();
  device.left = pictures != nullptr && !again ? std::atoi(pictures) : -1;
  device.fd = ::memfd_create("video", 0);
  if (device.fd < 0 || ::ftruncate(device.fd, std::int64_t{kPlace} * kBuffers) != 0) return -1;
  void* memory = ::mmap(nullptr, std::size_t{kPlace} * kBuffers, PROT_READ | PROT_WRITE, MAP_SHARED, device.fd, 0);
  device.memory = static_cast<std::uint8_t*>(memory);
  device.due_us = now_us();
  return device.fd;
}

int capability(v4l2_capability& answer) {
  answer.capabilities = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
  return 0;
}

int format(v4l2_format& answer) {
  answer.fmt.pix.width = kWidth;
  answer.fmt.pix.height = kHeight;
  answer.fmt.pix.pixelformat = V4L2_PIX_FMT_YUYV;
  answer.fmt.pix.field = V4L2_FIELD_NONE;
  answer.fmt.pix.sizeimage = kBytes;
  return 0;
}

int rate(v4l2_streamparm& answer) {
  answer.parm.capture.capability = V4L2_CAP_TIMEPERFRAME;
  answer.parm.capture.timeperframe = {1, 30};
  return 0;
}

int place(v4l2_buffer& answer) {
  answer.length = kPlace;
  answer.m.offset = answer.index * kPlace;
  return answer.index < kBuffers ? 0 : refuse(EINVAL);
}

void paint(std::uint8_t* pixels) {
  for (std::uint32_t i = 0; i < kBytes; i += 2) {
    const bool bar = (i / 2 % kWidth + device.shown * 8) % kWidth < 40;
    pixels[i] = bar ? 230 : 60;
    pixels[i + 1] = 128;
  }
  ++device.shown;
}

int take(v4l2_buffer& answer) {
  if (device.left == 0 && is_then("unplugged")) {
    if (device.gone_us == 0) device.gone_us = now_us();
    return refuse(ENODEV);
  }
  if (device.left == 0 || now_us() < device.due_us) return refuse(EAGAIN);
  std::uint32_t index = 0;
  while (index < kBuffers && !device.queued[index]) ++index;
  if (index == kBuffers) return refuse(EAGAIN);
  paint(device.memory + std::size_t{index} * kPlace);
  device.queued[index] = false;
  if (device.left > 0) --device.left;
  answer.index = index;
  answer.bytesused = kBytes;
  answer.timestamp = {device.due_us / 1'000'000, device.due_us % 1'000'000};
  device.due_us += kEvery_us;
  return 0;
}

int answer(unsigned long request, void* argument) {
  switch (request) {
    case VIDIOC_QUERYCAP: return capability(*static_cast<v4l2_capability*>(argument));
    case VIDIOC_G_FMT:
    case VIDIOC_S_FMT: return format(*static_cast<v4l2_format*>(argument));
    case VIDIOC_G_PARM: return rate(*static_cast<v4l2_streamparm*>(argument));
    case VIDIOC_REQBUFS: return static_cast<v4l2_requestbuffers*>(argument)->count = kBuffers, 0;
    case VIDIOC_QUERYBUF: return place(*static_cast<v4l2_buffer*>(argument));
    case VIDIOC_QBUF: return device.queued[static_cast<v4l2_buffer*>(argument)->index % kBuffers] = true, 0;
    case VIDIOC_DQBUF: return take(*static_cast<v4l2_buffer*>(argument));
    case VIDIOC_G_INPUT: return *static_cast<int*>(argument) = 0, 0;
    case VIDIOC_ENUMINPUT:
    case VIDIOC_STREAMON:
    case VIDIOC_STREAMOFF: return 0;
    default: return refuse(EINVAL);
  }
}

bool is_ours(const char* path) {
  const char* wanted = std::getenv("FAKE_VIDEO");
  return wanted != nullptr && std::strcmp(path, wanted) == 0;
}

using Open = int (*)(const char*, int, ...);
int open_as(const char* name, const char* path, int flags, unsigned mode) {
  return is_ours(path) ? open_device() : reinterpret_cast<Open>(::dlsym(RTLD_NEXT, name))(path, flags, mode);
}

}  // namespace

extern "C" int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const unsigned mode = va_arg(more, unsigned);
  va_end(more);
  return open_as("open", path, flags, mode);
}

extern "C" int open64(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const unsigned mode = va_arg(more, unsigned);
  va_end(more);
  return open_as("open64", path, flags, mode);
}

extern "C" int ioctl(int fd, unsigned long request, ...) {
  va_list more;
  va_start(more, request);
  void* argument = va_arg(more, void*);
  va_end(more);
  if (fd >= 0 && fd == device.fd) return answer(request, argument);
  using Ioctl = int (*)(int, unsigned long, ...);
  return reinterpret_cast<Ioctl>(::dlsym(RTLD_NEXT, "ioctl"))(fd, request, argument);
}
