#include "evidence/verify/scope.h"

#include <set>

#include "evidence/format/names.h"
#include "evidence/verify/job.h"

namespace netsampler::verify {
namespace {

// Directories `parent`/<id>/ that hold `file`, or that hold anything at all under an id's name: a chain that was taken away
// must be missed.
std::vector<Place> places_in(const Tree& tree, const std::string& parent, bool (*is_id)(std::string_view)) {
  std::set<std::string> ids;
  const std::string prefix = parent + "/";
  for (auto at = tree.files().lower_bound(prefix); at != tree.files().end() && at->first.starts_with(prefix); ++at) {
    const std::string rest(at->first.substr(prefix.size()));
    const std::string id = rest.substr(0, rest.find('/'));
    if (id != rest && is_id(id)) ids.insert(id);
  }
  std::vector<Place> places;
  for (const auto& id : ids) places.push_back({prefix + id, id});
  return places;
}

Scope package_scope(const Tree& tree) {
  Scope scope{"package", places_in(tree, "data/recordings", is_recording_id), {}};
  if (tree.has_directory("data/log")) scope.log = "data/log";
  if (tree.has_directory("data/case")) scope.books.push_back({"data/case", ""});
  return scope;
}

Scope box_scope(const Tree& tree, const std::string& base) {
  Scope scope{"box", places_in(tree, below(base, "recordings"), is_recording_id), places_in(tree, below(base, "cases"), is_case_id)};
  if (const std::string log = below(base, "log"); tree.has_directory(log)) scope.log = log;
  if (!base.empty()) scope.below = base + "/";
  return scope;
}

// Recordings below data/ without any book: a box always has its own, so that is what was left of a package.
bool is_package(const Tree& tree) {
  return tree.has("bagit.txt") || tree.has("tagmanifest-sha256.txt") || tree.has("manifest-sha256.txt") ||
         tree.has("package.sig") || tree.has_directory("data/case") ||
         (tree.has_directory("data/recordings") && !tree.has_directory("data/cases"));
}

}  // namespace

Result<Scope> scope_of(const Tree& tree) {
  Scope scope;
  if (is_package(tree))
    scope = package_scope(tree);
  else if (tree.has("chain.jsonl"))
    scope = {"recording", {{"", ""}}, {}};
  else if (tree.has("book.jsonl"))
    scope = {"case", {}, {{"", ""}}};
  else
    scope = box_scope(tree, tree.has_directory("data") ? "data" : "");
  if (scope.recordings.empty() && scope.books.empty())
    return fail(ErrorKind::invalid, "nothing to verify: neither chain nor book (give a package, a recording or a box's data)");
  return scope;
}

}  // namespace netsampler::verify
