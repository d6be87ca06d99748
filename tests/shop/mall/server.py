"""HTTPS on loopback: one thread a connection, the TLS handshake inside it, every read bounded in bytes and time."""
import hashlib
import socket
import ssl
import threading
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

BODY_BYTES_MAX = 16 * 1024
CONNECTIONS_MAX = 128
HOST_CHARS_MAX = 40
IDLE_SECONDS = 20
POLICY = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; form-action 'self'; base-uri 'none'"


@dataclass(frozen=True)
class Request:
    """One request, whole: query and form hold the last value of each name."""
    method: str
    path: str
    query: dict
    form: dict
    session: str | None
    host: str


@dataclass
class Response:
    """What a page function returns. `cache` is a Cache-Control value; an ETag is made unless it is no-store."""
    body: bytes
    status: int = 200
    media_type: str = "text/html; charset=utf-8"
    cache: str = "no-store"
    headers: dict = field(default_factory=dict)


def redirect(address):
    """After a POST: see the page at `address`."""
    return Response(b"", status=303, headers={"Location": address})


def _last_values(text):
    return {name: values[-1] for name, values in parse_qs(text, keep_blank_values=True, max_num_fields=100).items()}


class Refused(Exception):
    """The request cannot be read: `status` is the answer, the connection ends."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


class Handler(BaseHTTPRequestHandler):
    """Reads a request, asks the server's application, writes the response."""
    protocol_version = "HTTP/1.1"
    server_version = "mall/1"
    sys_version = ""
    timeout = IDLE_SECONDS

    def do_GET(self):
        """GET and HEAD differ only in the body."""
        self._serve()

    def do_HEAD(self):
        """As GET, without the body."""
        self._serve()

    def do_POST(self):
        """Forms (application/x-www-form-urlencoded)."""
        self._serve()

    def _serve(self):
        try:
            response = self.server.application(self._request())
        except Refused as error:
            self.close_connection = True
            response = Response(f"{error}\n".encode(), status=error.status, media_type="text/plain; charset=utf-8",
                                headers={"Connection": "close"})
        self._write(response)

    def _request(self):
        address = urlsplit(self.path)
        try:
            return Request(self.command, address.path, _last_values(address.query), _last_values(self._body()),
                           self._cookie(), self.headers.get("Host", "")[:HOST_CHARS_MAX])
        except (ValueError, UnicodeDecodeError) as error:
            raise Refused(400, "请求格式有误 malformed request") from error

    def _body(self):
        if self.headers.get("Transfer-Encoding"):
            raise Refused(411, "需要 Content-Length: send a Content-Length")
        length = int(self.headers.get("Content-Length") or 0)
        if length < 0:
            raise ValueError("negative length")
        if length > BODY_BYTES_MAX:
            raise Refused(413, f"请求体过大 body larger than {BODY_BYTES_MAX} bytes")
        return self.rfile.read(length).decode("utf-8")

    def _cookie(self):
        try:
            cookie = SimpleCookie(self.headers.get("Cookie", "")).get("mall_session")
        except CookieError:
            return None
        return cookie.value if cookie else None

    def _write(self, response):
        headers = {"Content-Type": response.media_type, "Cache-Control": response.cache,
                   "X-Content-Type-Options": "nosniff", "Content-Security-Policy": POLICY, **response.headers}
        status, body = response.status, response.body
        if response.cache != "no-store" and status == 200:
            headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
            if self.headers.get("If-None-Match") == headers["ETag"]:
                status, body = 304, b""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format, *args):  # noqa: A002 (the base class names it so)
        """Quiet: the demo's stdout carries one JSON line only."""


class MallServer(ThreadingHTTPServer):
    """Listens on 127.0.0.1:`port` (0 = a free one); `application` maps a Request to a Response on any thread."""
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, port, context, application):
        super().__init__(("127.0.0.1", port), Handler)
        self.application = application
        self._context = context
        self._slots = threading.BoundedSemaphore(CONNECTIONS_MAX)

    def process_request(self, request, client_address):
        """No free slot: the connection is closed at once rather than queued."""
        if not self._slots.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request, client_address):
        """The slot is given back however the connection ends."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._slots.release()

    def finish_request(self, request, client_address):
        """The handshake runs here, on the connection's own thread, so a silent client holds up nobody."""
        request.settimeout(IDLE_SECONDS)
        try:
            with self._context.wrap_socket(request, server_side=True) as channel:
                channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.RequestHandlerClass(channel, client_address, self)
        except (ssl.SSLError, OSError):
            return  # the client went away, spoke no TLS or said nothing: its own loss

