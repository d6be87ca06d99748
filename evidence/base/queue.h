// A bounded queue between two threads, and Guarded<T>, the only mutex of the product: what threads share cannot be reached
// without its lock, and no I/O happens under it.
#pragma once
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace netsampler {

template <class T>
class Guarded {
 public:
  template <class Use>
  decltype(auto) with(Use&& use) {
    const std::lock_guard lock(mutex_);
    return use(value_);
  }

 private:
  std::mutex mutex_;
  T value_{};
};

// Closing lets the reader drain what is there; pushes after it are refused. Back-pressure: push waits, try_push does not. All its places are
// there from the start: no item costs an allocation.
template <class T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t capacity) : places_(capacity) {}

  bool push(T item) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return closed_ || count_ < places_.size(); });
    return put(std::move(item));
  }
  bool try_push(T item) {
    const std::unique_lock lock(mutex_);
    return count_ < places_.size() && put(std::move(item));
  }
  std::optional<T> pop() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return closed_ || count_ > 0; });
    return take();
  }
  std::optional<T> pop_for(std::chrono::microseconds wait) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, wait, [&] { return closed_ || count_ > 0; });
    return take();
  }
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }
  bool closed_and_empty() {
    const std::lock_guard lock(mutex_);
    return closed_ && count_ == 0;
  }
  std::size_t size() {
    const std::lock_guard lock(mutex_);
    return count_;
  }

 private:
  bool put(T item) {
    if (closed_) return false;
    places_[(first_ + count_++) % places_.size()].emplace(std::move(item));
    changed_.notify_all();
    return true;
  }
  std::optional<T> take() {
    if (count_ == 0) return std::nullopt;
    std::optional<T> item(std::move(places_[first_]));
    places_[first_].reset();
    first_ = (first_ + 1) % places_.size();
    --count_;
    changed_.notify_all();
    return item;
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::optional<T>> places_;  // a ring: the oldest item in first_
  std::size_t first_ = 0, count_ = 0;
  bool closed_ = false;
};

}  // namespace netsampler
