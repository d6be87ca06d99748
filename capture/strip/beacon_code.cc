#include "capture/strip/beacon_code.h"

#include <qrencode.h>

#include <memory>

#include "evidence/format/strip_code.h"

namespace netsampler::capture {
namespace {

struct FreeCode {
  void operator()(QRcode* code) const { QRcode_free(code); }
};

constexpr int kVersion = 2;  // 47 capitals and digits at level L; ours are 45

}  // namespace

Result<BeaconModules> beacon_modules(const std::string& beacon) {
  const Hash hash = TRY(hash_from_hex(beacon));
  const std::string text = print_beacon(hash);
  const std::unique_ptr<QRcode, FreeCode> code(QRcode_encodeString(text.c_str(), kVersion, QR_ECLEVEL_L, QR_MODE_8, 1));
  if (code == nullptr || code->width != kBeaconModules) return fail(ErrorKind::internal, "the QR code of the time stamp could not be made");
  BeaconModules modules(static_cast<std::size_t>(kBeaconModules) * kBeaconModules);
  for (std::size_t i = 0; i < modules.size(); ++i) modules[i] = code->data[i] & 1;
  return modules;
}

}  // namespace netsampler::capture
