#include "evidence/vision/sheet.h"

#include <algorithm>
#include <cmath>

#include "evidence/vision/opencv.h"

namespace netsampler {
namespace {

constexpr int kSmallSide = 640;  // pixels: edges of a sheet are found on a copy of this size
constexpr double kLeastShare = 0.25, kMostShare = 0.97;
constexpr double kBeyond = 0.012;  // of each side: what is printed close to the edge stays

using Quad = std::vector<cv::Point>;

// The hull's corners, where it has four.
Quad four_corners(const std::vector<cv::Point>& contour) {
  Quad hull, corners;
  cv::convexHull(contour, hull);
  const double length = cv::arcLength(hull, true);
  for (const double tolerance : {0.02, 0.035, 0.05}) {
    cv::approxPolyDP(hull, corners, tolerance * length, true);
    if (corners.size() == 4) return corners;
  }
  return {};
}

// Opposite sides of about the same length: a sheet seen from not too far aside.
bool like_a_sheet(const Quad& quad) {
  std::array<double, 4> sides{};
  for (std::size_t i = 0; i < 4; ++i) sides[i] = cv::norm(quad[i] - quad[(i + 1) % 4]);
  const auto alike = [](double a, double b) { return std::min(a, b) > 0.6 * std::max(a, b); };
  const double ratio = (sides[0] + sides[2]) / std::max(1.0, sides[1] + sides[3]);
  return alike(sides[0], sides[2]) && alike(sides[1], sides[3]) && ratio > 0.45 && ratio < 2.2;
}

Quad largest_quad(const cv::Mat& mask) {
  std::vector<std::vector<cv::Point>> contours;
  cv::findContours(mask, contours, cv::RETR_LIST, cv::CHAIN_APPROX_SIMPLE);
  const double whole = static_cast<double>(mask.total());
  Quad best;
  double most = kLeastShare * whole;
  for (const auto& contour : contours) {
    if (contour.size() < 4) continue;
    const Quad quad = four_corners(contour);
    if (quad.empty() || !like_a_sheet(quad)) continue;
    const double area = cv::contourArea(quad);
    if (area > most && area < kMostShare * whole) most = area, best = quad;
  }
  return best;
}

cv::Mat bright_mask(const cv::Mat& gray) {
  cv::Mat mask;
  cv::threshold(gray, mask, 0, 255, cv::THRESH_BINARY | cv::THRESH_OTSU);
  cv::morphologyEx(mask, mask, cv::MORPH_CLOSE, cv::getStructuringElement(cv::MORPH_RECT, {15, 15}));
  cv::morphologyEx(mask, mask, cv::MORPH_OPEN, cv::getStructuringElement(cv::MORPH_RECT, {9, 9}));
  return mask;
}

cv::Mat edge_mask(const cv::Mat& gray) {
  cv::Mat soft, mask;
  cv::GaussianBlur(gray, soft, {5, 5}, 0);
  cv::Canny(soft, mask, 30, 90);
  cv::dilate(mask, mask, cv::getStructuringElement(cv::MORPH_RECT, {5, 5}));
  return mask;
}

// The corner with the least sum of x and y first, then clockwise.
Corners in_order(const Quad& quad, double scale) {
  std::size_t first = 0;
  for (std::size_t i = 1; i < 4; ++i)
    if (quad[i].x + quad[i].y < quad[first].x + quad[first].y) first = i;
  const cv::Point a = quad[(first + 1) % 4] - quad[first], b = quad[(first + 3) % 4] - quad[first];
  const bool clockwise = a.x * b.y - a.y * b.x > 0;
  Corners corners;
  for (std::size_t i = 0; i < 4; ++i) {
    const cv::Point& p = quad[(first + (clockwise ? i : 4 - i)) % 4];
    corners[i] = {static_cast<int>(p.x / scale), static_cast<int>(p.y / scale)};
  }
  return corners;
}

Quad find_quad(const cv::Mat& image, double scale) {
  cv::Mat small, gray;
  cv::resize(image, small, {}, scale, scale, cv::INTER_AREA);
  if (small.channels() == 3) cv::cvtColor(small, gray, cv::COLOR_BGR2GRAY);
  else gray = small;
  const Quad by_edges = largest_quad(edge_mask(gray)), by_light = largest_quad(bright_mask(gray));
  if (by_edges.empty() || by_light.empty()) return by_edges.empty() ? by_light : by_edges;
  return cv::contourArea(by_light) > cv::contourArea(by_edges) ? by_light : by_edges;
}

// A warp takes single pixels: a picture much larger than what is wanted is made smaller first.
cv::Mat flatten(const cv::Mat& whole, const Corners& whole_corners, int long_side) {
  const double shrink = std::min(1.0, 1.6 * long_side / std::max(whole.cols, whole.rows));
  cv::Mat image = whole;
  if (shrink < 1) cv::resize(whole, image, {}, shrink, shrink, cv::INTER_AREA);
  Corners corners = whole_corners;
  for (Point& corner : corners) corner = {static_cast<int>(corner.x * shrink), static_cast<int>(corner.y * shrink)};
  const auto at = [&](std::size_t i) { return cv::Point2f(static_cast<float>(corners[i].x), static_cast<float>(corners[i].y)); };
  const double width = (cv::norm(at(1) - at(0)) + cv::norm(at(2) - at(3))) / 2, height = (cv::norm(at(3) - at(0)) + cv::norm(at(2) - at(1))) / 2;
  const double scale = long_side / std::max({width, height, 1.0});
  const cv::Size size(std::max(16, cvRound(width * scale)), std::max(16, cvRound(height * scale)));
  const auto w = static_cast<float>(size.width), h = static_cast<float>(size.height);
  const float x = w * static_cast<float>(kBeyond), y = h * static_cast<float>(kBeyond);
  const std::array<cv::Point2f, 4> from{at(0), at(1), at(2), at(3)};
  const std::array<cv::Point2f, 4> to{{{x, y}, {w - x, y}, {w - x, h - y}, {x, h - y}}};
  cv::Mat out;
  cv::warpPerspective(image, out, cv::getPerspectiveTransform(from, to), size, cv::INTER_CUBIC, cv::BORDER_REPLICATE);
  return out;
}

}  // namespace

Result<std::optional<Corners>> find_sheet(const ImageView& image) {
  std::optional<Corners> found;
  TRY(guarded(image, "finding a sheet", [&](const cv::Mat& mat) {
    const double scale = std::min(1.0, static_cast<double>(kSmallSide) / std::max(mat.cols, mat.rows));
    if (std::min(mat.cols, mat.rows) * scale < 32) return cv::Mat(1, 1, CV_8UC1, cv::Scalar(0));
    if (const Quad quad = find_quad(mat, scale); quad.size() == 4) found = in_order(quad, scale);
    return cv::Mat(1, 1, CV_8UC1, cv::Scalar(0));
  }));
  return found;
}

Result<Picture> flattened(const ImageView& image, const Corners& corners, int long_side) {
  return guarded(image, "flattening a sheet", [&](const cv::Mat& mat) { return flatten(mat, corners, std::clamp(long_side, 64, 4000)); });
}

Result<Picture> scaled_to(const ImageView& image, int long_side) {
  return guarded(image, "scaling a picture", [&](const cv::Mat& mat) {
    const double scale = static_cast<double>(std::clamp(long_side, 64, 4000)) / std::max(mat.cols, mat.rows);
    const cv::Size size(std::max(1, cvRound(mat.cols * scale)), std::max(1, cvRound(mat.rows * scale)));
    cv::Mat out;
    cv::resize(mat, out, size, 0, 0, scale < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
    return out;
  });
}

}  // namespace netsampler
