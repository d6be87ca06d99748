"""The pages of tests/crawler/site on a free loopback port, with the odd answers that a browser meets. Standard library only."""
import http.server
import json
import os
import struct
import threading
import zlib

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "site")
GBK = '<!doctype html><meta charset="gbk"><title>老站</title><p>电热水壶 ￥59</p>'.encode("gbk")


def dot_png():
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) + chunk(b"IEND", b""))


class Site(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.paths, self.end, self.state, self.polls = [], threading.Event(), "等待支付", 0
        self.paid_after_polls, self.asked_hold = 6, threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, path):
        return f"http://127.0.0.1:{self.server_address[1]}{path}"

    def handle_error(self, request, client_address):
        pass  # a browser that closes a connection is no event here

    def stop(self):
        self.end.set()
        self.shutdown()
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def answer(self, status, body, kind="text/html; charset=utf-8", **headers):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        """Says everything back: what was posted, the address, the cookie."""
        posted = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        said = {"posted": posted, "address": self.path, "cookie": self.headers.get("Cookie", ""), "price": "199"}
        self.answer(200, json.dumps(said).encode(), "application/json", X_Session_Token="cookie-0123456789abcdef")

    def do_GET(self):
        path = self.path.split("?")[0]
        self.server.paths.append(path)
        if path == "/redirect":
            return self.answer(302, b"", Location="/plain.html")
        if path == "/gbk":
            return self.answer(200, GBK, "text/html")
        if path == "/gzip":
            import gzip
            return self.answer(200, gzip.compress(page("plain.html")), Content_Encoding="gzip", Set_Cookie="sid=topsecret; Path=/")
        if path == "/dot.png":
            return self.answer(200, dot_png(), "image/png")
        if path == "/hold":
            self.server.asked_hold.set()
            self.server.end.wait(30)
            return self.answer(200, b"")
        if path == "/state":
            self.server.polls += 1
            paid = self.server.polls > self.server.paid_after_polls
            return self.answer(200, ("支付成功" if paid else self.server.state).encode(), "text/plain; charset=utf-8")
        if path == "/file.zip":
            return self.answer(200, b"PK", "application/zip", Content_Disposition="attachment")
        body = page(path.lstrip("/"))
        if path == "/secrets.html":
            return self.answer(200, body, Set_Cookie="sid=cookie-0123456789abcdef; Path=/")
        return self.answer(200, body) if body is not None else self.answer(404, "<title>没有</title>找不到".encode())


def page(name):
    path = os.path.join(HERE, os.path.basename(name))
    if not name or not os.path.isfile(path):
        return None
    with open(path, "rb") as file:
        return file.read()
