#include "evidence/identifiers/identifiers.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "evidence/base/file_system.h"
#include "evidence/base/json.h"

namespace netsampler {
namespace {

const std::string kVectors = std::string(SOURCE_DIR) + "/../shared/vectors/";
constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

bool well_formed(std::string_view type, std::string_view value) { return check_identifier(type, value).ok(); }

// The vectors file spells types with underscores, the command line with hyphens.
std::string type_of(std::string key) {
  for (char& c : key)
    if (c == '_') c = '-';
  return key;
}

TEST(Identifiers, VectorsOfTheStandards) {
  const auto bytes = RealFileSystem().read(kVectors + "identifiers.json", 1 << 20);
  if (!bytes.ok()) GTEST_SKIP() << "no ../shared/vectors/identifiers.json beside this checkout";
  const auto vectors = parse_any(as_text(*bytes));
  ASSERT_TRUE(vectors.ok()) << vectors.error().text;
  int checked = 0;
  for (const auto& [key, row] : vectors->items()) {
    if (!row.is_object()) continue;
    for (const auto& value : row["valid"]) EXPECT_TRUE(well_formed(type_of(key), value.get<std::string>())) << key << value;
    for (const auto& value : row["invalid"]) EXPECT_FALSE(well_formed(type_of(key), value.get<std::string>())) << key << value;
    ++checked;
  }
  EXPECT_EQ(checked, 6);
}

int accepted_substitutions(const std::string& code) {
  int accepted = 0;
  for (std::size_t i = 0; i < code.size(); ++i)
    for (char c : kAlphabet) {
      std::string other = code;
      other[i] = c;
      if (c != code[i] && well_formed("uscc", other)) ++accepted;
    }
  return accepted;
}

int accepted_transpositions(const std::string& code) {
  int accepted = 0;
  for (std::size_t i = 0; i + 1 < code.size(); ++i) {
    std::string other = code;
    std::swap(other[i], other[i + 1]);
    if (other != code && well_formed("uscc", other)) ++accepted;
  }
  return accepted;
}

TEST(Identifiers, EverySlipInAPublishedUsccIsRefused) {
  std::ifstream file(kVectors + "uscc-valid.txt");
  if (!file) GTEST_SKIP() << "no ../shared/vectors/uscc-valid.txt beside this checkout";
  int codes = 0;
  for (std::string code; std::getline(file, code);) {
    if (code.empty()) continue;
    ++codes;
    EXPECT_TRUE(well_formed("uscc", code)) << code;
    EXPECT_EQ(accepted_substitutions(code), 0) << code;
    EXPECT_EQ(accepted_transpositions(code), 0) << code;
  }
  EXPECT_EQ(codes, 201);
}

struct Case {
  const char* type;
  const char* value;
  bool accepted;
};

class IdentifierCase : public testing::TestWithParam<Case> {};

TEST_P(IdentifierCase, IsJudged) { EXPECT_EQ(well_formed(GetParam().type, GetParam().value), GetParam().accepted); }

INSTANTIATE_TEST_SUITE_P(
    Twins, IdentifierCase,
    testing::Values(Case{"uscc", "91110000600037341L", true}, Case{"uscc", "91110000600037341l", false},
                    Case{"uscc", "９１１１００００６００", false}, Case{"uscc", "9111000060003734IL", false},
                    Case{"uscc", "91110000600037341L ", false}, Case{"organisation-code", "401705300", true},
                    Case{"organisation-code", "40170530-1", false}, Case{"organisation-code", "4017053-00", false},
                    Case{"food-licence", "JY11108071215650", true}, Case{"food-licence", "QS11108071215650", false},
                    Case{"gtin13", "6901234567892", true}, Case{"gtin13", "6901234567893", false},
                    Case{"upu-s10", "RB123456785GB", true}, Case{"upu-s10", "RB1234567859B", false},
                    Case{"xk", "XK16-204-01234", true}, Case{"xk", "(渝)XK16-204-01234", true},
                    Case{"xk", "（渝）XK16-204-01234", true}, Case{"xk", "(渝XK16-204-01234", false},
                    Case{"xk", "XK16-204-0123", false}, Case{"xk", "XK16-2O4-01234", false},
                    Case{"ccc", "2019010706123456", true}, Case{"ccc", "1998010706123456", false},
                    Case{"ccc", "201901070612345", false}, Case{"ccc", "", false}));

TEST(Identifiers, TheReasonNamesTheCheckDigit) {
  const auto outcome = check_identifier("gtin13", "6901234567893");
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().kind, ErrorKind::invalid);
  EXPECT_NE(outcome.error().text.find("should be 2"), std::string::npos) << outcome.error().text;
}

TEST(Identifiers, AnUnknownTypeIsAUsageErrorThatListsTheTypes) {
  const auto outcome = check_identifier("passport", "E1");
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().kind, ErrorKind::usage);
  for (const auto& type : identifier_types())
    EXPECT_NE(outcome.error().text.find(type.name), std::string::npos) << type.name;
}

}  // namespace
}  // namespace netsampler
