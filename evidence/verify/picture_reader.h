// Who looks at the pictures for the verifier, which links no video decoder: a program beside it (picture_helper.h), or a test.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "evidence/base/result.h"

namespace netsampler::verify {

class PictureReader {
 public:
  // One line of evidence/pictures/survey.h, without its newline. An error ends the reading.
  using LineVisitor = std::function<Result<void>(std::string_view line)>;
  virtual ~PictureReader() = default;
  // `directory`: media/‹source› of a recording, below the verified directory. `strip`: look for the strip as well. At most
  // `most_lines` come. An error: it could not look, did not come to its end, or was too slow; lines that came before stand.
  virtual Result<void> read(const std::string& directory, bool strip, std::size_t most_lines, const LineVisitor& each) = 0;
};

}  // namespace netsampler::verify
