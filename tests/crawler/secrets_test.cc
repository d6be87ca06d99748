// What is masked, what is left alone.
#include <gtest/gtest.h>

#include "crawler/mhtml.h"
#include "crawler/page_masking.h"

namespace netsampler {
namespace {

std::string masked(const Secrets& secrets, std::string text) {
  secrets.mask(text);
  return text;
}

TEST(Secrets, AreMaskedInEveryFormWhereTheyStandAlone) {
  Secrets secrets;
  secrets.add("Ab/9 \"x&y");
  EXPECT_EQ(masked(secrets, "p=Ab/9 \"x&y;"), "p=*********;");
  EXPECT_EQ(masked(secrets, "p=Ab%2F9%20%22x%26y&q"), "p=*****************&q");
  EXPECT_EQ(masked(secrets, R"({"p":"Ab\/9 \"x&y"})"), R"({"p":"***********"})");
  EXPECT_EQ(masked(secrets, "value=\"Ab/9 &quot;x&amp;y\""), "value=\"******************\"");
  EXPECT_EQ(masked(secrets, "to=%2Flogin%3FAb/9 \"x&y"), "to=%2Flogin%3F*********");
  EXPECT_EQ(masked(secrets, "xAb/9 \"x&yz"), "xAb/9 \"x&yz");
}

TEST(Secrets, NumbersAndShortWordsAreNotTaken) {
  Secrets secrets;
  for (const char* value : {"", "1", "199", "123456", "abc12"}) secrets.add(value);
  EXPECT_TRUE(secrets.empty());
  secrets.add("20241122");
  EXPECT_EQ(masked(secrets, "price 120241122, date 20241122"), "price 120241122, date ********");
}

TEST(Secrets, APasswordBeingTypedStandsForItsBeginning) {
  Secrets secrets;
  for (const char* value : {"secret", "secrets", "secrets!9"}) secrets.add(value);
  EXPECT_EQ(masked(secrets, "our secret recipe, secrets!9"), "our secret recipe, *********");
}

TEST(Secrets, ParametersWithATokensName) {
  std::string url = "https://a.example/x;jsessionid=ABC?item=7&access_token=xyz#sid=q&page=2";
  EXPECT_EQ(mask_parameters(url), (std::vector<std::string>{"ABC", "xyz", "q"}));
  EXPECT_EQ(url, "https://a.example/x;jsessionid=***?item=7&access_token=***#sid=*&page=2");
  std::string plain = "https://a.example/x?author=wang&price=199&side=left";
  EXPECT_TRUE(mask_parameters(plain).empty());
  EXPECT_EQ(plain, "https://a.example/x?author=wang&price=199&side=left");
}

// <input type=TYPE> with a typed value, and the same words as text of the page.
Json snapshot_with(const std::string& type, const std::string& typed, const std::string& shown) {
  Json page = parse_any(R"({"documents":[{"nodes":{"nodeValue":[-1,5],"attributes":[[0,1,2,3],[]],"inputValue":{"index":[0],"value":[4]}},
      "layout":{"text":[5]}}]})").take();
  page["strings"] = Json::array({"type", type, "value", "prefilled-9", typed, shown});
  return page;
}

TEST(MaskSnapshot, APasswordGoesAndOtherFieldsStay) {
  Secrets secrets;
  Json password = snapshot_with("PASSWORD", "Hunter2", "price 199");
  mask_snapshot(password, secrets);
  EXPECT_EQ(password["strings"], Json({"type", "PASSWORD", "value", "***********", "*******", "price 199"}));
  EXPECT_EQ(masked(secrets, "Hunter2 prefilled-9"), "******* ***********");
  Secrets none;
  Json search = snapshot_with("search", "kettle", "price 199");
  const Json before = search;
  mask_snapshot(search, none);
  EXPECT_EQ(search, before);
  EXPECT_TRUE(none.empty());
}

TEST(MaskSnapshot, AShortPasswordGoesFromItsFieldAlone) {
  Secrets secrets;
  Json page = snapshot_with("password", "1234", "1234 pieces");
  mask_snapshot(page, secrets);
  EXPECT_EQ(page["strings"][4], "****");
  EXPECT_EQ(page["strings"][5], "1234 pieces");
}

TEST(MaskSnapshot, TakesWhatIsNoSnapshot) {
  Secrets secrets;
  for (const char* text : {"null", "[]", R"({"strings":1})", R"({"strings":[1,null],"documents":[1,{"nodes":3}]})",
                           R"({"strings":["a"],"documents":[{"nodes":{"inputValue":{"index":[7,-1,"x"],"value":3}}}]})"}) {
    Json odd = parse_any(text).take();
    const Json before = odd;
    mask_snapshot(odd, secrets);
    EXPECT_EQ(odd, before);
  }
}

TEST(MaskPage, ATokenLearnedFromAHeaderIsMaskedInTheSnapshotToo) {
  PageArchive page;
  page.url = "https://a.example/?token=abcdefgh12345678";
  page.title = "page abcdefgh12345678";
  page.snapshot = R"({"number":12345678,"strings":["cookie-9876543210zz","12345678"]})";
  Exchange exchange;
  exchange.url = page.url;
  exchange.response_headers = {{"Set-Cookie", "sid=cookie-9876543210zz; Path=/"}, {"ETag", "cookie"}};
  page.exchanges = {exchange};
  Secrets secrets;
  mask_page(page, secrets);
  EXPECT_EQ(page.url, "https://a.example/?token=****************");
  EXPECT_EQ(page.title, "page ****************");
  EXPECT_EQ(page.snapshot, R"({"number":12345678,"strings":["*******************","12345678"]})");
  EXPECT_TRUE(page.exchanges[0].url_masked);
}

TEST(MaskPage, ASavedPageWithASecretIsLeftOutAndAnotherStays) {
  PageArchive page;
  page.mhtml = "value=3D\"Hunter2-sword=\r\nfish\"";
  Secrets secrets;
  mask_page(page, secrets);
  EXPECT_FALSE(page.mhtml_withheld || page.mhtml.empty());
  secrets.add("Hunter2-swordfish");
  mask_page(page, secrets);
  EXPECT_TRUE(page.mhtml_withheld && page.mhtml.empty());
}

TEST(Mhtml, LeavesOutPicturesThatAreKeptElsewhere) {
  const std::string head = "Content-Type: multipart/related;\r\n\tboundary=\"--x--\"\r\n\r\n";
  const auto part = [](const std::string& coding, const std::string& url) {
    return "\r\n----x--\r\nContent-Transfer-Encoding: " + coding + "\r\nContent-Location: " + url + "\r\n\r\nabc";
  };
  const std::string page = part("quoted-printable", "https://a/1"), kept = part("base64", "https://a/2"), end = "\r\n----x----\r\n";
  EXPECT_EQ(without_parts(head + page + part("base64", "https://a/3") + kept + end, {"https://a/1", "https://a/3"}), head + page + kept + end);
  EXPECT_EQ(without_parts("no mhtml", {"https://a/1"}), "no mhtml");
  EXPECT_EQ(unquoted("a=3Db=\r\nc=zz="), "a=bc=zz=");
}

}  // namespace
}  // namespace netsampler
