#include "evidence/base/json.h"

#include <gtest/gtest.h>

namespace netsampler {
namespace {

TEST(Json, OneFormIsAccepted) {
  const std::string text = "{\"a\":[1,true,\"\\n\xE4\xB8\xAD\"],\"b\":{\"c\":-9007199254740991}}";
  const auto value = parse_canonical(text);
  ASSERT_TRUE(value.ok()) << value.error().text;
  EXPECT_EQ(canonical(*value), text);
}

TEST(Json, EveryOtherFormIsRefused) {
  const char* rows[] = {"{\"a\": 1}", "{\"b\":1,\"a\":2}", "{\"a\":1,\"a\":1}", "{\"a\":1.0}", "{\"a\":1e3}", "{\"a\":null}", "{\"A\":1}",
                        "{\"\":1}", "{\"a\":9007199254740992}", "{\"a\":-9007199254740992}", "{\"a\":\"\\u0041\"}", "{\"a\":\"\\/\"}", "{\"a\":-0}",
                        "{\"a\":01}", "{\"a\":1}x", "{\"a\":\"\xff\"}", "{\"a\":\"\\ud800\"}", "", "{\"a\":NaN}", " {}"};
  for (const char* text : rows) EXPECT_FALSE(parse_canonical(text).ok()) << text;
}

TEST(Json, DepthAndSizeAreBounded) {
  EXPECT_TRUE(parse_profile("[[[[[[[[]]]]]]]]").ok());
  EXPECT_FALSE(parse_profile("[[[[[[[[[]]]]]]]]]").ok());
  EXPECT_FALSE(parse_any(std::string(1'000'000, '['), {2'000'000, 512}).ok());
  EXPECT_FALSE(parse_profile("\"" + std::string(70'000, 'x') + "\"").ok());
}

TEST(Json, OutsideProfileIsNamed) {
  EXPECT_FALSE(outside_profile(Json{{"a", {1, "x", true}}}).has_value());
  for (const Json& value : {Json{{"a", 1.5}}, Json{{"a", nullptr}}, Json{{"B", 1}}, Json{{"a", "\xff"}}, Json{{"a", 1ULL << 60}}})
    EXPECT_TRUE(outside_profile(value).has_value());
}

TEST(Json, MembersByType) {
  const Json object = {{"text", "x"}, {"number", 7}};
  EXPECT_EQ(*get_string(object, "text"), "x");
  EXPECT_EQ(*get_int(object, "number"), 7);
  EXPECT_FALSE(get_int(object, "text").ok());
  EXPECT_FALSE(get_bool(object, "none").ok());
  EXPECT_FALSE(get_string(Json::array(), "text").ok());
}

TEST(Json, PrintNeverThrowsOnBadText) { EXPECT_EQ(print(Json{{"a", "\xff"}}), "{\"a\":\"\xEF\xBF\xBD\"}"); }

}  // namespace
}  // namespace netsampler
