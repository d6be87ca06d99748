"""Two time servers and a client of theirs, all on loopback, for tests and the demo: real chronyd with -x, so no clock is touched.

time_servers.py DIR [--seconds S]   prints {"servers": ["127.0.0.1:PORT", …], "socket": "…"} when the client is synchronised,
then stays until SIGTERM, SIGINT or the end of its standard input. DIR must be private to its owner (chronyd insists); it is made.
"""
import argparse
import ctypes
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time


def free_udp_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def start(directory, name, lines):
    common = ["cmdport 0", f"bindcmdaddress {directory}/{name}.sock", f"pidfile {directory}/{name}.pid"]
    path = os.path.join(directory, name + ".conf")
    with open(path, "w", encoding="utf-8") as conf:
        conf.write("\n".join(lines + common) + "\n")
    with open(os.path.join(directory, name + ".log"), "wb") as log:
        return subprocess.Popen(["chronyd", "-x", "-d", "-u", "root", "-f", path], stdin=subprocess.DEVNULL, stdout=log,
                                stderr=log, preexec_fn=die_with_parent)


def start_server(directory, number):
    port = free_udp_port()
    lines = [f"port {port}", "bindaddress 127.0.0.1", "allow 127.0.0.1", f"local stratum {number + 2}"]
    return port, start(directory, f"server{number}", lines)


def start_client(directory, ports):
    sources = [f"server 127.0.0.1 port {port} iburst minpoll 0 maxpoll 4" for port in ports]
    return start(directory, "client", ["port 0"] + sources)


def is_synchronised(directory):
    sock = os.path.join(directory, "client.sock")
    if not os.path.exists(sock):
        return False
    answer = subprocess.run(["chronyc", "-c", "-h", sock, "tracking"], capture_output=True, text=True, timeout=10)
    fields = answer.stdout.strip().split(",")
    if answer.returncode != 0 or len(fields) != 14 or fields[13] != "Normal":
        return False
    # With its first two samples the daemon is still unsure of the clock's frequency, and its bound runs away within a second.
    skew_ppm, bound_seconds = float(fields[9]), abs(float(fields[4])) + float(fields[10]) / 2 + float(fields[11])
    return skew_ppm < 100 and bound_seconds < 0.02


def wait_until_synchronised(directory, children, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if any(child.poll() is not None for child in children):
            return False
        if is_synchronised(directory):
            return True
        select.select([], [], [], 0.1)
    return False


def wait_for_end():
    """Standard input's end, or a signal (whose handler writes to the wake-up descriptor)."""
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_write, False)
    signal.set_wakeup_fd(wake_write)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    while True:
        ready, _, _ = select.select([sys.stdin, wake_read], [], [])
        if wake_read in ready or not os.read(sys.stdin.fileno(), 4096):
            return


def stop(children):
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("directory")
    parser.add_argument("--seconds", type=float, default=30, help="give up where the client is not synchronised by then")
    options = parser.parse_args()
    directory = os.path.abspath(options.directory)
    os.makedirs(directory, mode=0o700, exist_ok=True)
    os.chmod(directory, 0o700)
    if len(directory) > 80:
        print(f"time_servers: {directory}: too long for a socket's path (choose a shorter directory)", file=sys.stderr)
        return 1
    children = []
    try:
        ports = []
        for number in (1, 2):
            port, child = start_server(directory, number)
            ports.append(port)
            children.append(child)
        children.append(start_client(directory, ports))
        if not wait_until_synchronised(directory, children, options.seconds):
            print(f"time_servers: chronyd did not synchronise (see {directory}/*.log)", file=sys.stderr)
            return 1
        servers = [f"127.0.0.1:{port}" for port in ports]
        print(json.dumps({"servers": servers, "socket": os.path.join(directory, "client.sock")}), flush=True)
        wait_for_end()
        return 0
    finally:
        stop(children)


if __name__ == "__main__":
    sys.exit(main())
