// Work on several threads whose results come back in the order in which it was given: the report does not depend on the schedule.
#pragma once
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include "evidence/base/queue.h"

namespace netsampler::verify {

inline constexpr int kMostThreads = 16;  // each holds a mebibyte of a file

// Threads that do what they are handed. Without any, `run` does it at once itself.
class Pool {
 public:
  explicit Pool(int threads) {
    for (int i = 0; i < std::min(threads, kMostThreads); ++i)
      threads_.emplace_back([this] {
        while (auto work = queue_.pop()) (*work)();
      });
  }
  ~Pool() { queue_.close(); }  // what was handed over is done first; the threads join as they go
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  void run(std::function<void()> work) {
    if (threads_.empty())
      work();
    else
      queue_.push(std::move(work));
  }

 private:
  BoundedQueue<std::function<void()>> queue_{1024};
  std::vector<std::jthread> threads_;  // after the queue: they end before it does
};

// A bounded row of results to come.
template <class T>
class Row {
 public:
  Row(Pool& pool, std::size_t most, std::size_t most_bytes) : pool_(pool), most_(most), most_bytes_(most_bytes) {}
  ~Row() {
    while (!empty()) take();  // nothing runs on behind what it works on
  }
  Row(const Row&) = delete;
  Row& operator=(const Row&) = delete;
  bool empty() const { return row_.empty(); }
  bool full() const { return row_.size() >= most_ || bytes_ >= most_bytes_; }
  // `bytes`: what this one counts against the bound.
  void add(std::size_t bytes, std::function<T()> make) {
    auto promise = std::make_shared<std::promise<T>>();
    row_.push_back({promise->get_future(), bytes});
    bytes_ += bytes;
    pool_.run([promise, make = std::move(make)] { promise->set_value(make()); });
  }
  T take() {  // the oldest, once it is there
    Item item = std::move(row_.front());
    row_.pop_front();
    bytes_ -= item.bytes;
    return item.result.get();
  }

 private:
  struct Item {
    std::future<T> result;
    std::size_t bytes;
  };
  Pool& pool_;
  const std::size_t most_, most_bytes_;
  std::size_t bytes_ = 0;
  std::deque<Item> row_;
};

}  // namespace netsampler::verify
