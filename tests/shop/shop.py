#!/usr/bin/python3
"""The demo mall over TLS on loopback. Prints one JSON line when it serves; ends on SIGTERM or when stdin ends."""
import argparse
import json
import os
import signal
import sys
import threading
from datetime import datetime, timezone

from mall.certificate import CertificateError, make_certificate, tls_context
from mall.goods import demo_catalogue
from mall.orders import Store
from mall.routes import application
from mall.server import MallServer

EXIT_FAILED, EXIT_USAGE = 1, 64


class Parser(argparse.ArgumentParser):
    """argparse with the house's exit code and one line."""

    def error(self, message):
        """Usage errors end with 64."""
        self.exit(EXIT_USAGE, f"shop: {message}: see --help\n")


def parse(arguments):
    """The command line."""
    parser = Parser(description="netsampler's demo mall: HTTPS on 127.0.0.1")
    parser.add_argument("--dir", required=True, help="directory for its certificates; made where absent")
    parser.add_argument("--port", type=int, default=0, help="0 (the default) takes a free one")
    parser.add_argument("--ship-after", type=float, default=10.0, help="seconds from payment to the carrier (default 10)")
    parser.add_argument("--new-tabs", action="store_true", help="products open in new tabs, as in many malls")
    return parser.parse_args(arguments)


def announce(server, certificate):
    """The ready line: the only thing on stdout."""
    url = f"https://127.0.0.1:{server.server_port}/"
    print(json.dumps({"url": url, "ca": certificate.ca, "spki": certificate.spki, "admin": f"{url}phone"}), flush=True)


def end_event():
    """An event that SIGTERM, SIGINT or the end of stdin sets."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())

    def drain():
        while os.read(0, 4096):
            pass
        ended.set()
    threading.Thread(target=drain, daemon=True).start()
    return ended


def main(arguments):
    """Exit code."""
    options = parse(arguments)
    ended = end_event()
    store = Store(demo_catalogue(), options.ship_after, lambda: datetime.now(timezone.utc), options.new_tabs)
    try:
        certificate = make_certificate(options.dir)
        server = MallServer(options.port, tls_context(certificate), application(store))
    except (CertificateError, OSError, OverflowError) as error:
        print(f"shop: cannot serve from {options.dir} on port {options.port}: {error}: choose another", file=sys.stderr)
        return EXIT_FAILED
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True).start()
    announce(server, certificate)
    ended.wait()
    server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
