// Is a seed that has been passed over still anywhere in this process's memory?
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>

#include "evidence/base/fd.h"
#include "evidence/format/epoch_keys.h"
#include "evidence/ledger/locked_memory.h"

namespace netsampler {
namespace {

// The bytes with each bit turned, so that the search does not find itself.
Bytes turned(ByteView bytes) {
  Bytes copy(bytes.begin(), bytes.end());
  for (auto& byte : copy) byte = static_cast<std::uint8_t>(~byte);
  return copy;
}

bool matches(const std::uint8_t* at, const Bytes& hidden) {
  for (std::size_t i = 0; i < hidden.size(); ++i)
    if (at[i] != static_cast<std::uint8_t>(~hidden[i])) return false;
  return true;
}

int count_in(const Bytes& piece, std::size_t bytes, const Bytes& hidden) {
  int found = 0;
  for (std::size_t at = 0; at + hidden.size() <= bytes; ++at) found += piece[at] == static_cast<std::uint8_t>(~hidden[0]) && matches(&piece[at], hidden);
  return found;
}

struct Range {
  std::uint64_t from = 0, to = 0;
};

std::vector<Range> writable_memory() {
  std::vector<Range> ranges;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    Range range;
    const char* end = line.data() + line.size();
    const auto first = std::from_chars(line.data(), end, range.from, 16);
    const auto second = std::from_chars(first.ptr + 1, end, range.to, 16);
    if (second.ptr + 2 < end && second.ptr[1] == 'r' && second.ptr[2] == 'w') ranges.push_back(range);
  }
  return ranges;
}

// How often the bytes lie in memory that this process can write; the buffer of the search is left out.
int times_in_memory(const Bytes& hidden) {
  Fd memory(::open("/proc/self/mem", O_RDONLY | O_CLOEXEC));
  EXPECT_TRUE(memory.valid());
  Bytes piece(1u << 16);
  int found = 0;
  for (const Range& range : writable_memory())
    for (std::uint64_t at = range.from; at < range.to; at += piece.size() - hidden.size()) {
      const auto buffer = reinterpret_cast<std::uint64_t>(piece.data());
      if (at < buffer + piece.size() && buffer < at + piece.size()) continue;
      const std::size_t wanted = std::min<std::uint64_t>(piece.size(), range.to - at);
      const ssize_t got = ::pread(memory.get(), piece.data(), wanted, static_cast<off_t>(at));
      if (got > 0) found += count_in(piece, static_cast<std::size_t>(got), hidden);
    }
  return found;
}

std::int64_t locked_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmLck:")) {
      std::int64_t kib = 0;
      const std::size_t digits = line.find_first_of("0123456789");
      std::from_chars(line.data() + digits, line.data() + line.size(), kib);
      return kib;
    }
  return -1;
}

TEST(Seeds, OfAPastEpochAreNowhereInMemory) {
  crypto_start();
  Secret seed = Secret::random();
  const Bytes first = turned(seed.bytes()), signing = turned(derive(seed, 1).bytes()), second = turned(derive(seed, 2).bytes());
  EpochKeys keys(std::move(seed));
  ASSERT_EQ(keys.keys_text().size(), 1440u * 45u);
  const std::string message = "a record";
  EXPECT_TRUE(verify_signature(keys.key().public_key(), as_bytes(message), keys.key().sign(as_bytes(message))));
  EXPECT_EQ(times_in_memory(first), 1) << "the search finds what is there, and that is the one place";
  EXPECT_GE(times_in_memory(signing), 1);
  ASSERT_TRUE(keys.advance_to(1).ok());
  EXPECT_EQ(times_in_memory(first), 0);
  EXPECT_EQ(times_in_memory(signing), 0);
  EXPECT_EQ(times_in_memory(second), 1);
  ASSERT_TRUE(keys.advance_to(5).ok());
  EXPECT_EQ(times_in_memory(second), 0);
}

TEST(Seeds, LieInLockedMemory) {
  crypto_start();
  ASSERT_TRUE(check_locked_memory().ok());
  const std::int64_t before = locked_kib();
  const EpochKeys keys(Secret::random());
  EXPECT_GE(locked_kib(), before + 3 * 4);
}

}  // namespace
}  // namespace netsampler
