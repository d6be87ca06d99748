// Syncs several open files at the same time, so that a group of them costs one wait for the disk and not one each: the caller takes part, a few
// threads help it. They are started when they are first needed and do nothing else; where none can be started, the caller does all of it.
// Owned and called by one thread.
#pragma once
#include <latch>
#include <thread>

#include "evidence/base/file_system.h"
#include "evidence/base/queue.h"

namespace netsampler {

class SyncPool {
 public:
  static constexpr std::size_t kThreads = 7;  // with the caller eight syncs at once: four recordings, two files each
  SyncPool() : jobs_(kJobs) {}
  SyncPool(const SyncPool&) = delete;
  ~SyncPool();
  // One outcome for each file, in their order; returns when all have been tried. The files are different ones.
  std::vector<Result<void>> sync(const std::vector<AppendFile*>& files);

 private:
  static constexpr std::size_t kJobs = 64;  // more files than that are synced in several rounds
  struct Job {
    AppendFile* file = nullptr;
    Result<void>* outcome = nullptr;
    std::latch* done = nullptr;
  };
  static void run(const Job& job);
  void work();
  void have_threads(std::size_t wanted);
  void round(std::span<AppendFile* const> files, std::span<Result<void>> outcomes);
  BoundedQueue<Job> jobs_;
  std::vector<std::thread> threads_;
};

}  // namespace netsampler
