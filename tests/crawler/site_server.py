"""The pages of tests/crawler/site on a free loopback port, with the odd answers that a browser meets. Standard library only."""
import base64
import hashlib
import http.server
import json
import os
import struct
import threading
import zlib

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "site")
GBK = '<!doctype html><meta charset="gbk"><title>老站</title><p>电热水壶 ￥59</p>'.encode("gbk")


WEBSOCKET = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
SCRIPTS = {"/worker.js": "fetch('/from-worker.txt')", "/shared.js": "fetch('/from-shared.txt')",
           "/service.js": "self.addEventListener('install', e => { e.waitUntil(fetch('/from-service.txt').then(r => r.text())); });"}
INVOICE = b"%PDF-1.4 invoice\n" + b"\0\xff" * 5000


def dot_png():
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) + chunk(b"IEND", b""))


class Site(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.traces = []
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
        """What a page found of us is kept; all else is said back: what was posted, the address, the cookie."""
        posted = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.path.startswith("/traces?"):
            self.server.traces.append(self.path.split("?")[1])
            return self.answer(204, b"")
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
        if path == "/invoice":
            return self.answer(200, INVOICE, "application/pdf",
                               Content_Disposition="attachment; filename*=UTF-8''%E5%8F%91%E7%A5%A8.pdf")
        if path in SCRIPTS:
            return self.answer(200, SCRIPTS[path].encode(), "text/javascript")
        if path.startswith("/from-"):
            return self.answer(200, ("answer to " + path).encode(), "text/plain")
        if path == "/chat":
            return self.chat()
        if path == "/ticks":
            return self.ticks()
        if path == "/hops":
            left = int(self.path.split("?")[1])
            return self.answer(302, b"", Location=f"/hops?{left - 1}" if left else "/plain.html")
        if path == "/round":
            return self.answer(302, b"", Location="/round?" + str(len(self.server.paths)))
        if path == "/frame.html":
            port = self.server.server_address[1]
            return self.answer(200, page("frame.html").replace(b"PORT", str(port).encode()))
        body = page(path.lstrip("/"))
        if path == "/secrets.html":
            return self.answer(200, body, Set_Cookie="sid=cookie-0123456789abcdef; Path=/")
        return self.answer(200, body) if body is not None else self.answer(404, "<title>没有</title>找不到".encode())

    def chat(self):
        key = self.headers["Sec-WebSocket-Key"] + WEBSOCKET
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(hashlib.sha1(key.encode()).digest()).decode())
        self.end_headers()
        self.rfile.read(6)  # the head of the page's first message, itself not looked at
        text = "亲，在的，发票请下载".encode()
        self.wfile.write(bytes([0x81, len(text)]) + text + bytes([0x82, 3, 0, 1, 2]))
        self.wfile.flush()
        self.close_connection = True
        self.server.end.wait(30)

    def ticks(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for number in range(3):
            self.wfile.write(f"data: 剩余 {number} 件\n\n".encode())
        self.wfile.flush()
        self.close_connection = True
        self.server.end.wait(30)


def page(name):
    path = os.path.join(HERE, os.path.basename(name))
    if not name or not os.path.isfile(path):
        return None
    with open(path, "rb") as file:
        return file.read()
