// What the verifier's tests ask of a report.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evidence/verify/verify.h"
#include "tests/evidence/verify/case_maker.h"

namespace netsampler::test {

Files rooted(const Files& files);  // below "p"
verify::Report report_of(const Files& files, std::optional<Policy> policy = test_policy(), verify::Options options = {});
std::vector<std::string> codes_of(const verify::Report& report);  // of the findings, in their order
std::string print_of(const verify::Report& report);

}  // namespace netsampler::test
