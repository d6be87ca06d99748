#include "capture/camera/h264_units.h"

#include <optional>
#include <set>

#include "capture/media/start_codes.h"

namespace netsampler::capture {
namespace {

enum : int { kSlice = 1, kPartitionA = 2, kIdr = 5, kSps = 7, kPps = 8, kDelimiter = 9, kFiller = 12, kSpsMore = 13 };
constexpr std::uint8_t kStartCode[] = {0, 0, 0, 1};
constexpr std::size_t kUnitsLimit = 4096;  // of one access unit

int type_of(ByteView unit) { return unit[0] & 31; }

void put(Bytes& to, ByteView unit) {
  append(to, kStartCode);
  append(to, unit);
}

// A unit never ends with a zero byte; what follows it are trailing zeros.
ByteView trimmed(ByteView unit) {
  while (!unit.empty() && unit.back() == 0) unit = unit.first(unit.size() - 1);
  return unit;
}

std::vector<ByteView> behind_codes(ByteView bytes) {
  std::vector<ByteView> units;
  for (std::size_t at = next_start_code(bytes, 0); at < bytes.size() && units.size() < kUnitsLimit;) {
    const std::size_t begin = at + kStartCodeBytes, end = next_start_code(bytes, begin);
    if (const ByteView unit = trimmed(bytes.subspan(begin, end - begin)); !unit.empty()) units.push_back(unit);
    at = end;
  }
  return units;
}

Result<std::vector<ByteView>> behind_lengths(ByteView bytes, std::size_t length_bytes) {
  std::vector<ByteView> units;
  while (!bytes.empty() && units.size() < kUnitsLimit) {
    std::size_t size = 0;
    if (bytes.size() < length_bytes) return fail(ErrorKind::invalid, "H.264 units that break off");
    for (std::size_t i = 0; i < length_bytes; ++i) size = size << 8 | bytes[i];
    if (size > bytes.size() - length_bytes) return fail(ErrorKind::invalid, "H.264 units that break off");
    if (const ByteView unit = trimmed(bytes.subspan(length_bytes, size)); !unit.empty()) units.push_back(unit);
    bytes = bytes.subspan(length_bytes + size);
  }
  return units;
}

// The first numbers of a slice's header. Too short for two zero bytes in a row, so no emulation prevention stands among them.
class Bits {
 public:
  explicit Bits(ByteView bytes) : bytes_(bytes) {}
  std::optional<std::uint32_t> exp_golomb() {
    int zeros = 0;
    for (auto bit = next(); bit != 1; bit = next())
      if (bit < 0 || ++zeros > 20) return std::nullopt;
    std::uint32_t value = 0;
    for (int i = 0; i < zeros; ++i) {
      const int bit = next();
      if (bit < 0) return std::nullopt;
      value = value << 1 | static_cast<std::uint32_t>(bit);
    }
    return (1U << zeros) - 1 + value;
  }

 private:
  int next() {
    if (at_ / 8 >= bytes_.size()) return -1;
    const int bit = bytes_[at_ / 8] >> (7 - at_ % 8) & 1;
    ++at_;
    return bit;
  }
  ByteView bytes_;
  std::size_t at_ = 0;
};

std::uint32_t first_block(ByteView unit) { return Bits(unit.subspan(1)).exp_golomb().value_or(0); }  // first_mb_in_slice

bool is_b_slice(ByteView unit) {
  constexpr std::uint32_t kB = 1;  // slice_type 1 and 6
  Bits bits(unit.subspan(1));
  if (!bits.exp_golomb()) return false;  // first_mb_in_slice
  const auto type = bits.exp_golomb();
  return type && *type % 5 == kB;
}

class SetList {
 public:
  void add(ByteView unit) { units_.emplace(type_of(unit), Bytes(unit.begin(), unit.end())); }
  Bytes joined() const {
    Bytes all;
    for (const auto& [type, unit] : units_) put(all, unit);
    return all;
  }

 private:
  std::set<std::pair<int, Bytes>> units_;
};

bool is_set(int type) { return type == kSps || type == kPps || type == kSpsMore; }

Result<Bytes> sets_of_avcc(ByteView avcc) {
  constexpr std::size_t kHead = 5;
  SetList sets;
  std::size_t at = kHead;
  for (const std::uint8_t mask : {std::uint8_t{31}, std::uint8_t{255}}) {
    if (at >= avcc.size()) return fail(ErrorKind::invalid, "an H.264 header that breaks off");
    for (int count = avcc[at++] & mask; count > 0; --count) {
      if (avcc.size() - at < 2) return fail(ErrorKind::invalid, "an H.264 header that breaks off");
      const std::size_t size = static_cast<std::size_t>(avcc[at] << 8 | avcc[at + 1]);
      if (avcc.size() - at - 2 < size) return fail(ErrorKind::invalid, "an H.264 header that breaks off");
      if (const ByteView unit = trimmed(avcc.subspan(at + 2, size)); !unit.empty() && is_set(type_of(unit))) sets.add(unit);
      at += 2 + size;
    }
  }
  return sets.joined();
}

}  // namespace

Result<H264Picture> split_h264(ByteView access_unit, int length_bytes) {
  const auto units = length_bytes == 0 ? behind_codes(access_unit) : TRY(behind_lengths(access_unit, static_cast<std::size_t>(length_bytes)));
  H264Picture picture;
  SetList sets;
  picture.units.reserve(access_unit.size() + units.size());
  for (const ByteView unit : units) {
    const int type = type_of(unit);
    if (type == kDelimiter || type == kFiller) continue;
    if (is_set(type)) {
      sets.add(unit);
      continue;
    }
    const bool slice = type == kSlice || type == kPartitionA || type == kIdr;
    if (slice && !picture.slices) picture.continues = first_block(unit) != 0;
    picture.slices = picture.slices || slice;
    picture.key = picture.key || type == kIdr;
    picture.reordered = picture.reordered || (slice && is_b_slice(unit));
    put(picture.units, unit);
  }
  picture.sets = sets.joined();
  return picture;
}

Result<H264Header> read_h264_header(ByteView extradata) {
  if (extradata.empty() || extradata[0] != 1) {
    H264Picture sets = TRY(split_h264(extradata, 0));
    return H264Header{std::move(sets.sets), 0};
  }
  if (extradata.size() < 7) return fail(ErrorKind::invalid, "an H.264 header that breaks off");
  Bytes sets = TRY(sets_of_avcc(extradata));
  return H264Header{std::move(sets), (extradata[4] & 3) + 1};
}

}  // namespace netsampler::capture
