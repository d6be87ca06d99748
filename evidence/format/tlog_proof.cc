#include "evidence/format/tlog_proof.h"

#include <algorithm>
#include <bit>
#include <charconv>

namespace netsampler {
namespace {

constexpr std::string_view kFirstLine = "c2sp.org/tlog-proof@v1";
constexpr std::size_t kProofHashes = 64, kProofBytes = 1u << 20;

Error off(const std::string& why) { return fail(ErrorKind::invalid, "log proof: " + why); }

// The next line without its newline; `text` goes on behind it.
Result<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return off("it ends too early");
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

Result<std::uint64_t> parse_index(std::string_view line) {
  std::uint64_t index = 0;
  if (!line.starts_with("index ")) return off("no index");
  line.remove_prefix(6);
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), index);
  if (error != std::errc() || std::to_string(index) != line) return off("its index is no number");
  return index;
}

Result<Hash> parse_hash(std::string_view line) {
  const Bytes bytes = TRY_WITH(from_base64(line), "log proof");
  Hash hash{};
  if (bytes.size() != hash.size()) return off("a hash is not 32 bytes");
  std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}

}  // namespace

std::vector<Hash> inclusion_proof(std::span<const Hash> leaves, std::uint64_t index) {
  std::vector<Hash> proof;
  while (leaves.size() > 1) {  // from the root down, so the other way round than a proof is read
    const std::size_t left = std::bit_floor(leaves.size() - 1);
    const bool right = index >= left;
    proof.push_back(merkle_root(right ? leaves.first(left) : leaves.subspan(left)));
    leaves = right ? leaves.subspan(left) : leaves.first(left);
    if (right) index -= left;
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

std::string print_log_proof(const LogProof& proof) {
  std::string text = std::string(kFirstLine) + "\n";
  if (proof.extra) text += "extra " + to_base64(*proof.extra) + "\n";
  text += "index " + std::to_string(proof.index) + "\n";
  for (const Hash& hash : proof.hashes) text += to_base64(hash) + "\n";
  return text + "\n" + proof.checkpoint;
}

Result<LogProof> parse_log_proof(std::string_view text) {
  if (text.size() > kProofBytes) return off("longer than 1 MiB");
  LogProof proof;
  if (TRY(take_line(text)) != kFirstLine) return off("its first line is not " + std::string(kFirstLine));
  std::string_view line = TRY(take_line(text));
  if (line.starts_with("extra ")) {
    proof.extra = TRY_WITH(from_base64(line.substr(6)), "log proof");
    line = TRY(take_line(text));
  }
  proof.index = TRY(parse_index(line));
  for (line = TRY(take_line(text)); !line.empty(); line = TRY(take_line(text))) {
    if (proof.hashes.size() == kProofHashes) return off("more than 64 hashes");
    proof.hashes.push_back(TRY(parse_hash(line)));
  }
  proof.checkpoint = std::string(text);
  return proof;
}

Result<Checkpoint> check_log_proof(const LogProof& proof, std::string_view leaf, const PublicKey& box) {
  const Checkpoint checkpoint = TRY_WITH(open_checkpoint(proof.checkpoint, box), "log proof");
  if (!inclusion_holds(proof.index, checkpoint.size, log_leaf_hash(leaf), proof.hashes, checkpoint.root))
    return off("the leaf does not stand in that tree");
  return checkpoint;
}

}  // namespace netsampler
