// The right edge of a log's tree: all that is needed to append leaves, and to know root and tiles, without reading the whole log.
#pragma once
#include <functional>

#include "evidence/format/tlog.h"

namespace netsampler {

// A tile as it is to be written.
struct TileText {
  TileName name;
  Bytes bytes;
};

class LogTree {
 public:
  std::uint64_t size() const { return size_; }
  Hash root() const;
  // Appends one leaf (text_of). A tile or bundle that became full by it is added to `full`.
  void append(const std::string& leaf, std::vector<TileText>& full);
  // Tiles and bundle at the right edge that are not full: with those that became full, what a tree of this size adds to an older one.
  std::vector<TileText> edge() const;

  // The tree again, from the bytes of the edge's tiles (`read` is handed each name of the edge of that size). Checks nothing but forms.
  static Result<LogTree> load(std::uint64_t size, const std::function<Result<Bytes>(const TileName&)>& read);

 private:
  void push(int level, const Hash& hash, std::vector<TileText>& full);
  std::uint64_t size_ = 0;
  std::vector<std::vector<Hash>> levels_;  // of each level the hashes of its last tile, while it is not full
  std::vector<std::string> entries_;       // of the last bundle
};

}  // namespace netsampler
