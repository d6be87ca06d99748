"""For tests: a shop.py of one's own, and a customer who speaks HTTPS to it without a browser."""
import http.client
import http.cookiejar
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
TIMEOUT_SECONDS = 15


class RunningMall:
    """Starts shop.py in a directory of its own; `url`, `ca`, `spki`, `admin` come from its ready line."""

    def __init__(self, ship_after_seconds=0.3, flags=()):
        self.directory = tempfile.mkdtemp(prefix="mall-")
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(HERE, "shop.py"), "--dir", self.directory, "--ship-after", str(ship_after_seconds), *flags],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        ready = json.loads(self.process.stdout.readline())
        self.url, self.ca, self.spki, self.admin = ready["url"], ready["ca"], ready["spki"], ready["admin"]
        self.port = urllib.parse.urlsplit(self.url).port

    def close(self):
        """Ends it by closing its stdin; its exit code."""
        self.process.stdin.close()
        code = self.process.wait(TIMEOUT_SECONDS)
        self.process.stdout.close()
        shutil.rmtree(self.directory)
        return code


class Customer:
    """Cookies and trust in the mall's authority; redirects are followed."""

    def __init__(self, mall):
        self.base = mall.url
        context = ssl.create_default_context(cafile=mall.ca)
        self._opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context),
                                                   urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def get(self, path, headers=None):
        """(status, text, final path)"""
        return self._ask(urllib.request.Request(urllib.parse.urljoin(self.base, path), headers=headers or {}))

    def post(self, path, **form):
        """(status, text, final path)"""
        body = urllib.parse.urlencode(form).encode()
        return self._ask(urllib.request.Request(urllib.parse.urljoin(self.base, path), data=body))

    def _ask(self, request):
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                return answer.status, answer.read().decode("utf-8", "replace"), urllib.parse.urlsplit(answer.url).path
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode("utf-8", "replace"), urllib.parse.urlsplit(request.full_url).path


def connection(mall):
    """A bare HTTPS connection."""
    return http.client.HTTPSConnection("127.0.0.1", mall.port, timeout=TIMEOUT_SECONDS,
                                       context=ssl.create_default_context(cafile=mall.ca))


def after_label(label, text):
    """The text of the element after the one that holds just the label."""
    found = re.search(rf"<(dt|th|span[^>]*)>{label}</[a-z]+>\s*<[^>]+>([^<]*)<", text)
    return found.group(2) if found else None


def hidden(name, text):
    """The value of a form's hidden field."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', text)
    return found.group(1) if found else None


def fen(text):
    """An integer in 分 of ¥1,234.50 or -¥20.00."""
    return int(text.replace("¥", "").replace(",", "").replace(".", ""))
