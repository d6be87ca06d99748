"""A time-stamp authority of one's own, on loopback: makes its CA and certificate in DIR (kept where they are already), answers
POST application/timestamp-query, prints {"url","ca","ca_sha256","certificate_sha256"}; ends with its standard input or on SIGTERM.
--lie makes it a bad one: nonce, imprint (answers another query), expired (its certificate), no-eku, silent (never answers),
http-500, oversized (more than 1 MiB), garbage, refuse. --honest-after N: lies N times, then never again (not for expired).
--serve crl,ocsp,issuer: its certificate says where these can be had, on the same port (issuer: the CA does not travel in the tokens); with
--lie revoked its certificate is on them, crl-signature and crl-expired spoil the list. "revoke REASON" on standard input revokes it later."""
import argparse
import datetime
import json
import os
import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import der
import pki
import token_maker

QUERY_LIMIT = 4096
POLICY = "1.3.6.1.4.1.4146.2.3"
TS_CONFIG = """[tsa]
default_tsa=own
[own]
serial={dir}/serial
crypto_device=builtin
signer_cert={dir}/tsa.pem
{certs}signer_key={dir}/tsa.key
signer_digest=sha256
default_policy={policy}
digests=sha256,sm3
accuracy=secs:1
ordering=yes
tsa_name=yes
ess_cert_id_chain=no
ess_cert_id_alg=sha256
"""
NO_EKU = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n"
LIES = ("revoked", "crl-signature", "crl-expired", "nonce", "imprint", "expired", "no-eku", "silent", "http-500", "oversized", "garbage", "refuse")


