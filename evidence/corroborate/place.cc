#include "evidence/corroborate/place.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace netsampler::corroborate {
namespace {

constexpr int kBlock = 8, kInkRange = 32, kSameDifference = 14;
constexpr int kPatch = 24, kPatchStep = 8, kCells = 4, kPatchDifference = 12, kProbeDifference = 40;
constexpr int kAnchors = 8, kCandidates = 48, kLeastBlocks = 12;
constexpr double kLeastShare = 0.34, kSureShare = 0.9;

struct Patch {
  int x = 0, y = 0;
  std::int64_t energy = 0;
  int bright_x = 0, bright_y = 0, dark_x = 0, dark_y = 0;  // its brightest and darkest pixels, within it
};

int at(const GrayPicture& picture, int x, int y) { return picture.pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) + static_cast<std::size_t>(x)]; }

Patch patch_at(const GrayPicture& picture, int x, int y) {
  Patch patch{x, y};
  for (int dy = 0; dy < kPatch; ++dy)
    for (int dx = 0; dx < kPatch; ++dx) {
      const int here = at(picture, x + dx, y + dy);
      if (dx > 0) patch.energy += std::abs(here - at(picture, x + dx - 1, y + dy));
      if (dy > 0) patch.energy += std::abs(here - at(picture, x + dx, y + dy - 1));
      if (here > at(picture, x + patch.bright_x, y + patch.bright_y)) patch.bright_x = dx, patch.bright_y = dy;
      if (here < at(picture, x + patch.dark_x, y + patch.dark_y)) patch.dark_x = dx, patch.dark_y = dy;
    }
  return patch;
}

// The liveliest patch of each of 4×4 cells, liveliest first: what covers one part of the page leaves others.
std::vector<Patch> anchors_of(const GrayPicture& picture) {
  std::vector<Patch> anchors;
  const int width = picture.width / kCells, height = picture.height / kCells;
  for (int cell = 0; cell < kCells * kCells; ++cell) {
    Patch best;
    const int left = cell % kCells * width, top = cell / kCells * height;
    for (int y = top; y < top + height && y + kPatch <= picture.height; y += kPatchStep)
      for (int x = left; x < left + width && x + kPatch <= picture.width; x += kPatchStep)
        if (Patch patch = patch_at(picture, x, y); patch.energy > best.energy) best = patch;
    if (best.energy > kPatch * kPatch * 4) anchors.push_back(best);
  }
  std::sort(anchors.begin(), anchors.end(), [](const Patch& a, const Patch& b) { return a.energy > b.energy; });
  anchors.resize(std::min<std::size_t>(anchors.size(), kAnchors));
  return anchors;
}

bool is_patch(const GrayPicture& frame, const GrayPicture& picture, const Patch& patch, int x, int y) {
  int difference = 0;
  for (int dy = 0; dy < kPatch; ++dy) {
    for (int dx = 0; dx < kPatch; ++dx) difference += std::abs(at(frame, x + dx, y + dy) - at(picture, patch.x + dx, patch.y + dy));
    if (difference > kPatchDifference * kPatch * kPatch) return false;
  }
  return true;
}

std::vector<Place> places_of(const GrayPicture& frame, const GrayPicture& picture, const Patch& patch) {
  std::vector<Place> places;
  const int bright = at(picture, patch.x + patch.bright_x, patch.y + patch.bright_y), dark = at(picture, patch.x + patch.dark_x, patch.y + patch.dark_y);
  for (int y = 0; y + kPatch <= frame.height; ++y)
    for (int x = 0; x + kPatch <= frame.width && places.size() < kCandidates; ++x) {
      if (std::abs(at(frame, x + patch.dark_x, y + patch.dark_y) - dark) > kProbeDifference) continue;
      if (std::abs(at(frame, x + patch.bright_x, y + patch.bright_y) - bright) > kProbeDifference) continue;
      if (is_patch(frame, picture, patch, x, y)) places.push_back({x - patch.x, y - patch.y});
    }
  return places;
}

// A block that lies within both: -1 where there is nothing in it, else whether it is the same.
int compare_block(const GrayPicture& frame, const GrayPicture& picture, const Place& place, int x, int y) {
  int low = 255, high = 0, difference = 0;
  for (int dy = 0; dy < kBlock; ++dy)
    for (int dx = 0; dx < kBlock; ++dx) {
      const int here = at(picture, x + dx, y + dy);
      low = std::min(low, here);
      high = std::max(high, here);
      difference += std::abs(here - at(frame, place.x + x + dx, place.y + y + dy));
    }
  return high - low < kInkRange ? -1 : difference <= kSameDifference * kBlock * kBlock ? 1 : 0;
}

}  // namespace

Likeness likeness(const GrayPicture& frame, const GrayPicture& screenshot, const Place& place, const Rect& in_screenshot) {
  const Rect part = clipped(in_screenshot, screenshot.view());
  Likeness found;
  for (int y = part.y; y + kBlock <= part.y + part.height; y += kBlock) {
    if (place.y + y < 0 || place.y + y + kBlock > frame.height) continue;
    for (int x = part.x; x + kBlock <= part.x + part.width; x += kBlock) {
      if (place.x + x < 0 || place.x + x + kBlock > frame.width) continue;
      const int same = compare_block(frame, screenshot, place, x, y);
      found.inked += same >= 0 ? 1 : 0;
      found.same += same > 0 ? 1 : 0;
    }
  }
  return found;
}

std::optional<Place> place_of(const GrayPicture& frame, const GrayPicture& screenshot, const std::optional<Place>& hint) {
  const Rect all{0, 0, screenshot.width, screenshot.height};
  std::optional<Place> best;
  double best_share = kLeastShare;
  const auto try_place = [&](const Place& place) {
    const Likeness found = likeness(frame, screenshot, place, all);
    if (found.same < kLeastBlocks || found.share() < best_share) return;
    best = place;
    best_share = found.share();
  };
  if (hint.has_value()) try_place(*hint);
  for (const Patch& patch : anchors_of(screenshot)) {
    if (best_share >= kSureShare) break;
    for (const Place& place : places_of(frame, screenshot, patch)) try_place(place);
  }
  return best;
}

}  // namespace netsampler::corroborate
