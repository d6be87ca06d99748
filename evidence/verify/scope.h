// What kind of directory is it, and which chains and books lie where?
#pragma once
#include "evidence/verify/tree.h"

namespace netsampler::verify {

struct Place {
  std::string base;  // below the verified directory, "" for itself
  std::string id;    // as the directory's name says; "" where it says nothing
};

struct Scope {
  std::string name;  // "package", "recording", "case", "box"
  std::vector<Place> recordings, books;
  std::string log = {};  // the box log's directory; empty where there is none
  std::string below = {};  // what is under verification begins with it: "data/" of a box's state directory
};

// `invalid` where there is neither chain nor book.
Result<Scope> scope_of(const Tree& tree);

}  // namespace netsampler::verify
