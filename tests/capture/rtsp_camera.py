"""An RTSP camera for tests that misbehaves as it is told: a thread that sends a script of coded pictures over TCP or UDP.

A script is an iterable of (seconds since PLAY, stream time in seconds, access unit in Annex B). Each connection gets its own, from
`script()`; where it ends the camera falls silent, or hangs up with hang_up=True. `lose(n)` says whether the n-th RTP packet gets lost."""
import base64
import itertools
import re
import socket
import struct
import subprocess
import threading
import time

PAYLOAD = 1300
DELIMITER = b"\x00\x00\x00\x01\x09"


def coded(source, *options):
    """Access units made by ffmpeg from a lavfi source, parameter sets before each key picture."""
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast", *options,
               "-bsf:v", "dump_extra=freq=keyframe,h264_metadata=aud=insert", "-f", "h264", "-"]
    stream = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout
    return [DELIMITER + part for part in stream.split(DELIMITER)[1:]]


def units_of(picture):
    return [unit for unit in (part.rstrip(b"\x00") for part in re.split(b"\x00\x00\x01", picture)) if unit]


def at_rate(pictures, rate, begin=0.0):
    return [(begin + n / rate, begin + n / rate, picture) for n, picture in enumerate(pictures)]


def payloads(picture):
    """RFC 6184: units as they are, or cut into FU-A."""
    for unit in units_of(picture):
        if len(unit) <= PAYLOAD:
            yield unit
            continue
        body = [unit[1 + at:1 + at + PAYLOAD] for at in range(0, len(unit) - 1, PAYLOAD)]
        for n, part in enumerate(body):
            bits = (0x80 if n == 0 else 0) | (0x40 if n == len(body) - 1 else 0)
            yield bytes([unit[0] & 0xe0 | 28, bits | unit[0] & 31]) + part


class Camera:
    def __init__(self, test, script, rate=30, udp=False, lose=lambda n: False, hang_up=False, sets=b""):
        self.script, self.rate, self.udp, self.lose, self.hang_up = script, rate, udp, lose, hang_up
        self.sets = sets
        self.stopped = threading.Event()
        self.plays, self.sent, self.peers = 0, 0, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"rtsp://127.0.0.1:{self.listener.getsockname()[1]}/camera"
        self.threads = [threading.Thread(target=self.accept)]
        self.threads[0].start()
        test.addCleanup(self.stop)

    def stop(self):
        self.stopped.set()
        for each in [self.listener, *self.peers]:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it has gone already
            each.close()
        for thread in self.threads:
            thread.join(20)

    def accept(self):
        while not self.stopped.is_set():
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            self.peers.append(peer)
            self.threads.append(threading.Thread(target=self.serve, args=(peer,)))
            self.threads[-1].start()

    def serve(self, peer):
        try:
            self.answer(peer)
        except OSError:
            pass  # the client or the test has hung up
        finally:
            peer.close()

    def answer(self, peer):
        requests = peer.makefile("rb")
        player, client = None, None
        while True:
            lines = list(itertools.takewhile(bool, (line.decode("latin-1").strip() for line in requests)))
            if not lines or self.stopped.is_set():
                break
            headers = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
            method, extra, body = lines[0].split()[0], "", b""
            if method == "DESCRIBE":
                body = self.description()
                extra = f"Content-Type: application/sdp\r\nContent-Base: {self.url}/\r\nContent-Length: {len(body)}\r\n"
            if method == "SETUP":
                transport = headers["Transport"]
                if self.udp != ("client_port" in transport):
                    peer.sendall(f"RTSP/1.0 461 Unsupported Transport\r\nCSeq: {headers['CSeq']}\r\n\r\n".encode())
                    continue
                ports = re.search(r"client_port=(\d+)", transport)
                client = ("127.0.0.1", int(ports.group(1))) if ports else None
                extra = "Session: 1\r\nTransport: " + transport.split(",")[0] + (";server_port=9-10" if client else "") + "\r\n"
            if method == "PLAY":
                extra = "Session: 1\r\n"
            peer.sendall(f"RTSP/1.0 200 OK\r\nCSeq: {headers['CSeq']}\r\n{extra}Public: DESCRIBE, SETUP, PLAY, TEARDOWN\r\n\r\n".encode() + body)
            if method == "PLAY" and player is None:
                self.plays += 1
                player = threading.Thread(target=self.play, args=(peer, client))
                self.threads.append(player)
                player.start()

    def description(self):
        sets = ",".join(base64.b64encode(unit).decode() for unit in units_of(self.sets))
        sprop = f";sprop-parameter-sets={sets}" if sets else ""
        return (f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
                f"a=framerate:{self.rate}\r\na=fmtp:96 packetization-mode=1{sprop}\r\na=control:track0\r\n").encode()

    def play(self, peer, client):
        begun, numbers = time.monotonic(), itertools.count()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
            def send(packet):
                datagrams.sendto(packet, client) if client else peer.sendall(b"$\x00" + struct.pack(">H", len(packet)) + packet)
            try:
                for due, stream_time, picture in self.script():
                    if self.stopped.wait(max(0.0, begun + due - time.monotonic())):
                        return
                    parts = list(payloads(picture)) if isinstance(picture, bytes) else picture
                    for n, part in enumerate(parts):
                        number = next(numbers)
                        head = struct.pack(">BBHII", 0x80, 96 | (0x80 if n == len(parts) - 1 else 0), number & 0xffff, int(stream_time * 90000) & 0xffffffff, 7)
                        if not self.lose(number):
                            send(head + part)
                    self.sent += 1
                if self.hang_up:
                    peer.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # nobody listens any more
