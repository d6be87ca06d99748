"""Cameras that misbehave, over a real wire into a real ledger: what is recorded verifies, pictures decoded too, and the rest is told.
argv as camera_command_test.py."""
import http.server
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from camera_command_test import BIN, CAPTURE, Child, WithLedger  # noqa: E402
from rtsp_camera import Camera, at_rate, coded  # noqa: E402

SMALL = "testsrc2=size=320x240:rate=30:duration={}"
PLAIN = ("-bf", "0", "-g", "30")


class Faults(WithLedger):
    """Records until told, then closes, verifies with decoded pictures, and gives what the chain says."""
    def start(self, url, *more, **options):
        self.recording = self.ask(op="recording_open", kind="unboxing")["recording"]
        self.child = Child(self, [CAPTURE, "camera", "--input", url, "--ledger", self.socket, "--recording", self.recording, "--json", *more], **options)
        return self.child

    def wait_for(self, wanted):
        """Until the chain has such a record."""
        for _ in range(1500):
            if any(wanted(record) for record in self.whole_lines()):
                return
            self.assertIsNone(self.child.process.poll(), self.child.errors)
            threading.Event().wait(0.02)
        self.fail(f"in vain: {self.whole_lines()} {self.child.errors}")

    def whole_lines(self):
        with open(os.path.join(self.state, "data/recordings", self.recording, "chain.jsonl"), encoding="utf-8") as lines:
            return [json.loads(line) for line in lines if line.endswith("\n")]

    def seconds(self, seconds):
        self.wait_for(lambda record: record["type"] == "segment" and record["last_us"] > self.opened_us() + seconds * 1e6)

    def opened_us(self):
        return self.whole_lines()[0]["boot_us"]

    def end(self):
        self.child.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.child.process.wait(30), 0, self.child.errors)
        self.ask(op="recording_close", recording=self.recording, reason="stopped")
        path = os.path.join(self.state, "data/recordings", self.recording)
        run = subprocess.run([os.path.join(BIN, "netsampler-verify"), "--deep", "--json", path], capture_output=True, text=True, timeout=60)
        self.report = json.loads(run.stdout)
        self.assertEqual(self.report["verdict"], "PARTIAL", self.report)  # unstamped; nothing is broken
        self.records = self.chain(self.recording)
        self.sources = [record for record in self.records if record["type"] == "source"]
        self.segments = [record for record in self.records if record["type"] == "segment"]
        self.found = [record for record in self.records if record["type"] == "finding"]
        return [(source["mode"], source.get("why", "")) for source in self.sources]

    def codes(self):
        return {finding["code"] for finding in self.report["findings"]}

    def told(self, code):
        return [finding for finding in self.found if finding["code"] == code]


