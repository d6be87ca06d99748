// Parts of JSON that others wrote (a browser's snapshot), read without trusting its shape.
#pragma once
#include "evidence/base/json.h"

namespace netsampler {

// An object's member; an empty array where that is no object or has none of the name.
inline const Json& member_at(const Json& object, const char* key) {
  static const Json none = Json::array();
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() ? *found : none;
}

// The integer at a place of a list; `other` where there is none.
inline std::int64_t integer_at(const Json& list, std::size_t at, std::int64_t other) {
  return list.is_array() && at < list.size() && list[at].is_number_integer() ? list[at].get<std::int64_t>() : other;
}

}  // namespace netsampler
