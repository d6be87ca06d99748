#include "ui/console/console_server.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <type_traits>

#include "evidence/base/listen_address.h"
#include "ui/console/console_body.h"

namespace netsampler {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using local = asio::local::stream_protocol;
using boost::system::error_code;

constexpr auto kRequestTime = std::chrono::seconds(30);  // idle or sending
constexpr auto kReplyTime = std::chrono::seconds(60);
constexpr std::size_t kHeaderLimit = 8 * 1024;

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

using BeastRequest = http::request<http::string_body>;
using BeastReply = http::response<ReplyBody>;

HttpRequest plain(const BeastRequest& request, const std::string& peer) {
  HttpRequest out;
  out.method = request.method() == http::verb::head ? "GET" : std::string(request.method_string());
  out.target = std::string(request.target());
  out.body = request.body();
  out.peer = peer;
  for (const auto& field : request) out.headers[lower(std::string(field.name_string()))] = std::string(field.value());
  return out;
}

// A file that went away between the check and here is an empty 404.
void set_body(BeastReply& reply, const HttpReply& from) {
  reply.body().text = from.body;
  for (const FileSlice& slice : from.files) {
    Fd file(::open(slice.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file.valid()) {
      reply.result(404);
      reply.body().slices.clear();
      return;
    }
    reply.body().slices.push_back({std::move(file), slice.first, slice.bytes});
  }
}

BeastReply beast_reply(const HttpReply& from, const BeastRequest& request, bool keep) {
  BeastReply reply;
  reply.version(request.version());
  reply.result(static_cast<unsigned>(from.status));
  reply.set(http::field::content_type, from.type);
  reply.set(http::field::server, "netsampler");
  for (const auto& [name, value] : from.headers) reply.insert(name, value);
  set_body(reply, from);
  reply.keep_alive(keep);
  reply.content_length(ReplyBody::size(reply.body()));
  if (request.method() == http::verb::head) reply.body() = {};
  return reply;
}

// The open connections; the acceptor pauses at the bound and is told when one ends.
struct Load {
  std::atomic<int> open{0};
  std::function<void()> one_ended;
};

template <class Protocol>
class Connection : public std::enable_shared_from_this<Connection<Protocol>> {
 public:
  using Stream = beast::basic_stream<Protocol>;

  Connection(typename Protocol::socket socket, const HttpHandler& handler, std::shared_ptr<Load> load)
      : stream_(std::move(socket)), handler_(handler), load_(std::move(load)), peer_(peer_of(stream_.socket())) {
    ++load_->open;
  }
  ~Connection() {
    --load_->open;
    load_->one_ended();
  }

  void read() {
    parser_.emplace();
    parser_->body_limit(kBodyLimit);
    parser_->header_limit(kHeaderLimit);
    stream_.expires_after(kRequestTime);
    http::async_read(stream_, buffer_, *parser_, [self = this->shared_from_this()](error_code error, std::size_t) { self->on_read(error); });
  }

 private:
  static std::string peer_of(const tcp::socket& socket) {
    error_code error;
    const auto end = socket.remote_endpoint(error);
    return error ? "" : end.address().to_string();
  }
  static std::string peer_of(const local::socket&) { return ""; }

  // What is too long or malformed gets one reply, then the connection ends.
  void on_read(error_code error) {
    if (error == http::error::end_of_stream) return close();
    if (error == http::error::body_limit || error == http::error::header_limit)
      return write(reply_error(413, "请求过大 / the request is too large"), false);
    if (error && error.category() == http::make_error_code(http::error::bad_method).category())
      return write(reply_error(400, "请求有误 / malformed request"), false);
    if (error) return;
    const BeastRequest& request = parser_->get();
    const auto real = request.find("X-Real-IP");
    const bool proxied = std::is_same_v<Protocol, local> && real != request.end();
    write(handler_(plain(request, proxied ? std::string(real->value()) : peer_)), request.keep_alive());
  }

  void write(const HttpReply& reply, bool keep) {
    const BeastRequest& request = parser_->get();
    reply_.emplace(beast_reply(reply, request, keep));
    serializer_.emplace(*reply_);
    stream_.expires_after(kReplyTime);
    const bool head = request.method() == http::verb::head;
    const auto done = [self = this->shared_from_this(), keep](error_code error, std::size_t) {
      if (!error) keep ? self->read() : self->close();
    };
    if (head) http::async_write_header(stream_, *serializer_, done);
    else http::async_write(stream_, *serializer_, done);
  }

  void close() {
    error_code ignored;
    stream_.socket().shutdown(Protocol::socket::shutdown_send, ignored);
  }

  Stream stream_;
  const HttpHandler& handler_;
  std::shared_ptr<Load> load_;
  std::string peer_;
  beast::flat_buffer buffer_{kHeaderLimit + kBodyLimit};
  std::optional<http::request_parser<http::string_body>> parser_;
  std::optional<BeastReply> reply_;
  std::optional<http::response_serializer<ReplyBody>> serializer_;
};

template <class Protocol>
class Acceptor {
 public:
  Acceptor(asio::io_context& context, typename Protocol::acceptor acceptor, const HttpHandler& handler)
      : context_(context), acceptor_(std::move(acceptor)), handler_(handler), load_(std::make_shared<Load>()) {
    load_->one_ended = [this] { asio::post(acceptor_.get_executor(), [this] { resume(); }); };
  }
  // The connections die with the context, which outlives us: they must not call back then.
  ~Acceptor() { load_->one_ended = [] {}; }
  void start() { asio::post(acceptor_.get_executor(), [this] { accept(); }); }

 private:
  void resume() {
    if (waiting_) accept();
  }
  void accept() {
    waiting_ = load_->open >= kConnections;
    if (waiting_) return;
    acceptor_.async_accept(asio::make_strand(context_), [this](error_code error, typename Protocol::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (!error) std::make_shared<Connection<Protocol>>(std::move(socket), handler_, load_)->read();
      accept();
    });
  }

  asio::io_context& context_;
  typename Protocol::acceptor acceptor_;
  const HttpHandler& handler_;
  std::shared_ptr<Load> load_;
  bool waiting_ = false;  // only on the acceptor's strand
};

Error asio_error(const std::string& doing, const error_code& error) {
  const ErrorKind kind = error == asio::error::address_in_use ? ErrorKind::busy : ErrorKind::io;
  return fail(kind, doing + ": " + error.message());
}

template <class Protocol>
Result<typename Protocol::acceptor> open_acceptor(asio::io_context& context, const typename Protocol::endpoint& end, const std::string& name) {
  typename Protocol::acceptor acceptor(asio::make_strand(context));
  error_code error;
  acceptor.open(end.protocol(), error);
  if (!error && std::is_same_v<Protocol, tcp>) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(end, error);
  if (!error) acceptor.listen(kConnections, error);
  if (error) return asio_error("listen at " + name, error);
  return acceptor;
}

Result<tcp::endpoint> endpoint_of(const std::string& listen) {
  const auto told = listen_address_of(listen);
  error_code error;
  const auto address = asio::ip::make_address(!told ? "" : told->host == "localhost" ? "127.0.0.1" : told->host, error);
  if (!told || error)
    return fail(ErrorKind::usage, "--listen " + listen + ": not HOST:PORT (write an address, e.g. 127.0.0.1:8080)");
  return tcp::endpoint(address, told->port);
}

std::string url_of(const tcp::endpoint& end) {
  const std::string host = end.address().is_v6() ? "[" + end.address().to_string() + "]" : end.address().to_string();
  return "http://" + host + ":" + std::to_string(end.port());
}

// A socket file nobody listens behind is a dead program's; one that answers is `busy`.
Result<void> clear_stale(asio::io_context& context, const std::string& path) {
  local::socket probe(context);
  error_code error;
  probe.connect(local::endpoint(path), error);
  if (!error) return fail(ErrorKind::busy, path + ": another console listens there");
  ::unlink(path.c_str());
  return {};
}

void run(asio::io_context& context, const Fd& stop) {
  asio::posix::stream_descriptor signals(context, ::fcntl(stop.get(), F_DUPFD_CLOEXEC, 0));
  signals.async_wait(asio::posix::stream_descriptor::wait_read, [&context](error_code) { context.stop(); });
  std::vector<std::jthread> threads;
  for (int n = 1; n < kServerThreads; ++n) threads.emplace_back([&context] { context.run(); });
  context.run();
}

template <class Protocol>
void run_acceptor(asio::io_context& context, typename Protocol::acceptor acceptor, const Fd& stop, const HttpHandler& handler) {
  Acceptor<Protocol> door(context, std::move(acceptor), handler);
  door.start();
  run(context, stop);
}

}  // namespace

Result<void> serve(const ServerSetup& setup, const Fd& stop, const HttpHandler& handler,
                   const std::function<void(const std::string&)>& ready) {
  asio::io_context context(kServerThreads);
  if (!setup.socket.empty()) {
    if (setup.socket.size() > 100) return fail(ErrorKind::usage, "--socket " + setup.socket + ": longer than a socket's path may be (100 bytes)");
    TRY(clear_stale(context, setup.socket));
    auto acceptor = TRY(open_acceptor<local>(context, local::endpoint(setup.socket), setup.socket));
    ::chmod(setup.socket.c_str(), 0660);
    ready(setup.socket);
    run_acceptor<local>(context, std::move(acceptor), stop, handler);
    ::unlink(setup.socket.c_str());
    return {};
  }
  const tcp::endpoint wanted = TRY(endpoint_of(setup.listen));
  auto acceptor = TRY(open_acceptor<tcp>(context, wanted, setup.listen));
  error_code error;
  ready(url_of(acceptor.local_endpoint(error)));
  run_acceptor<tcp>(context, std::move(acceptor), stop, handler);
  return {};
}

}  // namespace netsampler
