// libav's pictures as packed gray or BGR pixels (swscale), at their own size.
#pragma once
#include <memory>

#include "evidence/base/bytes.h"
#include "evidence/base/result.h"
#include "evidence/vision/image.h"

struct AVFrame;
struct SwsContext;

namespace netsampler {

// Keeps its tables from picture to picture of one size and form. One thread at a time.
class PixelPacker {
 public:
  // Rows without padding. `invalid` where the picture's sides are out of bounds or its pixels of no known form.
  Result<Bytes> pack(const AVFrame& picture, PixelForm form);

 private:
  struct Free {
    void operator()(SwsContext* scaler) const;
  };
  std::unique_ptr<SwsContext, Free> scaler_;
};

}  // namespace netsampler
