// Preloaded by ledger.py --sync-delay-us: a disk whose every fsync and fdatasync takes that long at least, any number of them at the same time.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>

static int slowly(const char* name, int fd) {
  const char* text = getenv("SYNC_DELAY_US");
  struct timespec end;
  clock_gettime(CLOCK_MONOTONIC, &end);
  end.tv_nsec += (text == NULL ? 0 : atol(text)) * 1000;
  end.tv_sec += end.tv_nsec / 1000000000;
  end.tv_nsec %= 1000000000;
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  const int outcome = real(fd), why = errno;
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL) == EINTR) {
  }
  errno = why;
  return outcome;
}

int fsync(int fd) { return slowly("fsync", fd); }
int fdatasync(int fd) { return slowly("fdatasync", fd); }
