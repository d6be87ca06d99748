// The text forms of a package: BagIt 1.0 (RFC 8493), SHA-256 manifests, and package.sig over the tag manifest.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "evidence/base/crypto.h"

namespace netsampler {

inline constexpr const char* kBagDeclaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";  // bagit.txt

struct ManifestEntry {
  std::string path;  // from the bag's root, decoded
  Hash sha256{};
  bool operator==(const ManifestEntry&) const = default;
};

// Lower-case hash, two spaces, path with %, CR and LF percent-encoded, "\n"; sorted by path.
std::string print_manifest(std::vector<ManifestEntry> entries);
// Whole lines of that form (any run of spaces or tabs between the two); a path twice, an absolute path, an empty part, "." or
// ".." is `invalid` and names the line. `digest_bytes` other than 32 is for bags of other algorithms: the hash is then left zero.
Result<std::vector<ManifestEntry>> parse_manifest(std::string_view text, std::size_t digest_bytes = 32);
Result<ManifestEntry> parse_manifest_line(std::string_view line);  // without its newline; for one that is too long to hold
// bagit.txt of a 1.0 bag in UTF-8.
Result<void> check_bag_declaration(std::string_view text);

// package.sig: base64 of the Ed25519 signature by the box key over "netsampler/v1/package\n" ‖ SHA-256(tagmanifest-sha256.txt), "\n".
Bytes package_message(const Hash& tagmanifest_sha256);
std::string print_package_signature(const Signature& signature);
Result<Signature> parse_package_signature(std::string_view text);

}  // namespace netsampler
