#include "evidence/verify/at_time.h"

#include <chrono>
#include <optional>

namespace netsampler::verify {
namespace {

constexpr std::int64_t kSecondUs = 1'000'000;
constexpr std::int64_t kLastSecond = 253'402'300'799;  // 9999-12-31T23:59:59Z

// Takes one thing after the other from the front; after the first that does not fit nothing fits.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}
  int number(std::size_t digits) {
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      const bool is_digit = i < rest_.size() && rest_[i] >= '0' && rest_[i] <= '9';
      if (!is_digit) return refuse();
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }
  bool take(std::string_view letters) {
    if (rest_.empty() || letters.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void must(std::string_view letters) {
    if (!take(letters)) refuse();
  }
  bool is_digit_next() const { return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }
  int refuse() {
    good_ = false;
    return 0;
  }
  bool done() const { return good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

// ".5" → 500000; digits behind the sixth are cut.
std::int64_t fraction_us(Scanner& scanner) {
  std::int64_t us = 0, unit = kSecondUs / 10;
  if (!scanner.take(".")) return 0;
  if (!scanner.is_digit_next()) return scanner.refuse();
  for (; scanner.is_digit_next(); unit /= 10) us += scanner.number(1) * unit;
  return us;
}

std::int64_t offset_seconds(Scanner& scanner) {
  if (scanner.take("Zz")) return 0;
  const bool west = scanner.take("-");
  if (!west) scanner.must("+");
  const int hours = scanner.number(2);
  scanner.must(":");
  const int minutes = scanner.number(2);
  if (hours > 23 || minutes > 59) return scanner.refuse();
  return (west ? -1 : 1) * (std::int64_t{hours} * 3600 + minutes * 60);
}

std::optional<std::int64_t> rfc3339_us(std::string_view text) {
  Scanner scanner(text);
  const int year = scanner.number(4);
  scanner.must("-");
  const int month = scanner.number(2);
  scanner.must("-");
  const int day = scanner.number(2);
  scanner.must("Tt ");
  const int hour = scanner.number(2);
  scanner.must(":");
  const int minute = scanner.number(2);
  scanner.must(":");
  const int second = scanner.number(2);
  const std::int64_t us = fraction_us(scanner);
  const std::int64_t offset = offset_seconds(scanner);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!scanner.done() || !date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return (days * 86'400 + hour * 3600 + minute * 60 + second - offset) * kSecondUs + us;
}

std::optional<std::int64_t> unix_us(std::string_view text) {
  if (text.empty() || text.size() > 12) return std::nullopt;
  std::int64_t seconds = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    seconds = seconds * 10 + (c - '0');
  }
  return seconds * kSecondUs;
}

}  // namespace

Result<std::int64_t> parse_at_time(std::string_view text) {
  const std::optional<std::int64_t> seconds = unix_us(text);
  const std::optional<std::int64_t> us = seconds ? seconds : rfc3339_us(text);
  if (us && *us >= 0 && *us / kSecondUs <= kLastSecond) return *us;
  return fail(ErrorKind::usage, "--attime: neither RFC 3339 (2027-01-15T08:00:00Z) nor seconds since 1970: " + std::string(text.substr(0, 40)));
}

}  // namespace netsampler::verify
