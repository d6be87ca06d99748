#include "ui/cli/credentials.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <map>

#include "evidence/base/fd.h"

namespace netsampler {
namespace {

constexpr std::size_t kFileLimit = 64 * 1024;

Result<std::map<std::string, std::string>> read_lines(const std::string& source) {
  Fd opened;
  int fd = STDIN_FILENO;
  if (source != "-") {
    opened = Fd(::open(source.c_str(), O_RDONLY | O_CLOEXEC));
    if (!opened.valid()) return fail_errno("credentials " + source);
    fd = opened.get();
  }
  const Bytes bytes = TRY_WITH(read_all(fd, kFileLimit), "credentials");
  std::map<std::string, std::string> found;
  std::string_view rest = as_text(bytes);
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    const auto space = line.find(' ');
    if (space != std::string_view::npos) found[std::string(line.substr(0, space))] = std::string(line.substr(space + 1));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  return found;
}

Result<std::string> read_line(int fd) {
  std::string line;
  char letter = 0;
  while (line.size() < 1024 && ::read(fd, &letter, 1) == 1 && letter != '\n') line += letter;
  if (line.empty()) return fail(ErrorKind::denied, "no password given");
  return line;
}

}  // namespace

Result<std::string> ask_password(const std::string& prompt) {
  Fd terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC));
  if (!terminal.valid())
    return fail(ErrorKind::unavailable, "no terminal to ask for the password; give --credentials FILE (lines: id password)");
  TRY(write_all(terminal.get(), as_bytes(prompt)));
  termios before{};
  if (::tcgetattr(terminal.get(), &before) != 0) return fail_errno("terminal");
  termios silent = before;
  silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  ::tcsetattr(terminal.get(), TCSAFLUSH, &silent);
  auto line = read_line(terminal.get());
  ::tcsetattr(terminal.get(), TCSAFLUSH, &before);
  TRY(write_all(terminal.get(), as_bytes("\n")));
  return line;
}

Result<Json> read_credentials(const std::vector<std::string>& ids, const std::string& source) {
  std::map<std::string, std::string> given;
  if (!source.empty()) given = TRY(read_lines(source));
  Json logins = Json::array();
  for (const auto& id : ids) {
    std::string password;
    if (source.empty())
      password = TRY(ask_password("抽样人员 " + id + " 的口令 / password of " + id + ": "));
    else if (given.count(id) == 1)
      password = given[id];
    else
      return fail(ErrorKind::denied, "no credentials for sampler " + id + " in " + source);
    logins.push_back({{"id", id}, {"password", password}});
  }
  return logins;
}

}  // namespace netsampler
