#include "evidence/base/queue.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>

namespace netsampler {
namespace {

TEST(Queue, KeepsOrderAndBound) {
  BoundedQueue<int> queue(2);
  EXPECT_TRUE(queue.try_push(1));
  EXPECT_TRUE(queue.try_push(2));
  EXPECT_FALSE(queue.try_push(3));
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_EQ(queue.pop(), 2);
}

TEST(Queue, KeepsOrderWhenItsPlacesAreTakenAgain) {
  BoundedQueue<std::unique_ptr<int>> queue(3);
  int in = 0, out = 0;
  for (int round = 0; round < 10; ++round) {
    while (queue.try_push(std::make_unique<int>(in))) ++in;
    EXPECT_EQ(queue.size(), 3U);
    for (int n = 0; n < 2; ++n) EXPECT_EQ(**queue.pop(), out++);
  }
  EXPECT_EQ(in, out + 1);
}

TEST(Queue, ClosingDrainsThenEnds) {
  BoundedQueue<int> queue(2);
  EXPECT_TRUE(queue.push(1));
  queue.close();
  EXPECT_FALSE(queue.push(2));
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_EQ(queue.pop(), std::nullopt);
  EXPECT_TRUE(queue.closed_and_empty());
}

TEST(Queue, PushWaitsForRoom) {
  BoundedQueue<int> queue(1);
  EXPECT_TRUE(queue.push(1));
  std::thread writer([&] { EXPECT_TRUE(queue.push(2)); });
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_EQ(queue.pop(), 2);
  writer.join();
}

TEST(Queue, PopForGivesUp) {
  BoundedQueue<int> queue(1);
  EXPECT_EQ(queue.pop_for(std::chrono::milliseconds(1)), std::nullopt);
  EXPECT_FALSE(queue.closed_and_empty());
}

}  // namespace
}  // namespace netsampler
