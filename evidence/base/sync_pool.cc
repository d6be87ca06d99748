#include "evidence/base/sync_pool.h"

#include <csignal>
#include <system_error>

namespace netsampler {

SyncPool::~SyncPool() {
  jobs_.close();
  for (auto& thread : threads_) thread.join();
}

void SyncPool::run(const Job& job) {
  *job.outcome = job.file->sync();
  job.done->count_down();
}

void SyncPool::work() {
  while (const auto job = jobs_.pop()) run(*job);
}

// Signals are the main thread's: the helpers are born with all of them blocked.
void SyncPool::have_threads(std::size_t wanted) {
  if (threads_.size() >= std::min(wanted, kThreads)) return;
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    while (threads_.size() < std::min(wanted, kThreads)) threads_.emplace_back([this] { work(); });
  } catch (const std::system_error&) {  // no more threads to be had: slower, not wrong
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

// The caller takes the first file, then what no helper has taken yet.
void SyncPool::round(std::span<AppendFile* const> files, std::span<Result<void>> outcomes) {
  have_threads(files.size() - 1);
  std::latch done(static_cast<std::ptrdiff_t>(files.size()));
  for (std::size_t i = 1; i < files.size(); ++i) jobs_.push({files[i], &outcomes[i], &done});
  run({files[0], &outcomes[0], &done});
  while (const auto job = jobs_.pop_for(std::chrono::microseconds(0))) run(*job);
  done.wait();
}

std::vector<Result<void>> SyncPool::sync(const std::vector<AppendFile*>& files) {
  std::vector<Result<void>> outcomes(files.size());
  for (std::size_t at = 0; at < files.size(); at += kJobs) {
    const std::size_t count = std::min(kJobs, files.size() - at);
    round(std::span(files).subspan(at, count), std::span(outcomes).subspan(at, count));
  }
  return outcomes;
}

}  // namespace netsampler
