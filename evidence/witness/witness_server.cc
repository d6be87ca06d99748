#include "evidence/witness/witness_server.h"

#include <fcntl.h>

#include <boost/asio.hpp>
#include <boost/beast.hpp>
#include <chrono>
#include <memory>
#include <optional>

#include "evidence/base/listen_address.h"

namespace netsampler::witness {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kTime = std::chrono::seconds(15);
constexpr std::size_t kHeaderBytes = 8 * 1024;
constexpr int kConnections = 64, kBacklog = 64;
using Handler = std::function<WitnessAnswer(std::string_view)>;

// One request, one answer, then it ends.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(tcp::socket socket, const Handler& handler, int& open) : stream_(std::move(socket)), handler_(handler), open_(open) { ++open_; }
  ~Connection() { --open_; }

  void read() {
    parser_.body_limit(kRequestBytes);
    parser_.header_limit(kHeaderBytes);
    stream_.expires_after(kTime);
    http::async_read(stream_, buffer_, parser_, [self = shared_from_this()](error_code error, std::size_t) { self->on_read(error); });
  }

 private:
  void on_read(error_code error) {
    if (error == http::error::body_limit || error == http::error::header_limit) return write({413, "text/plain", "too large\n", ""});
    if (error) return;
    const auto& request = parser_.get();
    if (request.target() != "/add-checkpoint") return write({404, "text/plain", "POST /add-checkpoint is what there is here\n", ""});
    if (request.method() != http::verb::post) return write({405, "text/plain", "POST alone\n", ""});
    write(handler_(request.body()));
  }

  void write(const WitnessAnswer& answer) {
    reply_.result(static_cast<unsigned>(answer.status));
    reply_.set(http::field::content_type, answer.type);
    reply_.keep_alive(false);
    reply_.body() = answer.body;
    reply_.prepare_payload();
    stream_.expires_after(kTime);
    http::async_write(stream_, reply_, [self = shared_from_this()](error_code, std::size_t) {
      error_code ignored;
      self->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    });
  }

  beast::tcp_stream stream_;
  const Handler& handler_;
  int& open_;
  beast::flat_buffer buffer_{kHeaderBytes + kRequestBytes};
  http::request_parser<http::string_body> parser_;
  http::response<http::string_body> reply_;
};

// Beyond the bound a connection is closed at once: the box comes again.
class Acceptor {
 public:
  Acceptor(tcp::acceptor acceptor, const Handler& handler) : acceptor_(std::move(acceptor)), handler_(handler) {}
  void accept() {
    acceptor_.async_accept([this](error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (!error && open_ < kConnections) std::make_shared<Connection>(std::move(socket), handler_, open_)->read();
      accept();
    });
  }

 private:
  tcp::acceptor acceptor_;
  const Handler& handler_;
  int open_ = 0;
};

Result<tcp::endpoint> endpoint_of(const std::string& listen) {
  const auto told = listen_address_of(listen);
  error_code error;
  const auto address = asio::ip::make_address(told ? told->host : "", error);
  if (!told || error)
    return fail(ErrorKind::usage, "--listen " + listen + ": not ADDRESS:PORT (e.g. 192.0.2.7:8085 or [::]:8085)");
  return tcp::endpoint(address, told->port);
}

Result<tcp::acceptor> open_acceptor(asio::io_context& context, const tcp::endpoint& end, const std::string& name) {
  tcp::acceptor acceptor(context);
  error_code error;
  acceptor.open(end.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(end, error);
  if (!error) acceptor.listen(kBacklog, error);
  if (error) return fail(error == asio::error::address_in_use ? ErrorKind::busy : ErrorKind::io, "listening at " + name + ": " + error.message());
  return acceptor;
}

std::string url_of(const tcp::endpoint& end) {
  const std::string host = end.address().to_string();
  return "http://" + (end.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(end.port());
}

}  // namespace

Result<void> serve(const std::string& listen, const Fd& stop, const Handler& handler, const std::function<void(const std::string&)>& ready) {
  asio::io_context context(1);
  const tcp::endpoint wanted = TRY(endpoint_of(listen));
  tcp::acceptor acceptor = TRY(open_acceptor(context, wanted, listen));
  error_code error;
  const tcp::endpoint bound = acceptor.local_endpoint(error);
  asio::posix::stream_descriptor signals(context, ::fcntl(stop.get(), F_DUPFD_CLOEXEC, 0));
  signals.async_wait(asio::posix::stream_descriptor::wait_read, [&context](error_code) { context.stop(); });
  Acceptor door(std::move(acceptor), handler);
  door.accept();
  ready(url_of(bound));
  context.run();
  return {};
}

}  // namespace netsampler::witness
