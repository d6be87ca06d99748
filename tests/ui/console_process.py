"""For tests: netsampler-console over a state directory, alone or behind a real nginx, and plain requests to it."""
import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import time
from urllib.parse import urlsplit


class Console:
    """The program on a free port of loopback; `url` once it is ready."""

    def __init__(self, program, state, web, *options):
        arguments = [program, "--state", state, "--web", web, *(options or ("--listen", "127.0.0.1:0"))]
        self.child = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
        ready = self.child.stdout.readline()
        assert '"ready"' in ready, f"the console did not start: {ready!r}, exit {self.child.wait(10)}"
        self.url = json.loads(ready)["address"]

    def stop(self):
        self.child.send_signal(signal.SIGTERM)
        code = self.child.wait(30)
        self.child.stdout.close()
        return code


class Nginx:
    """nginx as the supervisor starts it; `configuration` is a file."""

    def __init__(self, configuration, prefix, port):
        self.child = subprocess.Popen(["/usr/sbin/nginx", "-e", "stderr", "-p", prefix, "-c", configuration], stderr=subprocess.DEVNULL)
        self.url = f"https://127.0.0.1:{port}"
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.child.poll() is None:
            with socket.socket() as probe:
                probe.settimeout(1)
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            self.child.poll()
        raise AssertionError(f"nginx did not start: exit {self.child.poll()}")

    def stop(self):
        self.child.terminate()
        return self.child.wait(30)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Client:
    """One signed-in or unknown visitor."""

    def __init__(self, url):
        self.where, self.cookie = urlsplit(url), None

    def ask(self, method, path, body=None, **headers):
        """(status, headers, bytes); `path` is sent exactly as given."""
        if self.where.scheme == "https":
            context = ssl._create_unverified_context()
            link = http.client.HTTPSConnection(self.where.hostname, self.where.port, timeout=60, context=context)
        else:
            link = http.client.HTTPConnection(self.where.hostname, self.where.port, timeout=60)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookie:
            sent["Cookie"] = self.cookie
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        link.request(method, path, body, sent)
        answer = link.getresponse()
        content = answer.read()
        link.close()
        return answer.status, answer.headers, content

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)

    def json(self, path):
        status, _, content = self.get(path)
        assert status == 200, (path, status, content[:300])
        return json.loads(content)

    def sign_in(self, account):
        status, headers, content = self.ask("POST", "/api/v1/login", account)
        if status == 200:
            self.cookie = headers["Set-Cookie"].split(";")[0]
        return status, headers, content
