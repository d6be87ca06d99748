// The files below a directory, sorted by path: 24 bytes and its own name for each, its directory's path once, so that a few hundred
// thousand fit into little memory.
#pragma once
#include <cstdint>
#include <iterator>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace netsampler::verify {

inline constexpr std::size_t kAnyBytes = std::numeric_limits<std::size_t>::max();  // no bound

class FileList {
 public:
  using Item = std::pair<std::string, std::int64_t>;  // path below the root, bytes

  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = Item;
    using difference_type = std::ptrdiff_t;
    using pointer = const Item*;
    using reference = const Item&;
    Iterator(const FileList& list, std::size_t index) : list_(&list), index_(index) { load(); }
    reference operator*() const { return item_; }
    pointer operator->() const { return &item_; }
    Iterator& operator++() {
      ++index_;
      load();
      return *this;
    }
    bool operator==(const Iterator& other) const { return index_ == other.index_; }
    std::size_t index() const { return index_; }

   private:
    void load() {
      if (index_ < list_->size()) item_ = (*list_)[index_];
    }
    const FileList* list_;
    std::size_t index_;
    Item item_;
  };

  std::uint32_t add_directory(const std::string& path);  // "" is the root; its number
  void add(std::uint32_t directory, std::string_view name, std::int64_t bytes);
  void sort();  // after the last `add`, before everything below

  std::size_t size() const { return entries_.size(); }
  std::size_t held_bytes() const { return held_bytes_; }  // what it takes, about
  bool contains(std::string_view path) const { return find(path) != size(); }
  std::size_t find(std::string_view path) const;  // size() where it is not there
  Iterator lower_bound(std::string_view path) const;
  Iterator begin() const { return {*this, 0}; }
  Iterator end() const { return {*this, size()}; }
  Item operator[](std::size_t index) const;
  std::int64_t at(std::string_view path) const { return entries_.at(find(path)).bytes; }  // it must be there

 private:
  struct Entry {
    const char* name;
    std::uint32_t length, directory;
    std::int64_t bytes;
  };
  // Below 0: `entry` comes before `path`.
  int compare(const Entry& entry, std::string_view path) const;
  std::string path_of(const Entry& entry) const;
  std::vector<std::string> directories_;  // with the slash at the end; the root is ""
  std::vector<Entry> entries_;
  std::vector<std::unique_ptr<char[]>> pieces_;  // the names' letters
  char* next_ = nullptr;                         // where the next name goes
  std::size_t room_ = 0;                         // behind it
  std::size_t held_bytes_ = 0;
};

// A set of paths of one list: a bit for each.
class PathSet {
 public:
  explicit PathSet(const FileList& list) : list_(&list), bits_(list.size()) {}
  bool insert(std::string_view path);  // false where it is no path of the list, or is in the set already
  bool contains(std::string_view path) const { return list_->contains(path) && bits_[list_->find(path)]; }
  bool contains_index(std::size_t index) const { return bits_[index]; }

 private:
  const FileList* list_;
  std::vector<bool> bits_;
};

}  // namespace netsampler::verify
