// Ownership of what a C library hands out: a unique_ptr whose deleter is the library's own function.
#pragma once
#include <memory>

namespace netsampler::timestamp {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
template <class T, auto Free>
using Owned = std::unique_ptr<T, Freed<Free>>;

}  // namespace netsampler::timestamp
