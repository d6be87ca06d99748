#include "crawler/secrets.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "evidence/web/warc_head.h"

namespace netsampler {
namespace {

constexpr std::size_t kSecretLimit = 512, kSecretBytes = 4096, kStart = 4;

bool is_word(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string percent_encoded(const std::string& value, bool all) {
  static constexpr char hex[] = "0123456789ABCDEF";
  std::string text;
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = is_word(c) || std::strchr(all ? "-_.~" : "-_.~!*'()@:/?,;$+", c) != nullptr;
    if (plain && c != '\0') text.push_back(c);
    else text += {'%', hex[byte >> 4], hex[byte & 15]};
  }
  return text;
}

std::string escaped(const std::string& value) {
  std::string text;
  for (const char c : value) {
    if (c == '"' || c == '\\' || c == '/') text.push_back('\\');
    text.push_back(c);
  }
  return text;
}

std::string html_escaped(const std::string& value) {
  std::string text;
  for (const char c : value) {
    if (c == '&') text += "&amp;";
    else if (c == '"') text += "&quot;";
    else if (c == '<') text += "&lt;";
    else text.push_back(c);
  }
  return text;
}

std::vector<std::string> forms_of(const std::string& value) {
  std::vector<std::string> forms = {value, percent_encoded(value, true), percent_encoded(value, false), escaped(value), html_escaped(value)};
  std::sort(forms.begin(), forms.end());
  forms.erase(std::unique(forms.begin(), forms.end()), forms.end());
  return forms;
}

// Does a word begin here? What a percent sign or a backslash escapes ends before it.
bool begins_word(const char* text, std::size_t at) {
  if (at == 0 || !is_word(text[at]) || !is_word(text[at - 1])) return true;
  return (at >= 3 && text[at - 3] == '%') || (at >= 2 && text[at - 2] == '\\') || (at >= 6 && text[at - 6] == '\\' && text[at - 5] == 'u');
}

std::uint32_t start_of(const char* text) {
  std::uint32_t start = 0;
  std::memcpy(&start, text, kStart);
  return start;
}

}  // namespace

void Secrets::add(const std::string& value) {
  const bool digits = std::all_of(value.begin(), value.end(), is_digit);
  if (value.size() < (digits ? 8u : 6u) || value.size() > kSecretBytes) return;
  if (std::find(order_.begin(), order_.end(), value) != order_.end()) return;
  // A password that is being typed: each longer one stands for the shorter.
  if (!order_.empty() && value.starts_with(order_.back())) drop(order_.back());
  if (order_.size() >= kSecretLimit) drop(order_.front());
  order_.push_back(value);
  for (const std::string& form : forms_of(value)) put(form);
}

void Secrets::put(const std::string& form) {
  auto& bucket = by_start_[start_of(form.data())];
  bucket.insert(std::find_if(bucket.begin(), bucket.end(), [&](const auto& other) { return other.size() < form.size(); }), form);
}

void Secrets::drop(const std::string& value) {
  for (const std::string& form : forms_of(value)) {
    const auto bucket = by_start_.find(start_of(form.data()));
    if (bucket == by_start_.end()) continue;
    std::erase(bucket->second, form);
    if (bucket->second.empty()) by_start_.erase(bucket);
  }
  std::erase(order_, std::string(value));
}

std::int64_t Secrets::mask(char* text, std::size_t size) const {
  std::int64_t masked = 0;
  if (by_start_.empty()) return 0;
  std::array<bool, 256> begins{};
  for (const auto& [start, forms] : by_start_) begins[static_cast<unsigned char>(forms.front()[0])] = true;
  for (std::size_t at = 0; at + kStart <= size; ++at) {
    if (!begins[static_cast<unsigned char>(text[at])] || !begins_word(text, at)) continue;
    const auto bucket = by_start_.find(start_of(text + at));
    if (bucket == by_start_.end()) continue;
    for (const std::string& form : bucket->second) {
      const std::size_t end = at + form.size();
      if (end > size || std::memcmp(text + at, form.data(), form.size()) != 0) continue;
      if (end < size && is_word(text[end]) && is_word(text[end - 1])) continue;
      std::memset(text + at, '*', form.size());
      ++masked;
      break;
    }
  }
  return masked;
}

std::int64_t Secrets::mask(std::string& text) const { return mask(text.data(), text.size()); }
std::int64_t Secrets::mask(Bytes& text) const { return mask(reinterpret_cast<char*>(text.data()), text.size()); }

bool names_secret(const std::string& name) {
  const std::string key = lower_case(name);
  for (const char* part : {"passw", "pwd", "token", "secret", "csrf", "xsrf", "session", "credential", "api-key", "api_key", "apikey", "密码"})
    if (key.find(part) != std::string::npos) return true;
  for (const char* whole : {"sid", "jsessionid", "phpsessid", "auth", "authorization", "proxy-authorization", "x-auth", "cookie", "set-cookie", "cookie2", "pin", "otp", "ticket"})
    if (key == whole) return true;
  return false;
}

std::vector<std::string> mask_parameters(std::string& url) {
  std::vector<std::string> values;
  for (std::size_t at = url.find_first_of("?#;"); at != std::string::npos; at = url.find_first_of("?&#;", at + 1)) {
    const std::size_t end = std::min(url.find_first_of("?&#;", at + 1), url.size());
    const std::size_t equals = url.find('=', at + 1);
    if (equals >= end || equals + 1 == end || !names_secret(url.substr(at + 1, equals - at - 1))) continue;
    values.push_back(url.substr(equals + 1, end - equals - 1));
    std::fill(url.begin() + static_cast<std::ptrdiff_t>(equals) + 1, url.begin() + static_cast<std::ptrdiff_t>(end), '*');
  }
  return values;
}

}  // namespace netsampler
