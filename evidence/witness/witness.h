// A witness of box logs (C2SP tlog-witness): remembers the newest checkpoint of each log that it is told to watch, and cosigns the next
// one only where that extends it. It needs no trust in the box: who holds its signature knows that the box shows everybody one log.
// Disk, below DIR: witness.key (0600, base64 of the seed) · logs/<sha256 of the origin> the newest cosigned checkpoint, durable before the
// answer · conflicts/<sha256 of the origin>-<size>-<root> what a log signed in contradiction to it. One thread.
#pragma once
#include <map>

#include "evidence/base/clock.h"
#include "evidence/base/file_system.h"
#include "evidence/format/tlog.h"

namespace netsampler::witness {

inline constexpr std::size_t kRequestBytes = 96 * 1024;

struct WatchedLog {
  std::string origin;
  PublicKey key{};
};
// A policy's line "box <sha256> <base64 key> <name>", or a C2SP vkey "<origin>+<key id, hex>+<base64 of 0x01 and the key>".
Result<WatchedLog> parse_watched_log(const std::string& text);

// DIR/witness.key, made where absent. `denied` where others than its owner may read it.
Result<SigningKey> witness_key(FileSystem& disk, const std::string& directory);

struct WitnessAnswer {
  int status = 200;  // 200 cosignature line · 400 form · 403 signature · 404 unknown log · 409 another size (body: the one known) or root · 422 proof · 500 disk
  std::string type = "text/plain";
  std::string body;
  std::string alarm;  // a log that contradicts itself: one line, to be told loudly; else empty
};

class Witness {
 public:
  Witness(FileSystem& disk, const Clock& clock, std::string directory, std::string name, SigningKey key, std::vector<WatchedLog> logs);
  Result<void> load();  // what it knew before; a checkpoint that is damaged or not of its log is `invalid`: it must not start over
  WitnessAnswer add_checkpoint(std::string_view request);

 private:
  struct Request;
  struct Known {
    PublicKey key{};
    Checkpoint newest;  // size 0: none yet
    std::string note;
  };
  static Result<Request> parse(std::string_view text);
  WitnessAnswer judge(const Request& request, Known& known);
  WitnessAnswer conflict(const Request& request, const Known& known);
  WitnessAnswer cosign(const Request& request, Known& known);
  std::string place_of(const std::string& origin) const;

  FileSystem& disk_;
  const Clock& clock_;
  const std::string directory_, name_;
  const SigningKey key_;
  std::map<std::string, Known> logs_;
};

}  // namespace netsampler::witness
