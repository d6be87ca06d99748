#include "evidence/verify/file_list.h"

#include <algorithm>

namespace netsampler::verify {
namespace {

constexpr std::size_t kPieceBytes = 64u << 10;

}  // namespace

void FileList::add(std::string_view path, std::int64_t bytes) {
  if (room_ < path.size()) {
    room_ = std::max(kPieceBytes, path.size());
    pieces_.push_back(std::make_unique<char[]>(room_));
    next_ = pieces_.back().get();
  }
  std::copy(path.begin(), path.end(), next_);
  entries_.push_back({next_, path.size(), bytes});
  next_ += path.size();
  room_ -= path.size();
}

void FileList::sort() {
  std::ranges::sort(entries_, {}, [](const Entry& entry) { return std::string_view(entry.path, entry.length); });
}

std::size_t FileList::find(std::string_view path) const {
  const std::size_t index = lower_bound(path).index();
  return index < size() && (*this)[index].first == path ? index : size();
}

FileList::Iterator FileList::lower_bound(std::string_view path) const {
  const auto found = std::ranges::lower_bound(entries_, path, {}, [](const Entry& entry) { return std::string_view(entry.path, entry.length); });
  return {*this, static_cast<std::size_t>(found - entries_.begin())};
}

FileList::Item FileList::operator[](std::size_t index) const {
  const Entry& entry = entries_[index];
  return {std::string_view(entry.path, entry.length), entry.bytes};
}

bool PathSet::insert(std::string_view path) {
  const std::size_t index = list_->find(path);
  if (index == list_->size() || bits_[index]) return false;
  bits_[index] = true;
  return true;
}

}  // namespace netsampler::verify
