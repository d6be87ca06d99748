#include "crawler/cdp_framer.h"

namespace netsampler {

Result<std::vector<std::string>> CdpFramer::feed(ByteView part) {
  std::vector<std::string> messages;
  std::string_view rest = as_text(part);
  while (!broken_ && !rest.empty()) {
    const auto end = rest.find('\0');
    const std::string_view piece = rest.substr(0, end);
    broken_ = held_.size() + piece.size() > limit_bytes_;
    if (broken_) break;
    held_.append(piece);
    if (end == std::string_view::npos) return messages;
    broken_ = held_.empty();
    messages.push_back(std::exchange(held_, std::string()));
    rest.remove_prefix(end + 1);
  }
  if (!broken_) return messages;
  held_.clear();
  return fail(ErrorKind::invalid, "the browser's pipe: an empty message or one longer than " + std::to_string(limit_bytes_) +
                                      " bytes (is --browser a Chromium?)");
}

}  // namespace netsampler