class Kept(Faults):
    def test_an_honest_camera_is_kept(self):
        pictures = coded(SMALL.format(8), *PLAIN)
        camera = Camera(self, lambda: at_rate(pictures, 30))
        self.start(camera.url)
        self.seconds(3)
        self.assertEqual(self.end(), [("kept", "")])
        self.assertEqual(sum(segment["lost"] + segment["dropped"] for segment in self.segments), 0)
        self.assertEqual([finding["code"] for finding in self.found if finding["code"].startswith("camera")], [])
        self.assertNotIn("gap", self.codes())

    def test_a_recorder_that_was_stopped_is_not_the_camera_s_fault(self):
        pictures = coded(SMALL.format(20), *PLAIN)
        self.start(Camera(self, lambda: at_rate(pictures, 30)).url)
        self.seconds(2)
        self.child.process.send_signal(signal.SIGSTOP)
        with self.assertRaises(subprocess.TimeoutExpired):
            self.child.process.wait(2.5)  # shorter than the silence for which a camera counts as lost
        self.child.process.send_signal(signal.SIGCONT)
        self.wait_for(lambda record: record["type"] == "gap")
        self.assertEqual(self.end(), [("kept", "")])
        longest = max(self.report["gaps"], key=lambda gap: gap["to_us"] - gap["from_us"])
        self.assertEqual(longest["cause"], "stopped", self.report["gaps"])

    def test_key_pictures_alone_make_no_flood_of_segments(self):
        pictures = coded(SMALL.format(8), "-bf", "0", "-g", "1")
        self.start(Camera(self, lambda: at_rate(pictures, 30)).url)
        self.seconds(4)
        self.assertEqual(self.end(), [("kept", "")])
        self.assertGreater(min(segment["frames"] for segment in self.segments[:-1]), 20)
        self.assertTrue(all(segment["key"] for segment in self.segments))

    def test_over_udp_too(self):
        pictures = coded(SMALL.format(8), *PLAIN)
        camera = Camera(self, lambda: at_rate(pictures, 30), udp=True)
        self.start(camera.url, "--transport", "udp")
        self.seconds(3)
        self.assertEqual(self.end(), [("kept", "")])
        self.assertEqual(sum(segment["lost"] for segment in self.segments), 0)

    def test_udp_where_the_camera_refuses_tcp(self):
        pictures = coded(SMALL.format(8), *PLAIN)
        camera = Camera(self, lambda: at_rate(pictures, 30), udp=True)
        plain = subprocess.run([CAPTURE, "check", "--input", camera.url], capture_output=True, text=True, timeout=40)
        self.assertEqual(plain.returncode, 1, plain.stdout)
        own = subprocess.run([CAPTURE, "check", "--input", camera.url.replace("rtsp://", "rtsp+udp://")], capture_output=True, text=True, timeout=40)
        self.assertEqual(own.returncode, 0, own.stderr)
        self.start(camera.url, "--transport", "auto")
        self.seconds(2)
        self.assertEqual(self.end(), [("kept", "")])

    def test_another_size_is_another_source(self):
        wide = coded("testsrc2=size=480x240:rate=30:duration=8", *PLAIN)
        script = at_rate(coded(SMALL.format(2), *PLAIN), 30) + at_rate(wide, 30, begin=2)
        self.start(Camera(self, lambda: script).url)
        self.wait_for(lambda record: record["type"] == "segment" and record["source"] == "camera-2" and record["no"] == 1)
        self.assertEqual(self.end(), [("kept", ""), ("kept", "format")])
        self.assertEqual([(source["width"], source.get("follows")) for source in self.sources], [(320, None), (480, "camera")])
        self.assertEqual(sum(segment["frames"] for segment in self.segments if segment["source"] == "camera"), 60)
        self.assertNotIn("gap", self.codes())


class Encoded(Faults):
    def test_reordered_pictures(self):
        pictures = coded(SMALL.format(8), "-bf", "2", "-g", "30")
        self.start(Camera(self, lambda: at_rate(pictures, 30)).url)
        self.seconds(3)
        self.assertEqual(self.end(), [("encoded", "reordered")])

    def test_a_camera_that_begins_to_reorder(self):
        script = at_rate(coded(SMALL.format(2), *PLAIN), 30) + at_rate(coded(SMALL.format(8), "-bf", "2", "-g", "60"), 30, begin=2)
        self.start(Camera(self, lambda: script).url)
        self.wait_for(lambda record: record["type"] == "segment" and record["source"] == "camera-3")
        self.assertEqual(self.end(), [("kept", ""), ("kept", "format"), ("encoded", "reordered")])
        self.assertEqual(sum(segment["dropped"] for segment in self.segments), 0)
        self.assertNotIn("gap", self.codes())

    def test_lost_datagrams_are_counted(self):
        lost, pictures = {200, 201, 600}, coded(SMALL.format(8), *PLAIN, "-qp", "10")
        camera = Camera(self, lambda: at_rate(pictures, 30), udp=True, lose=lost.__contains__)
        self.start(camera.url, "--transport", "udp")
        self.seconds(4)
        self.assertEqual(self.end(), [("kept", ""), ("encoded", "packet-loss")])
        self.assertGreaterEqual(sum(segment["lost"] for segment in self.segments), len(lost))

    def test_a_hole_in_tcp_is_told_too(self):
        pictures = coded(SMALL.format(8), *PLAIN, "-qp", "10")
        camera = Camera(self, lambda: at_rate(pictures, 30), lose=lambda n: n == 300)
        self.start(camera.url)
        self.seconds(3)
        self.assertEqual(self.end(), [("kept", ""), ("encoded", "packet-loss")])
        self.assertGreaterEqual(sum(segment["lost"] for segment in self.segments), 1)


