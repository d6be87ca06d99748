#include "capture/media/stop.h"

#include <sys/eventfd.h>

namespace netsampler::capture {

Result<std::unique_ptr<Stop>> Stop::make() {
  Fd wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wake.valid()) return fail_errno("event descriptor");
  return std::unique_ptr<Stop>(new Stop(std::move(wake)));
}

void Stop::ask() {
  asked_.store(true);
  ::eventfd_write(wake_.get(), 1);
}

void Stop::fail(Error error) {
  error_.with([&](auto& kept) {
    if (!kept) kept = std::move(error);
  });
  ask();
}

std::optional<Error> Stop::error() {
  return error_.with([](auto& kept) { return kept; });
}

}  // namespace netsampler::capture
