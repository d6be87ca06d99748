#include "evidence/package/mask_package.h"

#include <algorithm>

#include "evidence/format/bagit.h"
#include "evidence/format/names.h"
#include "evidence/package/write.h"

namespace netsampler {
namespace {

constexpr std::size_t kManifestBytes = std::size_t{256} << 20;
constexpr std::size_t kTagBytes = std::size_t{256} << 20;  // withheld.jsonl is the largest of them
constexpr const char* kTagManifest = "tagmanifest-sha256.txt";
constexpr const char* kReasonDerived = "由其他内容生成的文件，可能含未提供的内容 / derived file, may show what is withheld";

struct Original {
  CaseSource source;
  BookCut cut;
  std::string case_id, head, profile, tagmanifest_sha256;
  bool is_signed = false;
};

Error not_whole(const std::string& what) { return fail(ErrorKind::invalid, what + " (verify the package first: netsampler-verify)"); }

Result<std::string> read_tag(const FileSystem& disk, const std::string& path, std::size_t limit_bytes) {
  if (!exists(disk, path)) return not_whole("not a whole package: there is no " + path);
  const Bytes bytes = TRY(disk.read(path, limit_bytes));
  return std::string(as_text(bytes));
}

Result<void> check_tags(const FileSystem& disk, const std::string& root, const std::string& tagmanifest) {
  for (const auto& tag : TRY(parse_manifest(tagmanifest))) {
    const std::string text = TRY(read_tag(disk, root + "/" + tag.path, kTagBytes));
    if (sha256(as_bytes(text)) != tag.sha256) return not_whole(tag.path + " is not as " + kTagManifest + " says");
  }
  return {};
}

// The value of a line "label: value" of bag-info.txt.
std::string info_of(const std::string& text, const std::string& label) {
  const std::size_t at = ("\n" + text).find("\n" + label + ": ");
  if (at == std::string::npos) return "";
  const std::size_t from = at + label.size() + 2;
  return text.substr(from, text.find('\n', from) - from);
}

// The book's case; every line of it a record.
Result<void> read_case(Original& original) {
  std::string_view rest = original.cut.text;
  for (bool first = true; !rest.empty(); first = false) {
    const std::size_t end = rest.find('\n');
    const auto record = parse_record(rest.substr(0, end));
    rest.remove_prefix(std::min(rest.size(), end + 1));
    if (!record.ok() || (first && record->head.type != "case_open")) return not_whole("the book is not in its form");
    if (first) original.case_id = record->head.owner;
  }
  return {};
}

Result<void> read_book(const FileSystem& disk, Original& original) {
  const std::string path = original.source.case_directory + "/book.jsonl";
  original.head = TRY(last_head(disk, path));
  original.cut = TRY(cut_book(disk, path, original.head));
  const auto expected = original.source.expected.find("data/case/book.jsonl");
  if (expected == original.source.expected.end() || expected->second != sha256(as_bytes(original.cut.text)))
    return not_whole("data/case/book.jsonl is not as the manifest says");
  return read_case(original);
}

Result<void> read_signature(const FileSystem& disk, const std::string& root, const std::string& tagmanifest, Original& original) {
  if (!exists(disk, root + "/package.sig")) return {};
  const std::string text = TRY(read_tag(disk, root + "/package.sig", kTagBytes));
  const auto signature = parse_package_signature(text);
  original.is_signed = signature.ok() && verify_signature(original.cut.box_key, package_message(sha256(as_bytes(tagmanifest))), *signature);
  if (!original.is_signed) return not_whole("package.sig is not the signature of the box of this case");
  return {};
}

Result<void> read_withheld(const FileSystem& disk, const std::string& root, Original& original) {
  const std::string path = root + "/" + kWithheldFile;
  if (!exists(disk, path)) return {};
  const std::string text = TRY(read_tag(disk, path, kTagBytes));
  std::size_t at = text.find('\n');
  for (std::size_t end = 0; at != std::string::npos && (end = text.find('\n', at + 1)) != std::string::npos; at = end)
    original.source.withheld_before.push_back(TRY_WITH(parse_withheld_item(std::string_view(text).substr(at + 1, end - at - 1)), path));
  return {};
}

Result<Original> open_original(const FileSystem& disk, const std::string& root) {
  Original original;
  original.source.case_directory = root + "/data/case";
  original.source.recordings = root + "/data/recordings";
  const std::string tagmanifest = TRY(read_tag(disk, root + "/" + kTagManifest, kManifestBytes));
  TRY(check_tags(disk, root, tagmanifest));
  original.tagmanifest_sha256 = hex_of(sha256(as_bytes(tagmanifest)));
  const std::string manifest = TRY(read_tag(disk, root + "/manifest-sha256.txt", kManifestBytes));
  for (const auto& entry : TRY(parse_manifest(manifest))) original.source.expected[entry.path] = entry.sha256;
  original.profile = info_of(TRY(read_tag(disk, root + "/bag-info.txt", kTagBytes)), "Netsampler-Profile");
  TRY(read_book(disk, original));
  TRY(read_signature(disk, root, tagmanifest, original));
  TRY(read_withheld(disk, root, original));
  return original;
}

// The box log goes along as it is; what else lies below data/ stays out.
Result<void> add_rest(const FileSystem& disk, const std::string& root, const Original& original, const std::string& by, Payload& payload) {
  for (const auto& [path, hash] : original.source.expected) {
    if (path.starts_with("data/case/") || path.starts_with("data/recordings/") || !exists(disk, root + "/" + path)) continue;
    const FileInfo info = TRY(disk.info(root + "/" + path));
    if (path.starts_with("data/log/"))
      payload.files.push_back({path, root + "/" + path, "", info.bytes, hash});
    else if (is_withheld_path(path))
      payload.left_out.push_back({{path, -1, -1, info.bytes, hex_of(hash), by, kReasonDerived}, root + "/" + path});
  }
  return {};
}

Result<void> check_place(const FileSystem& disk, const MaskRequest& request, const std::string& target) {
  if (exists(disk, target)) return fail(ErrorKind::busy, "there is something at " + target + " already (choose another --out)");
  if ((request.out_directory + "/").starts_with(request.package + "/"))
    return fail(ErrorKind::usage, "--out lies in the package itself (choose another)");
  return {};
}

// On the box: the original is its own, and the book says what is done with it.
Result<void> record_mask(LedgerClient& ledger, const MaskRequest& request, const Original& original) {
  const Json status = TRY(ledger.status());
  if (!original.is_signed || string_or(status, "box_key", "") != to_base64(original.cut.box_key))
    return fail(ErrorKind::invalid, "this package does not bear the signature that this box has now (mask without --state, or export the case anew)");
  const Json body{{"action", "mask"}, {"profile", request.profile}, {"software_version", request.software_version}};
  TRY_WITH(ledger.book_append(original.case_id, "custody", request.by, body), "recording the masking");
  return {};
}

}  // namespace

Result<ExportedPackage> mask_package(FileSystem& disk, LedgerClient* ledger, const MaskRequest& request, const ExportProgress& progress) {
  Mask mask = TRY(Mask::make(request.profile, request.rules, request.by));
  if (mask.withholds_nothing()) return fail(ErrorKind::usage, "nothing to withhold: give --profile, --field, --file, or --from-us and --to-us");
  const Original original = TRY(open_original(disk, request.package));
  const std::string target = request.out_directory + "/" + original.case_id;
  TRY(check_place(disk, request, target));
  Payload payload = TRY(payload_of(disk, original.source, original.cut, mask));
  TRY(mask.check_hits());
  TRY(add_rest(disk, request.package, original, request.by, payload));
  std::sort(payload.files.begin(), payload.files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  if (ledger != nullptr) TRY(record_mask(*ledger, request, original));
  const SignPackage sign = ledger == nullptr ? SignPackage() : [ledger](const std::string& hash) { return ledger->package_sign(hash); };
  const std::string profile = request.profile == "full" && !original.profile.empty() ? original.profile : request.profile;
  const BagInfo info{original.case_id, profile, original.head, request.software_version, original.cut.at_us, original.tagmanifest_sha256};
  return write_whole_package(disk, target, std::move(payload), info, sign, progress);
}

}  // namespace netsampler
