#!/usr/bin/env python3
"""A shop page of 90 answers, loaded in turn with and without the recorder: load time, and what its archive takes on the disk.
load.py CRAWL [--rounds N]. Prints one JSON object; exit 1 where a bound is broken (10 % more time, 1.5 times the bytes)."""
import argparse
import gzip
import http.server
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading

PICTURES, TEXTS = 70, 19
FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]


def shop(seed=7):
    """path → (media type, body as served, headers)"""
    rng = random.Random(seed)
    words = ["电饭煲", "智能预约", "包邮", "旗舰店", "评价", "参数", "price", "item", "function", "return", "margin"]
    files = {f"/p{i}.jpg": ("image/jpeg", rng.randbytes(rng.randrange(8_000, 60_000)), {}) for i in range(PICTURES)}
    for i in range(TEXTS):
        kind, name = (("text/css", "css") if i % 3 == 0 else ("text/javascript", "js"))
        text = "/* " + " ".join(rng.choice(words) for _ in range(rng.randrange(2_000, 12_000))) + " */"
        files[f"/t{i}.{name}"] = (kind, gzip.compress(text.encode()), {"Content-Encoding": "gzip"})
    body = "<!doctype html><html lang=zh><meta charset=utf-8><title>商品</title>"
    body += "".join(f"<link rel=stylesheet href={p}>" if p.endswith("css") else f"<script src={p}></script>" for p in files if p[1] == "t")
    body += "".join(f"<div class=i><img src={p} width=60 height=60><p>电饭煲 第 {n} 款 ￥{n * 7 + 99}.00</p></div>" for n, p in enumerate(f for f in files if f[1] == "p"))
    body += "<script>addEventListener('load',()=>setTimeout(()=>navigator.sendBeacon('/report?'+performance.timing.loadEventEnd+','+performance.timing.navigationStart),0))</script>"
    files["/"] = ("text/html; charset=utf-8", gzip.compress(body.encode()), {"Content-Encoding": "gzip"})
    return files


class Shop(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files, self.times, self.told = shop(), [], threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        pass  # a browser that closes a connection


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def do_POST(self):
        end, start = self.path.split("?")[1].split(",")
        self.server.times.append(int(end) - int(start))
        self.server.told.set()
        self.send_response(204)
        self.end_headers()

    def do_GET(self):
        kind, body, headers = self.server.files.get(self.path, ("text/plain", b"", {}))
        self.send_response(200 if self.path in self.server.files else 404)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def load(server, command):
    server.told.clear()
    browser = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if not server.told.wait(90):
        raise SystemExit("the page did not load within 90 s")
    return browser


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("crawl")
    parser.add_argument("--rounds", type=int, default=9)
    words = parser.parse_args()
    server, times, kept = Shop(), {"without": [], "with": []}, 0
    url = f"http://127.0.0.1:{server.server_address[1]}/"
    served = sum(len(body) for _, body, _ in server.files.values())
    for _ in range(words.rounds):
        for way in ("without", "with"):
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
                out = os.path.join(folder, "out")
                plain = ["chromium", "--headless=new", "--window-size=1280,900", "--lang=zh-CN", "--user-data-dir=" + folder, *FLAGS, url]
                ours = [words.crawl, "visit", url, "--out", out, *("--browser-flag=" + flag for flag in FLAGS)]
                browser = load(server, ours if way == "with" else plain)
                times[way].append(server.times[-1])
                if way == "with":
                    browser.wait(120)
                    kept = sum(os.path.getsize(os.path.join(out, name)) for name in os.listdir(out))
                    parts = {name: os.path.getsize(os.path.join(out, name)) for name in sorted(os.listdir(out))}
                else:
                    browser.terminate()
                    browser.wait(30)
    ratio = statistics.median(times["with"]) / statistics.median(times["without"])
    print(json.dumps({"answers": len(server.files), "served_bytes": served, "kept_bytes": kept, "parts": parts, "disk_ratio": round(kept / served, 3),
                      "load_ms": times, "load_ratio": round(ratio, 3)}))
    return 0 if ratio <= 1.10 and kept <= 1.5 * served else 1


if __name__ == "__main__":
    sys.exit(main())
