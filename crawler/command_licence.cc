// netsampler-crawl licence: fields of a licence from a picture, by OCR and QR code.
#include <iostream>

#include "crawler/command.h"
#include "crawler/licence_reader.h"
#include "evidence/base/file_system.h"

namespace netsampler {
namespace {

struct LicenceOptions {
  std::string image;
  bool json = false;
};

// One line a field, for people.
void print_licence(const Json& licence, std::ostream& out) {
  if (licence.empty()) out << "未读出任何内容 nothing could be read\n";
  for (const auto& [name, value] : licence.items()) out << name << ": " << (value.is_string() ? value.get<std::string>() : print(value)) << "\n";
}

Result<int> run_licence(const LicenceOptions& options) {
  const Bytes file = TRY(RealFileSystem().read(options.image, kStillBytesLimit));
  const Picture picture = TRY_WITH(decode_still(file), options.image);
  LicenceReader reader = TRY(LicenceReader::open());
  const Licence licence = TRY_WITH(reader.read(picture), options.image);
  const Json out = licence_json(licence);
  if (options.json) std::cout << print(out) << '\n';
  else print_licence(out, std::cout);
  std::cout.flush();
  if (!std::cout) return fail(ErrorKind::io, "standard output cannot be written: check the disk or the reader of the pipe");
  return 0;
}

}  // namespace

CommandRun add_licence(CLI::App& app) {
  auto options = std::make_shared<LicenceOptions>();
  app.add_option("--image", options->image, "a photograph or scan: JPEG, PNG, WebP or BMP 证照图片")->required();
  app.add_flag("--json", options->json, "one JSON object instead of lines");
  return [options] { return run_licence(*options); };
}

}  // namespace netsampler
