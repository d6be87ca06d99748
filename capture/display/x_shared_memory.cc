#include "capture/display/x_shared_memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include "evidence/base/fd.h"

namespace netsampler::capture {
namespace {

Error missing() { return fail(ErrorKind::unavailable, "no MIT-SHM here"); }

Result<void> ask_version(const XDisplay& display) {
  if (!display.has_extension(xcb_shm_id)) return missing();
  const auto cookie = xcb_shm_query_version(display.get());
  const auto version = TRY(display.reply<xcb_shm_query_version_reply_t>(cookie.sequence));
  if (version->major_version < 1 || (version->major_version == 1 && version->minor_version < 2)) return missing();
  return {};
}

}  // namespace

Result<std::unique_ptr<XSharedMemory>> XSharedMemory::attach(const XDisplay& display, std::size_t bytes) {
  TRY(ask_version(display));
  Fd fd(memfd_create("netsampler-screen", MFD_CLOEXEC));
  if (!fd.valid() || ::ftruncate(fd.get(), static_cast<off_t>(bytes)) != 0) return fail_errno("memory file");
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
  if (memory == MAP_FAILED) return fail_errno("mapping shared memory");
  const xcb_shm_seg_t segment = xcb_generate_id(display.get());
  auto shared = std::unique_ptr<XSharedMemory>(new XSharedMemory(segment, static_cast<std::uint8_t*>(memory), bytes));
  const auto cookie = xcb_shm_attach_fd_checked(display.get(), segment, fd.release(), 0);  // xcb closes the descriptor
  const XReply<xcb_generic_error_t> refused(xcb_request_check(display.get(), cookie));
  if (refused) return missing();
  return shared;
}

XSharedMemory::~XSharedMemory() { ::munmap(data_, bytes_); }

}  // namespace netsampler::capture
