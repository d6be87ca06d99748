#include "tests/evidence/verify/helpers.h"

namespace netsampler::test {

Files rooted(const Files& files) {
  Files below;
  put_below(below, "p", files);
  return below;
}

verify::Report report_of(const Files& files, std::optional<Policy> policy, verify::Options options) {
  const Files below = rooted(files);
  const MemoryDisk disk(below);
  auto report = verify::verify(disk, "p", policy, options);
  EXPECT_TRUE(report.ok()) << (report.ok() ? "" : report.error().text);
  return report.ok() ? report.take() : verify::Report();
}

std::vector<std::string> codes_of(const verify::Report& report) {
  std::vector<std::string> codes;
  for (const auto& finding : report.findings) codes.emplace_back(verify::row_of(finding.reason).code);
  return codes;
}

std::string print_of(const verify::Report& report) {
  std::string text;
  for (const auto& finding : report.findings) text += verify::text_of(finding, false) + " @ " + finding.where + "\n";
  return text;
}

}  // namespace netsampler::test
