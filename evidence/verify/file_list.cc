#include "evidence/verify/file_list.h"

#include <algorithm>

namespace netsampler::verify {
namespace {

constexpr std::size_t kPieceBytes = 64u << 10;

}  // namespace

std::uint32_t FileList::add_directory(const std::string& path) {
  directories_.push_back(path.empty() ? "" : path + "/");
  held_bytes_ += sizeof(std::string) + path.size() + 16;
  return static_cast<std::uint32_t>(directories_.size() - 1);
}

void FileList::add(std::uint32_t directory, std::string_view name, std::int64_t bytes) {
  if (room_ < name.size()) {
    room_ = std::max(kPieceBytes, name.size());
    pieces_.push_back(std::make_unique<char[]>(room_));
    next_ = pieces_.back().get();
  }
  std::copy(name.begin(), name.end(), next_);
  entries_.push_back({next_, static_cast<std::uint32_t>(name.size()), directory, bytes});
  held_bytes_ += sizeof(Entry) + name.size();
  next_ += name.size();
  room_ -= name.size();
}

int FileList::compare(const Entry& entry, std::string_view path) const {
  const std::string_view directory = directories_[entry.directory];
  const int order = directory.compare(path.substr(0, directory.size()));
  return order != 0 ? order : std::string_view(entry.name, entry.length).compare(path.substr(directory.size()));
}

std::string FileList::path_of(const Entry& entry) const { return directories_[entry.directory] + std::string(entry.name, entry.length); }

void FileList::sort() {
  std::ranges::sort(entries_, [&](const Entry& left, const Entry& right) {
    if (left.directory == right.directory) return std::string_view(left.name, left.length) < std::string_view(right.name, right.length);
    return compare(left, path_of(right)) < 0;
  });
}

std::size_t FileList::find(std::string_view path) const {
  const std::size_t index = lower_bound(path).index();
  return index < size() && (*this)[index].first == path ? index : size();
}

FileList::Iterator FileList::lower_bound(std::string_view path) const {
  const auto found = std::ranges::partition_point(entries_, [&](const Entry& entry) { return compare(entry, path) < 0; });
  return {*this, static_cast<std::size_t>(found - entries_.begin())};
}

FileList::Item FileList::operator[](std::size_t index) const { return {path_of(entries_[index]), entries_[index].bytes}; }

bool PathSet::insert(std::string_view path) {
  const std::size_t index = list_->find(path);
  if (index == list_->size() || bits_[index]) return false;
  bits_[index] = true;
  return true;
}

}  // namespace netsampler::verify