class Strange(Faults):
    def test_a_damaged_key_picture_ends_keeping(self):
        pictures = coded(SMALL.format(3), *PLAIN)
        torn = [picture[:len(picture) * 2 // 3] if n in (30, 60) else picture for n, picture in enumerate(pictures)] + pictures * 2
        self.start(Camera(self, lambda: at_rate(torn, 30)).url)
        self.wait_for(lambda record: record["type"] == "segment" and record["source"] == "camera-2")
        self.assertEqual(self.end(), [("kept", ""), ("encoded", "damaged")])

    def test_says_thirty_and_gives_five(self):
        pictures = coded(SMALL.format(3), "-bf", "0", "-g", "15")
        self.start(Camera(self, lambda: at_rate(pictures, 5)).url)
        self.wait_for(lambda record: record.get("code") == "camera-rate")
        self.assertEqual(self.end(), [("kept", "")])
        self.assertIn(self.told("camera-rate")[0]["count"], (4, 5, 6))

    def test_stream_times_of_another_speed(self):
        pictures = coded(SMALL.format(12), *PLAIN)
        self.start(Camera(self, lambda: [(due, due * 5, picture) for due, _, picture in at_rate(pictures, 30)]).url)
        self.wait_for(lambda record: record.get("code") == "camera-clock")
        self.seconds(4)
        self.end()
        self.assertEqual(len(self.told("camera-clock")), 1)

    def test_away_and_back_is_one_gap(self):
        pictures = coded(SMALL.format(20), *PLAIN)
        camera = Camera(self, lambda: at_rate(pictures[:60], 30) if camera.plays == 1 else at_rate(pictures, 30), hang_up=True)
        refuse = threading.Event()
        accept = camera.serve

        def serve(peer):
            if camera.plays == 0 or refuse.wait(0):
                accept(peer)
            else:
                peer.close()
        camera.serve = serve
        self.start(camera.url)
        self.wait_for(lambda record: record["type"] == "segment" and record["no"] == 1)
        threading.Event().wait(3)
        refuse.set()
        self.wait_for(lambda record: record["type"] == "gap")
        self.assertEqual(self.end(), [("kept", "")])
        self.assertEqual([gap["cause"] for gap in self.report["gaps"]], ["reconnect"], self.report["gaps"])
        self.assertGreater(self.told("camera-reconnected")[0]["count"], 1)

    def test_garbage_is_told_and_does_not_break_what_was_kept(self):
        pictures, chance = coded(SMALL.format(3), *PLAIN), random.Random(7)
        noise = [b"\x00\x00\x00\x01\x41\x9a" + chance.randbytes(3000) for _ in range(300)]
        self.start(Camera(self, lambda: at_rate(pictures[:45], 30) + at_rate(noise, 30, begin=1.5)).url)
        self.seconds(4)
        self.end()
        self.assertIn("picture-unread", self.codes())  # kept as it came, whatever it is

    def test_a_picture_without_end(self):
        pictures = coded(SMALL.format(3), *PLAIN)
        endless = [bytes([0x7c, 0x01]) + bytes(60000)]  # the middle of a unit, again and again

        def script():
            yield from at_rate(pictures[:60], 30)
            if camera.plays == 1:
                for _ in range(20000):
                    yield 2, 2, endless
            else:
                yield from at_rate(pictures * 5, 30)
        camera = Camera(self, script)
        self.start(camera.url)
        self.wait_for(lambda record: record.get("code") == "camera-reconnected")
        with open(f"/proc/{self.child.process.pid}/status", encoding="utf-8") as status:
            peak = int(re.search(r"VmHWM:\s+(\d+)", status.read()).group(1))
        self.assertLess(peak, 400_000, "KiB")
        self.wait_for(lambda record: record["type"] == "gap")
        self.end()

    def test_never_a_key_picture(self):
        pictures = [picture for picture in coded(SMALL.format(14), "-bf", "0", "-g", "600")][1:]
        camera = Camera(self, lambda: at_rate(pictures, 30))
        run = subprocess.run([CAPTURE, "check", "--input", camera.url], capture_output=True, text=True, timeout=40)
        self.assertEqual(run.returncode, 1, run.stdout)
        self.assertIn("key pictures", run.stderr)


class Mjpeg(Faults):
    def serve(self, pictures, rate):
        test = self

        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=picture")
                self.end_headers()
                try:
                    for picture in pictures:
                        self.wfile.write(b"--picture\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(picture) + picture + b"\r\n")
                        if test.over.wait(1 / rate):
                            return
                except OSError:
                    return

            def log_message(self, *_):
                pass

        self.over = threading.Event()
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        self.addCleanup(lambda: (self.over.set(), server.shutdown(), thread.join(20), server.server_close()))
        return f"http://user:secret@127.0.0.1:{server.server_port}/video.mjpg"

    def test_is_encoded_with_the_times_of_its_arrivals(self):
        stream = subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=322x242:rate=10:duration=10", "-f", "mjpeg", "-"],
                                capture_output=True, check=True, timeout=60).stdout
        pictures = [b"\xff\xd8" + part for part in stream.split(b"\xff\xd8")[1:]]
        self.start(self.serve(pictures, 10))
        self.seconds(3)
        self.assertEqual(self.end(), [("encoded", "codec")])
        frames = sum(segment["frames"] for segment in self.segments)
        took = (self.segments[-1]["last_us"] - self.segments[0]["first_us"]) / 1e6
        self.assertAlmostEqual(frames / took, 10, delta=3)

    def test_what_is_no_video_is_refused(self):
        run = subprocess.run([CAPTURE, "check", "--input", self.serve([b"<html>no camera</html>"] * 3, 10)], capture_output=True, text=True, timeout=40)
        self.assertEqual((run.returncode, run.stderr.count("\n")), (1, 1), run.stderr)
        self.assertNotIn("secret", run.stderr)
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            nobody = subprocess.run([CAPTURE, "check", "--input", f"http://127.0.0.1:{taken.getsockname()[1]}/x"], capture_output=True, text=True, timeout=40)
        self.assertEqual(nobody.returncode, 1, nobody.stderr)


class Device(Faults):
    """V4L2 through libavdevice, against a device that a preloaded library plays (fake_video_device.cc)."""
    def begin(self, **more):
        path = "/dev/video77"
        environment = {**os.environ, "LD_PRELOAD": os.path.join(BIN, "libfake_video_device.so"), "FAKE_VIDEO": path, **more}
        self.start(f"v4l2://{path}", env=environment)

    def test_is_encoded_and_read_as_it_comes(self):
        self.begin()
        self.seconds(3)
        self.assertEqual(self.end(), [("encoded", "codec")])
        self.assertEqual((self.sources[0]["width"], self.sources[0]["height"]), (320, 240))
        took = (self.segments[-1]["last_us"] - self.segments[0]["first_us"]) / 1e6
        seen = sum(segment["frames"] + segment["dropped"] - segment["heartbeats"] for segment in self.segments)
        self.assertAlmostEqual(seen / took, 30, delta=4)
        self.assertNotIn("gap", self.codes())

    def test_unplugged_and_plugged_in_again(self):
        self.begin(FAKE_VIDEO_PICTURES="60", FAKE_VIDEO_THEN="unplugged")
        self.wait_for(lambda record: record["type"] == "gap")
        self.assertEqual(self.end(), [("encoded", "codec")])
        self.assertEqual([gap["cause"] for gap in self.report["gaps"]], ["reconnect"])
        self.assertGreater(self.told("camera-reconnected")[0]["count"], 1)

    def test_a_driver_that_hangs_holds_nobody(self):
        self.begin(FAKE_VIDEO_PICTURES="60", FAKE_VIDEO_THEN="hangs")
        self.wait_for(lambda record: record["type"] == "segment" and record["heartbeats"] > 0)
        self.assertEqual(self.end(), [("encoded", "codec")])

    def test_no_such_device(self):
        for path in ("/dev/video77", "/dev/null"):
            run = subprocess.run([CAPTURE, "check", "--input", f"v4l2://{path}"], capture_output=True, text=True, timeout=40)
            self.assertEqual((run.returncode, run.stderr.count("\n")), (1, 1), run.stderr)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]], verbosity=2)
