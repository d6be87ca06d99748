#include "ui/console/nginx_config.h"

#include <fcntl.h>

#include <map>

#include "evidence/base/process.h"
#include "ui/console/embedded.h"

namespace netsampler {
namespace {

std::string nginx_folder(const std::string& state) { return state + "/run/nginx"; }

using Values = std::map<std::string, std::string>;

Values values_of(const NginxSetup& setup) {
  return {{"USER_LINE", setup.root ? "user root root;" : ""},
          {"RUN", nginx_folder(setup.state)},
          {"LOG", setup.state + "/logs/nginx.log"},
          {"DATA", setup.state + "/data"},
          {"WEB", setup.web},
          {"LISTEN", setup.listen},
          {"SOCKET", setup.console_socket},
          {"CERTIFICATE", setup.certificate},
          {"KEY", setup.key}};
}

Result<void> check_values(const Values& values) {
  for (const auto& [name, value] : values) {
    if (name == "USER_LINE") continue;
    if (value.empty()) return fail(ErrorKind::invalid, "nginx configuration: " + name + " is empty");
    if (value.find_first_of("\"'$;{}\\\r\n") != std::string::npos)
      return fail(ErrorKind::invalid, "nginx configuration: " + name + " has a character that nginx would take for syntax (choose another path): " + value);
  }
  return {};
}

// Replaces {NAME}; other braces are nginx's own.
std::string filled(std::string text, const Values& values) {
  for (const auto& [name, value] : values) {
    const std::string mark = "{" + name + "}";
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size())) text.replace(at, mark.size(), value);
  }
  return text;
}

Result<void> run_openssl(const std::string& certificate, const std::string& key) {
  const Fd nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  if (!nowhere.valid()) return fail_errno("open /dev/null");
  ProcessOptions options;
  options.arguments = {"openssl", "req",     "-x509", "-newkey", "ec",        "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                       "-days",   "825",     "-subj", "/CN=netsampler", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                       "-addext", "basicConstraints=critical,CA:FALSE", "-keyout", key, "-out", certificate};
  options.descriptors = {{nowhere.get(), 1}, {nowhere.get(), 2}};
  Process process = TRY(Process::start(options));
  const auto code = process.wait(30'000);
  if (code != 0) return fail(ErrorKind::io, "openssl could not make a certificate in " + parent_of(certificate) + " (is the openssl command installed?)");
  return {};
}

}  // namespace

Result<std::string> nginx_config(const NginxSetup& setup) {
  const Values values = values_of(setup);
  TRY(check_values(values));
  return filled(kNginxTemplate, values);
}

Result<void> prepare_nginx(FileSystem& disk, const std::string& state) {
  TRY(disk.make_directories(nginx_folder(state)));
  return disk.make_directories(state + "/logs");
}

Result<Certificate> make_certificate(FileSystem& disk, const std::string& directory) {
  const Certificate made{directory + "/console.pem", directory + "/console.key"};
  if (exists(disk, made.certificate) && exists(disk, made.key)) return made;
  TRY(disk.make_directories(directory));
  TRY(run_openssl(made.certificate + ".partial", made.key + ".partial"));
  TRY(disk.replace(made.key + ".partial", made.key));
  TRY(disk.replace(made.certificate + ".partial", made.certificate));
  return made;
}

}  // namespace netsampler
