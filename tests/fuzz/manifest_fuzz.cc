// BagIt's manifest and package.sig as texts.
#include "evidence/format/bagit.h"
#include "tests/fuzz/target.h"

using namespace netsampler;

namespace {

bool stays_inside(const std::string& path) {
  const std::string framed = "/" + path + "/";
  return path.front() != '/' && framed.find("/../") == std::string::npos && framed.find("/./") == std::string::npos &&
         framed.find("//") == std::string::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_from(data, size);
  const auto signature = parse_package_signature(text);
  fuzz::require(!signature.ok() || print_package_signature(*signature) == text, "a signature has one form");
  fuzz::require(!check_bag_declaration(text).ok() || text == kBagDeclaration, "a declaration has one form");
  const auto entries = parse_manifest(text);
  if (!entries.ok()) return 0;
  for (const auto& entry : *entries) fuzz::require(!entry.path.empty() && stays_inside(entry.path), "a path stays in the bag");
  const std::string printed = print_manifest(*entries);
  const auto again = parse_manifest(printed);
  fuzz::require(again.ok() && again->size() == entries->size(), "what is written can be read");
  fuzz::require(print_manifest(*again) == printed, "writing and reading change nothing");
  return 0;
}
