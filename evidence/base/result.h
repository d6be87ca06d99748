// Errors as values. A Result<T> is a T or an Error; ignoring one does not compile (nodiscard by type).
// Kinds are few: they decide an exit code or a retry; the text is one line for a person (what, why, what to do).
#pragma once
#include <string>
#include <utility>
#include <variant>

namespace netsampler {

enum class ErrorKind {
  invalid,      // the input breaks its contract: exit 65
  usage,        // the call's words are off: exit 64
  not_found,    // no such case, file, recording
  denied,       // credentials or peer not accepted
  busy,         // taken by another, e.g. a display that is being recorded
  full,         // no room: disk or a bound
  io,           // the system refused a read or write: exit 74
  unavailable,  // a service, display or camera is not there; may come back
  internal      // our own fault: exit 70
};

struct [[nodiscard]] Error {
  ErrorKind kind = ErrorKind::internal;
  std::string text;
  // Adds what was being done, on the way up: "opening the index: disk is full".
  Error with(const std::string& doing) && { return {kind, doing + ": " + text}; }
};

inline Error fail(ErrorKind kind, std::string text) { return {kind, std::move(text)}; }
const char* name_of(ErrorKind kind);                 // "invalid", "usage", … the wire form in IPC replies
ErrorKind error_kind_from(const std::string& name);  // unknown names are `internal`
int exit_code_of(ErrorKind kind);                    // 1, 64, 65, 70, 74 as in the command line's contract
// The text of errno with what failed: fail_errno("open /x"). ENOSPC/EDQUOT → full, ENOENT → not_found, EACCES → denied.
Error fail_errno(const std::string& doing);

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}
  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& value() { return std::get<0>(state_); }
  const T& value() const { return std::get<0>(state_); }
  T& operator*() { return value(); }
  const T& operator*() const { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  Error& error() { return std::get<1>(state_); }
  const Error& error() const { return std::get<1>(state_); }
  T take() { return std::move(value()); }
  T value_or(T other) const { return ok() ? value() : std::move(other); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)), ok_(false) {}
  bool ok() const { return ok_; }
  explicit operator bool() const { return ok_; }
  void value() const {}
  void take() const {}
  Error& error() { return error_; }
  const Error& error() const { return error_; }

 private:
  Error error_;
  bool ok_ = true;
};

}  // namespace netsampler

// TRY(f()): the value, or leave this function with the error. Only at the start of a statement, or after `=` or `return`:
// inside an aggregate initialiser GCC 12 and Clang 14 leak what was already built.
#define TRY(expression)                                          \
  __extension__({                                                \
    auto try_result_ = (expression);                             \
    if (!try_result_.ok()) return std::move(try_result_.error()); \
    try_result_.take();                              \
  })
// The same, adding what was being done.
#define TRY_WITH(expression, doing)                                            \
  __extension__({                                                              \
    auto try_result_ = (expression);                                           \
    if (!try_result_.ok()) return std::move(try_result_.error()).with(doing); \
    try_result_.take();                                            \
  })