class Authority:
    def __init__(self, directory, key, lie, serve=(), port=0):
        self.pki, self.lie = pki.Pki(directory, key), lie
        self.lock = threading.Lock()
        self.access = self.access_extensions(serve, port)
        if not os.path.exists(self.pki.path("tsa.pem")):
            self.make_certificates(lie)
        with open(self.pki.path("ts.cnf"), "w", encoding="utf-8") as out:
            out.write(TS_CONFIG.format(dir=directory, policy=POLICY, certs="" if "issuer" in serve else f"certs={directory}/ca.pem\n"))
        if lie == "revoked":
            self.revoke("superseded")

    @staticmethod
    def access_extensions(serve, port):
        url = f"URI:http://127.0.0.1:{port}/"
        names = {"ocsp": "OCSP;" + url + "ocsp", "issuer": "caIssuers;" + url + "ca.crt"}
        access = [names[name] for name in serve if name in names]
        return ("authorityInfoAccess=" + ",".join(access) + "\n" if access else "") + \
            ("crlDistributionPoints=" + url + "ca.crl\n" if "crl" in serve else "")

    def revoke(self, reason):
        with self.lock:
            self.ca("-revoke", self.pki.path("tsa.pem"), "-crl_reason", reason)

    def ca(self, *arguments):
        pki.run("ca", "-config", self.pki.path("openssl.cnf"), "-cert", self.pki.path("ca.pem"), "-keyfile", self.pki.path("ca.key"),
                "-md", self.pki.md, *arguments)

    def list(self):
        dates = ["-crl_lastupdate", pki.years_from_now(-3), "-crl_nextupdate", pki.years_from_now(-2)] if self.lie == "crl-expired" else []
        with self.lock:
            self.ca("-gencrl", *dates, "-out", self.pki.path("crl.pem"))
            pki.run("crl", "-in", self.pki.path("crl.pem"), "-outform", "DER", "-out", self.pki.path("crl.der"))
            with open(self.pki.path("crl.der"), "rb") as file:
                data = file.read()
        return data[:-1] + bytes([data[-1] ^ 1]) if self.lie == "crl-signature" else data

    def status(self, request):
        with self.lock:
            with open(self.pki.path("request.ocsp"), "wb") as out:
                out.write(request)
            pki.run("ocsp", "-index", self.pki.path("index.txt"), "-CA", self.pki.path("ca.pem"), "-rsigner", self.pki.path("ca.pem"), "-rkey",
                    self.pki.path("ca.key"), "-reqin", self.pki.path("request.ocsp"), "-respout", self.pki.path("status.ocsp"), "-ndays", "7")
            with open(self.pki.path("status.ocsp"), "rb") as file:
                return file.read()

    def make_certificates(self, lie):
        subject = "/O=netsampler test authority/CN="
        self.pki.issue("ca", subject + "CA " + os.urandom(4).hex(), pki.CA_EXTENSIONS, start=pki.years_from_now(-5))
        dates = {"start": pki.years_from_now(-3), "end": pki.years_from_now(-1)} if lie == "expired" else {}
        self.pki.issue("bare", subject + "no purpose", NO_EKU, issuer="ca")
        self.pki.issue("tsa", subject + "TSA", pki.TSA_EXTENSIONS + self.access, issuer="ca", **dates)

    def about(self, port):
        return {"url": f"http://127.0.0.1:{port}/", "ca": self.pki.path("ca.pem"), "ca_sha256": pki.sha256_hex(self.pki.der("ca")),
                "certificate_sha256": pki.sha256_hex(self.pki.der("tsa"))}

    def answer(self, query):
        """What openssl ts answers."""
        with self.lock:
            query_file, reply_file = self.pki.path("query.tsq"), self.pki.path("reply.tsr")
            with open(query_file, "wb") as out:
                out.write(query)
            done = subprocess.run(["openssl", "ts", "-reply", "-config", self.pki.path("ts.cnf"), "-queryfile", query_file,
                                   "-out", reply_file], capture_output=True, timeout=60)
            if done.returncode != 0:
                raise ValueError("openssl ts: " + done.stderr.decode(errors="replace"))
            with open(reply_file, "rb") as file:
                return file.read()

    def lied(self, query, lie):
        asked = der.Query(query)
        if lie == "nonce":
            return self.answer(query.replace(asked.nonce, asked.nonce[:-1] + bytes([asked.nonce[-1] ^ 1])))
        if lie == "imprint":
            return self.answer(query.replace(asked.imprint, asked.imprint[:-1] + bytes([asked.imprint[-1] ^ 1])))
        if lie == "no-eku":
            now = pki.moment(datetime.datetime.now(datetime.timezone.utc))
            return token_maker.response(token_maker.Recipe(
                self.pki, "bare", [self.pki.der("bare"), self.pki.der("ca")], asked.imprint_algorithm, asked.imprint, asked.nonce, now,
                POLICY))
        if lie == "refuse":  # rejection, badAlg
            return der.sequence(der.sequence(der.integer(2), der.sequence(der.value(0x0C, b"not today"))))
        if lie == "oversized":
            return bytes((1 << 20) + 1)
        return b"garbage" if lie == "garbage" else self.answer(query)


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        size = int(self.headers.get("Content-Length", "0"))
        if self.path == "/ocsp" and size <= QUERY_LIMIT:
            return self.reply(200, self.server.authority.status(self.rfile.read(size)), "application/ocsp-response")
        if size > QUERY_LIMIT or self.headers.get("Content-Type") != "application/timestamp-query":
            return self.reply(400, b"")
        query = self.rfile.read(size)
        lie = self.server.next_lie()
        if lie == "silent":
            self.server.ended.wait()
            return None
        if lie == "http-500":
            return self.reply(500, b"")
        try:
            return self.reply(200, self.server.authority.lied(query, lie))
        except (ValueError, IndexError) as error:
            return self.reply(400, str(error).encode())

    def do_GET(self):
        served = {"/ca.crl": self.server.authority.list, "/ca.crt": lambda: self.server.authority.pki.der("ca")}.get(self.path)
        return self.reply(200, served(), "application/octet-stream") if served else self.reply(404, b"")

    def reply(self, code, body, kind="application/timestamp-reply"):
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    authority = None  # made when the port is known

    def __init__(self, port, lie, honest_after):
        super().__init__(("127.0.0.1", port), Handler)
        self.lie, self.left = lie, honest_after
        self.ended, self.counting = threading.Event(), threading.Lock()

    def handle_error(self, *_):
        pass  # a client that leaves while we write

    def next_lie(self):
        with self.counting:
            if self.left == 0:
                return None
            self.left -= 1
            return self.lie


def wait_for_end(authority):
    """Standard input's end, or SIGTERM; meanwhile what it is told there."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    for line in sys.stdin:
        if line.startswith("revoke "):
            authority.revoke(line.split()[1])
            print(json.dumps({"revoked": line.split()[1]}), flush=True)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--dir", required=True)
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--key", choices=("rsa", "p256"), default="p256")
    options.add_argument("--lie", choices=LIES)
    options.add_argument("--serve", default="")
    options.add_argument("--honest-after", type=int, default=-1)
    given = options.parse_args()
    os.makedirs(given.dir, exist_ok=True)
    served_lies = ("revoked", "crl-signature", "crl-expired")
    server = Server(given.port, given.lie, given.honest_after if given.lie and given.lie not in served_lies else 0)
    serve = [name for name in given.serve.split(",") if name]
    server.authority = authority = Authority(os.path.abspath(given.dir), given.key, given.lie, serve, server.server_address[1])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps(authority.about(server.server_address[1])), flush=True)
    try:
        wait_for_end(authority)
    finally:
        server.ended.set()
        server.shutdown()


if __name__ == "__main__":
    main()
