#include "evidence/package/bag.h"

#include <algorithm>

#include "evidence/base/clock.h"
#include "evidence/package/second_verifier.h"

namespace netsampler {
namespace {

constexpr const char* kReadme =
    "网络抽样证据包\n"
    "\n"
    "本目录是一个案件的证据包（BagIt 1.0）。data/case 是案卷，data/recordings 是案卷所载的各段录制。\n"
    "核验：netsampler-verify --policy policy.txt 本目录\n"
    "（policy.txt 是信任策略，列明受信任的取证设备，由监管部门另行提供，不取自本包。）\n"
    "第二核验程序（与前者各自独立编写，需要 Python 3 和 openssl 命令）：python3 verify.py --policy policy.txt\n"
    "（包内的 verify.py 不能自证：请与监管部门公布的 SHA-256 比对，或使用其提供的文件。）\n"
    "结论有三种：INTACT 完整，PARTIAL 部分可证，BROKEN 不符；核验报告逐条说明原因。\n"
    "withheld.jsonl（如有）列明未提供的内容、理由和经办人；未提供的内容不影响其余部分的核验。\n"
    "只核对文件是否被改动，可用：sha256sum -c manifest-sha256.txt\n"
    "录像：依次连接 data/recordings/<编号>/media/<画面>/init.mp4 与其后各 .m4s 文件，即为可播放的 MP4。\n"
    "\n"
    "Evidence package of an online sampling case\n"
    "\n"
    "This directory is a BagIt 1.0 bag of one case: data/case is its book, data/recordings holds the recordings it includes.\n"
    "Verify: netsampler-verify --policy policy.txt <this directory>\n"
    "(policy.txt is the trust policy that names trusted boxes; the authority hands it out, it is never taken from the package.)\n"
    "A second verifier, written independently, needs Python 3 and the openssl command: python3 verify.py --policy policy.txt\n"
    "(The copy in this package cannot vouch for itself: compare its SHA-256 with the published one, or take it from the authority.)\n"
    "Verdicts: INTACT, PARTIAL, BROKEN; the report gives each reason.\n"
    "withheld.jsonl, where there is one, lists what is not shown here, why, and by whom: the rest verifies without it.\n"
    "To check only whether files were changed: sha256sum -c manifest-sha256.txt\n"
    "Video: init.mp4 followed by the .m4s files of data/recordings/<id>/media/<source>, concatenated, is a playable MP4.\n";

class BagWriter {
 public:
  BagWriter(FileSystem& disk, std::string root) : disk_(disk), root_(std::move(root)) {}

  Result<Hash> put(const std::string& path, ByteView bytes) {
    auto file = TRY(create(path));
    TRY(file->write(bytes));
    TRY(file->sync());
    return sha256(bytes);
  }

  // Hashed in the pass that copies or makes it.
  Result<Hash> put_payload(PayloadFile& payload) {
    if (payload.from.empty() && !payload.make) return put(payload.path, as_bytes(payload.text));
    auto file = TRY(create(payload.path));
    Hasher hasher(HashKind::sha256);
    std::int64_t bytes = 0;
    const auto copy = [&](ByteView piece) {
      hasher.update(piece);
      bytes += static_cast<std::int64_t>(piece.size());
      return file->write(piece);
    };
    TRY(payload.make ? payload.make(copy) : disk_.read_pieces(payload.from, copy));
    if (payload.make) payload.bytes = bytes;
    TRY(file->sync());
    const Hash hash = hasher.finish();
    if (payload.expected && *payload.expected != hash)
      return fail(ErrorKind::invalid, payload.from + " is not as its manifest says (verify the package first)");
    return hash;
  }

  Result<void> put_tag(const std::string& path, const std::string& text) {
    const Hash hash = TRY(put(path, as_bytes(text)));
    tags_.push_back({path, hash});
    return {};
  }
  const std::vector<ManifestEntry>& tags() const { return tags_; }

 private:
  Result<std::unique_ptr<AppendFile>> create(const std::string& path) {
    const std::string whole = root_ + "/" + path;
    TRY(disk_.make_directories(parent_of(whole)));
    return disk_.create(whole);
  }

