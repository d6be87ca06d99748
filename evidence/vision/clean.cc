#include "evidence/vision/clean.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "evidence/vision/opencv.h"

namespace netsampler {
namespace {

constexpr int kBrown = 45, kRed = 95;  // how much more red light than any other: brown ink has less than the one, a seal more than the other

// What the paper would be without ink: the brightest nearby, smoothed; found on a small copy, for speed.
cv::Mat paper_of(const cv::Mat& gray) {
  const double scale = std::min(1.0, 500.0 / std::max(gray.cols, gray.rows));
  cv::Mat small, paper;
  cv::resize(gray, small, {}, scale, scale, cv::INTER_AREA);
  cv::dilate(small, small, cv::getStructuringElement(cv::MORPH_ELLIPSE, {11, 11}));
  cv::medianBlur(small, small, 21);
  cv::resize(small, paper, gray.size(), 0, 0, cv::INTER_LINEAR);
  return paper;
}

cv::Mat evened(const cv::Mat& gray) {
  cv::Mat even;
  cv::divide(gray, paper_of(gray), even, 255);
  return even;
}

// Gray levels from `dark` (black) to `light` (white), stretched.
cv::Mat stretched(const cv::Mat& gray, double dark, double light) {
  cv::Mat out;
  gray.convertTo(out, CV_8U, 255.0 / (light - dark), -dark * 255.0 / (light - dark));
  return out;
}

// Brightness below which the darkest `share` of the pixels lie.
int quantile(const cv::Mat& gray, double share) {
  std::array<std::int64_t, 256> counts{};
  for (int y = 0; y < gray.rows; ++y)
    for (int x = 0; x < gray.cols; ++x) ++counts[gray.at<std::uint8_t>(y, x)];
  const auto wanted = static_cast<std::int64_t>(share * static_cast<double>(gray.total()));
  std::int64_t sum = 0;
  for (int level = 0; level < 256; ++level)
    if ((sum += counts[static_cast<std::size_t>(level)]) >= wanted) return level;
  return 255;
}

// Each colour's own paper divided out, so that warm light is no colour; then the brightness, but of what is clearly red the red light alone, in
// which red ink is paper. Brown captions stay dark.
cv::Mat without_red(const cv::Mat& image) {
  std::array<cv::Mat, 3> light;
  cv::split(image, light.data());
  for (cv::Mat& each : light) each = evened(each);
  cv::Mat brightness, out(image.size(), CV_8UC1);
  cv::merge(light.data(), 3, brightness);
  cv::cvtColor(brightness, brightness, cv::COLOR_BGR2GRAY);
  for (int y = 0; y < out.rows; ++y) {
    const std::uint8_t *blue = light[0].ptr(y), *green = light[1].ptr(y), *red = light[2].ptr(y), *gray = brightness.ptr(y);
    for (int x = 0; x < out.cols; ++x) {
      const int redness = std::clamp((red[x] - std::max(green[x], blue[x]) - kBrown) * 100 / (kRed - kBrown), 0, 100);
      out.ptr(y)[x] = static_cast<std::uint8_t>((gray[x] * (100 - redness) + red[x] * redness) / 100);
    }
  }
  return out;
}

cv::Mat brightness_of(const cv::Mat& image) {
  cv::Mat gray = image;
  if (image.channels() == 3) cv::cvtColor(image, gray, cv::COLOR_BGR2GRAY);
  return evened(gray);
}

cv::Mat clean(const cv::Mat& image, Cleaning cleaning) {
  const bool red_stays = cleaning == Cleaning::even || image.channels() == 1;
  const cv::Mat even = red_stays ? brightness_of(image) : without_red(image);
  const double ink = std::min(quantile(even, 0.01), 170);
  return cleaning == Cleaning::strict ? stretched(even, ink, ink + (255 - ink) * 0.6) : stretched(even, ink, ink + (255 - ink) * 0.85);
}

// How sharply rows of ink and rows of paper follow one another.
double row_contrast(const cv::Mat& ink) {
  cv::Mat rows;
  cv::reduce(ink, rows, 1, cv::REDUCE_SUM, CV_64F);
  double sum = 0;
  for (int y = 1; y < rows.rows; ++y) sum += std::pow(rows.at<double>(y) - rows.at<double>(y - 1), 2);
  return sum;
}

cv::Mat turned_about(const cv::Mat& image, double degrees, int white) {
  const cv::Mat turn = cv::getRotationMatrix2D({static_cast<float>(image.cols) / 2, static_cast<float>(image.rows) / 2}, degrees, 1);
  cv::Mat out;
  cv::warpAffine(image, out, turn, image.size(), cv::INTER_LINEAR, cv::BORDER_CONSTANT, cv::Scalar::all(white));
  return out;
}

double best_angle(const cv::Mat& gray) {
  const double scale = std::min(1.0, 800.0 / std::max(gray.cols, gray.rows));
  cv::Mat small;
  cv::resize(gray, small, {}, scale, scale, cv::INTER_AREA);
  small = 255 - small;
  // The middle only: borders and table edges lie as the picture was cut, not as the text does.
  const cv::Rect middle(small.cols / 10, small.rows / 10, small.cols * 8 / 10, small.rows * 8 / 10);
  const auto contrast = [&](double degrees) { return row_contrast(turned_about(small, degrees, 0)(middle)); };
  double best = 0, most = contrast(0) * 1.02;
  for (int coarse = -10; coarse <= 10; ++coarse)
    if (const double value = contrast(coarse); value > most) most = value, best = coarse;
  const double around = best;
  for (int fine = -3; fine <= 3; ++fine)
    if (const double value = contrast(around + fine * 0.25); value > most) most = value, best = around + fine * 0.25;
  return best;
}

}  // namespace

Result<Picture> cleaned(const ImageView& image, Cleaning cleaning) {
  return guarded(image, "cleaning a picture", [&](const cv::Mat& mat) { return clean(mat, cleaning); });
}

Result<double> skew_degrees(const ImageView& gray) {
  if (gray.form != PixelForm::gray) return fail(ErrorKind::invalid, "measuring a skew: a gray picture is needed");
  double angle = 0;
  TRY(guarded(gray, "measuring a skew", [&](const cv::Mat& mat) {
    angle = mat.cols < 16 || mat.rows < 16 ? 0 : best_angle(mat);
    return cv::Mat(1, 1, CV_8UC1, cv::Scalar(0));
  }));
  return angle;
}

Result<Picture> rotated(const ImageView& image, double degrees) {
  return guarded(image, "turning a picture", [&](const cv::Mat& mat) { return turned_about(mat, degrees, 255); });
}

Result<Picture> turned(const ImageView& image, int quarters) {
  return guarded(image, "turning a picture", [&](const cv::Mat& mat) {
    cv::Mat out = mat;
    const int turns = (quarters % 4 + 4) % 4;
    if (turns != 0) cv::rotate(mat, out, turns == 1 ? cv::ROTATE_90_CLOCKWISE : turns == 2 ? cv::ROTATE_180 : cv::ROTATE_90_COUNTERCLOCKWISE);
    return out;
  });
}

Result<Picture> magnified(const ImageView& image, const Rect& rect, double factor, int margin) {
  const Rect part = clipped(rect, image);
  if (part.width == 0) return fail(ErrorKind::invalid, "magnifying: the rectangle lies outside the picture");
  return guarded(image, "magnifying", [&](const cv::Mat& mat) {
    const double bounded = std::clamp(factor, 0.05, 8.0);
    const cv::Size size(std::clamp(static_cast<int>(part.width * bounded), 1, 8000), std::clamp(static_cast<int>(part.height * bounded), 1, 8000));
    cv::Mat large, framed;
    cv::resize(mat(cv::Rect(part.x, part.y, part.width, part.height)), large, size, 0, 0, bounded < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
    cv::copyMakeBorder(large, framed, margin, margin, margin, margin, cv::BORDER_CONSTANT, cv::Scalar::all(255));
    return framed;
  });
}

}  // namespace netsampler
