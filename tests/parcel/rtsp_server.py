"""An RTSP camera made of a film: rtsp_server.py --film FILE.mp4 [--port N] [--stall-after S]

Serves the film as a live H.264 stream on loopback. It starts when a client connects, afresh for each, runs at its own pace, and
its last second repeats for as long as the client stays: a camera does not end. With --stall-after it falls silent S seconds into
the film without closing anything: a camera that hangs. Prints {"url": "rtsp://127.0.0.1:PORT/parcel"}; ends on SIGTERM, SIGINT or
the end of its standard input. The film's pictures are sent as they are, not encoded again; it needs key frames and no B-frames.
"""
import argparse
import json
import signal
import subprocess
import sys
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

DELIMITER = b"\x00\x00\x00\x01\x09"
IDR = 5
LAUNCH = ("( appsrc name=film is-live=true format=time do-timestamp=false block=false max-bytes=8000000 "
          "caps=video/x-h264,stream-format=byte-stream,alignment=au ! h264parse ! "
          "rtph264pay name=pay0 pt=96 config-interval=-1 )")


def read_film(path):
    """(access units, frames a second): each unit is one picture in Annex B with its delimiter, parameter sets before key frames."""
    probe = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=r_frame_rate", "-of", "csv=p=0", path]
    rate = subprocess.run(probe, capture_output=True, text=True, check=True).stdout.strip().split("/")
    copy = ["ffmpeg", "-v", "error", "-i", path, "-map", "0:v:0", "-c", "copy", "-bsf:v",
            "h264_mp4toannexb,h264_metadata=aud=insert", "-f", "h264", "-"]
    stream = subprocess.run(copy, capture_output=True, check=True).stdout
    units = [DELIMITER + part for part in stream.split(DELIMITER)[1:]]
    return units, int(rate[0]) / int(rate[1])


def is_key(unit):
    at = unit.find(b"\x00\x00\x01")
    while at >= 0 and at + 3 < len(unit):
        if unit[at + 3] & 31 == IDR:
            return True
        at = unit.find(b"\x00\x00\x01", at + 3)
    return False


class Film:
    def __init__(self, path):
        self.units, self.rate = read_film(path)
        keys = [n for n, unit in enumerate(self.units) if is_key(unit)]
        if not keys:
            raise ValueError("no key frame in it")
        self.repeat_from = keys[-1]

    def unit(self, number):
        if number < len(self.units):
            return self.units[number]
        return self.units[self.repeat_from + (number - len(self.units)) % (len(self.units) - self.repeat_from)]


class Showing:
    """One client's run of the film."""

    def __init__(self, film, source, stall_after):
        self.film, self.source, self.stall_after = film, source, stall_after
        self.sent, self.begun = 0, None
        source.connect("need-data", self.begin)

    def begin(self, *_):
        if self.begun is None:
            self.begun = time.monotonic()
            GLib.timeout_add(10, self.turn)

    def turn(self):
        seconds = time.monotonic() - self.begun
        if self.stall_after is not None and seconds > self.stall_after:
            return GLib.SOURCE_REMOVE
        while self.sent <= seconds * self.film.rate:
            if not self.push():
                return GLib.SOURCE_REMOVE
        return GLib.SOURCE_CONTINUE

    def push(self):
        buffer = Gst.Buffer.new_wrapped(self.film.unit(self.sent))
        buffer.pts = buffer.dts = int(self.sent * Gst.SECOND / self.film.rate)
        buffer.duration = int(Gst.SECOND / self.film.rate)
        self.sent += 1
        return self.source.emit("push-buffer", buffer) == Gst.FlowReturn.OK


def serve(film, options):
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(str(options.port))  # 0: any free one
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(LAUNCH)
    factory.set_shared(False)
    factory.connect("media-configure", lambda _, media: configure(media, film, options.stall_after))
    server.get_mount_points().add_factory("/parcel", factory)
    if not server.attach(None):
        return None
    return server


def configure(media, film, stall_after):
    source = media.get_element().get_by_name_recurse_up("film")
    media.showing = Showing(film, source, stall_after)


def stop_on(loop):
    for number in (signal.SIGTERM, signal.SIGINT):
        GLib.unix_signal_add(GLib.PRIORITY_HIGH, number, lambda: loop.quit() or True)
    channel = GLib.IOChannel.unix_new(sys.stdin.fileno())

    def on_input(*_):
        if not sys.stdin.buffer.raw.read(4096):
            loop.quit()
            return False
        return True

    GLib.io_add_watch(channel, GLib.PRIORITY_HIGH, GLib.IOCondition.IN | GLib.IOCondition.HUP | GLib.IOCondition.ERR, on_input)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--film", required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--stall-after", type=float)
    options = parser.parse_args()
    try:
        film = Film(options.film)
    except (subprocess.CalledProcessError, ValueError) as error:
        print(f"rtsp_server: {options.film} cannot be served: {error}", file=sys.stderr)
        return 65
    Gst.init(None)
    loop = GLib.MainLoop()
    server = serve(film, options)
    if server is None:
        print(f"rtsp_server: port {options.port} is taken (leave --port out)", file=sys.stderr)
        return 1
    stop_on(loop)
    print(json.dumps({"url": f"rtsp://127.0.0.1:{server.get_bound_port()}/parcel"}), flush=True)
    loop.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