  FileSystem& disk_;
  std::string root_;
  std::vector<ManifestEntry> tags_;
};

std::int64_t total_bytes(const std::vector<PayloadFile>& files) {
  std::int64_t total = 0;
  for (const auto& file : files) total += file.bytes;
  return total;
}

std::string info_text(const BagInfo& info, const std::vector<PayloadFile>& files) {
  return "Bag-Software-Agent: netsampler " + info.software_version + "\n" + "Bagging-Date: " + beijing_time(info.at_us).substr(0, 10) + "\n" +
         "External-Identifier: " + info.case_id + "\n" + "Payload-Oxum: " + std::to_string(total_bytes(files)) + "." + std::to_string(files.size()) +
         "\n" + "Netsampler-Profile: " + info.profile + "\n" + "Netsampler-Book-Head: " + info.head + "\n";
}

// Bytes done of all that is read: what is copied, and what is hashed to be declared.
class Progress {
 public:
  Progress(const Payload& payload, const ExportProgress& tell) : total_(total_bytes(payload.files)), tell_(tell) {
    for (const auto& left : payload.left_out) total_ += left.from.empty() ? 0 : left.item.bytes;
  }
  void done(std::int64_t bytes) {
    done_ += bytes;
    if (tell_) tell_(done_, total_);
  }

 private:
  std::int64_t done_ = 0, total_ = 0;
  const ExportProgress& tell_;
};

Result<std::vector<ManifestEntry>> write_payload(BagWriter& bag, std::vector<PayloadFile>& files, Progress& progress) {
  std::vector<ManifestEntry> manifest;
  for (auto& file : files) {
    const std::int64_t told = file.bytes;
    const Hash hash = TRY(bag.put_payload(file));
    manifest.push_back({file.path, hash});
    progress.done(told);
  }
  return manifest;
}

// Is the file what its record says? Where no record says anything, it is what it is. False: it is missing, and must not pass for withheld.
Result<bool> declarable(const FileSystem& disk, LeftOut& left) {
  if (left.from.empty()) return true;
  Hasher hasher(HashKind::sha256);
  std::int64_t bytes = 0;
  const auto read = disk.read_pieces(left.from, [&](ByteView piece) {
    bytes += static_cast<std::int64_t>(piece.size());
    hasher.update(piece);
    return Result<void>();
  });
  TRY(read);
  const std::string sha256 = hex_of(hasher.finish());
  if (!left.item.sha256.empty()) return left.item.sha256 == sha256 && left.item.bytes == bytes;
  left.item.sha256 = sha256;
  left.item.bytes = bytes;
  return true;
}

Result<std::vector<WithheldItem>> declared(const FileSystem& disk, Payload& payload, Progress& progress) {
  std::vector<WithheldItem> items = std::move(payload.openings);
  for (auto& left : payload.left_out) {
    const std::int64_t bytes = left.from.empty() ? 0 : left.item.bytes;
    const bool as_recorded = TRY(declarable(disk, left));
    if (as_recorded) items.push_back(std::move(left.item));
    progress.done(bytes);
  }
  // What an older package declared, though it was there, may be withheld anew.
  std::stable_sort(items.begin(), items.end(), [](const auto& a, const auto& b) { return a.place() < b.place(); });
  items.erase(std::unique(items.begin(), items.end(), [](const auto& a, const auto& b) { return a.place() == b.place(); }), items.end());
  return items;
}

}  // namespace

Result<std::int64_t> write_bag(FileSystem& disk, const std::string& root, Payload payload, const BagInfo& info, const SignPackage& sign,
                       const ExportProgress& tell) {
  BagWriter bag(disk, root);
  Progress progress(payload, tell);
  auto manifest = TRY(write_payload(bag, payload.files, progress));
  auto withheld = TRY(declared(disk, payload, progress));
  TRY(bag.put_tag("bagit.txt", kBagDeclaration));
  TRY(bag.put_tag("bag-info.txt", info_text(info, payload.files)));
  TRY(bag.put_tag("README.txt", kReadme));
  TRY(bag.put_tag("verify.py", std::string(second_verifier())));
  if (!withheld.empty() || !info.original.empty())
    TRY(bag.put_tag(kWithheldFile, print_withheld({info.profile, info.head, info.original}, std::move(withheld))));
  TRY(bag.put_tag("manifest-sha256.txt", print_manifest(std::move(manifest))));
  const std::string tagmanifest = print_manifest(bag.tags());
  const Hash hash = TRY(bag.put("tagmanifest-sha256.txt", as_bytes(tagmanifest)));
  if (sign) {
    const PackageSignature signature = TRY_WITH(sign(hex_of(hash)), "signing the package");
    const std::string line = signature.signature + "\n";
    TRY(bag.put("package.sig", as_bytes(line)));
  }
  TRY(disk.sync_directory(root));
  return total_bytes(payload.files);
}

}  // namespace netsampler
