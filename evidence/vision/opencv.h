// OpenCV's headers and the way between its pictures and ours: once, for the files that clean and straighten pictures.
// OpenCV throws cv::Exception on what it does not like: each function that calls it catches that, see `guarded`.
#pragma once
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "evidence/vision/still.h"

namespace netsampler {

// A view of the same pixels; nothing is copied. Not written to by who gets it.
inline cv::Mat mat_of(const ImageView& image) {
  return {image.height, image.width, image.form == PixelForm::gray ? CV_8UC1 : CV_8UC3, const_cast<std::uint8_t*>(image.data),
          static_cast<std::size_t>(image.stride_bytes)};
}

inline Picture picture_of(const cv::Mat& mat) {
  Picture picture{mat.cols, mat.rows, mat.channels() == 1 ? PixelForm::gray : PixelForm::bgr, {}};
  const std::size_t row_bytes = static_cast<std::size_t>(mat.cols) * mat.elemSize();
  picture.pixels.reserve(row_bytes * static_cast<std::size_t>(mat.rows));
  for (int y = 0; y < mat.rows; ++y) picture.pixels.insert(picture.pixels.end(), mat.ptr(y), mat.ptr(y) + row_bytes);
  return picture;
}

// Runs `work` (cv::Mat from cv::Mat) on a sound picture.
template <typename Work>
Result<Picture> guarded(const ImageView& image, const char* doing, const Work& work) {
  if (!is_sound(image)) return fail(ErrorKind::invalid, std::string(doing) + ": not a picture (no data, or sides out of bounds)");
  try {
    return picture_of(work(mat_of(image)));
  } catch (const cv::Exception& error) {
    return fail(ErrorKind::internal, std::string(doing) + ": " + error.err);
  }
}

}  // namespace netsampler
