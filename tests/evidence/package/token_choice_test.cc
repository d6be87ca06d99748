// Which time stamps travel with a case: enough to bound each of its lines and to renew them for years, not all that the box has.
#include "evidence/package/token_choice.h"

#include <gmock/gmock.h>

namespace netsampler {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;

constexpr std::int64_t kMinuteUs = 60'000'000, kDayUs = 24 * 60 * kMinuteUs;

// A box that makes a stamp a minute over one more leaf each: size n at minute n.
struct ABox {
  std::vector<std::uint64_t> sizes;
  explicit ABox(std::uint64_t count) {
    for (std::uint64_t size = 1; size <= count; ++size) sizes.push_back(size);
  }
  std::set<std::uint64_t> chosen(const std::vector<LeafSpan>& spans) const {
    return choose_tokens(sizes, spans, [](std::uint64_t size) { return std::optional(static_cast<std::int64_t>(size) * kMinuteUs); });
  }
};

TEST(TokenChoice, ASpanHasTheOneBeforeAllWithinAndFourBehind) {
  const auto chosen = ABox(60).chosen({{10, 20}});
  std::set<std::uint64_t> expected;
  for (std::uint64_t size = 10; size <= 24; ++size) expected.insert(size);  // 21 is the first over leaf 20
  for (std::uint64_t size = 57; size <= 60; ++size) expected.insert(size);
  EXPECT_EQ(chosen, expected);
}

TEST(TokenChoice, YearsLaterThereIsOneADayAndNoLongerWay) {
  constexpr std::uint64_t kYears = 6, kCount = kYears * 365 * 1440;
  const auto chosen = ABox(kCount).chosen({{10, 20}});
  EXPECT_LT(chosen.size(), kYears * 365 + 30);
  EXPECT_GE(chosen.size(), kYears * 365);
  std::uint64_t last = *chosen.begin();
  for (const std::uint64_t size : chosen) {
    EXPECT_LE(static_cast<std::int64_t>(size - last) * kMinuteUs, kDayUs) << last << " is renewed by " << size;
    last = size;
  }
  EXPECT_EQ(last, kCount);
}

TEST(TokenChoice, ABoxThatStoodStillForMonthsIsRenewedByTheNextThereIs) {
  const std::vector<std::uint64_t> sizes{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  const auto monthly = [](std::uint64_t size) { return std::optional(static_cast<std::int64_t>(size) * 30 * kDayUs); };
  EXPECT_EQ(choose_tokens(sizes, std::vector<LeafSpan>{{2, 2}}, monthly), (std::set<std::uint64_t>{2, 3, 4, 5, 6, 7, 8, 9, 10}));
}

TEST(TokenChoice, WhereNoTimeCanBeToldEachGoesAlong) {
  const ABox box(40);
  const auto untold = [](std::uint64_t) { return std::optional<std::int64_t>(); };
  EXPECT_EQ(choose_tokens(box.sizes, std::vector<LeafSpan>{{5, 5}}, untold).size(), 36u);  // 5 … 40
}

TEST(TokenChoice, WithoutSpansTheNewestAloneAndWithoutTokensNone) {
  EXPECT_THAT(ABox(9).chosen({}), ElementsAre(6, 7, 8, 9));
  EXPECT_THAT(ABox(0).chosen({{3, 4}}), IsEmpty());
}

// A span that no token covers yet, and one that began before the first token.
TEST(TokenChoice, SpansAtTheEnds) {
  EXPECT_THAT(ABox(9).chosen({{9, 12}}), ElementsAre(6, 7, 8, 9));
  const std::vector<std::uint64_t> late{7, 8, 9, 10, 11, 12, 13};
  const auto chosen = choose_tokens(late, std::vector<LeafSpan>{{0, 2}}, [](std::uint64_t size) { return std::optional(static_cast<std::int64_t>(size)); });
  EXPECT_THAT(chosen, IsSupersetOf({7, 8, 9, 10, 13}));
}

}  // namespace
}  // namespace netsampler
