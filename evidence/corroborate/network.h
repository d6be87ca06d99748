// Is what a fact says among the bytes that the network brought?
#pragma once
#include "evidence/corroborate/answer.h"
#include "evidence/corroborate/bodies.h"
#include "evidence/corroborate/expected.h"

namespace netsampler::corroborate {

// An amount counts only where it stands as money: beside a sign of currency or 元, or in the value of a name such as price, amount, fee;
// 分 (1280) only there. A code counts where nothing touches it; a name as its folded text, or all its pieces in one body. `differs`: not
// found, but behind one of `anchors` (class or id of the element that shows it) other amounts stand. Not found while bodies are missing is
// not-applicable (bodies-missing); no body at all, too (no-archive).
Said look_in_network(const Expected& expected, const std::vector<const Bodies*>& pages, const std::vector<std::string>& anchors);

}  // namespace netsampler::corroborate
