"""netsampler-capture camera against a real RTSP server and a real ledger. argv = bin directory, source directory, scratch for the film."""
import glob
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

BIN, SOURCE, FILMS = sys.argv[1], sys.argv[2], sys.argv[3]
CAPTURE, NUMBER = os.path.join(BIN, "netsampler-capture"), "SF1390000000042"
PYTHON = "/usr/bin/python3"


def film():
    os.makedirs(FILMS, exist_ok=True)
    path = os.path.join(FILMS, "parcel.mp4")
    script = os.path.join(SOURCE, "tests/parcel/parcel_film.py")
    subprocess.run([PYTHON, script, "--waybill", NUMBER, "--out", path], check=True, timeout=60)
    return path


class Child:
    """A program with piped streams, ended with the test."""

    def __init__(self, test, arguments, **more):
        self.process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)
        self.errors = []
        self.reader = threading.Thread(target=lambda: self.errors.extend(self.process.stderr))
        self.reader.start()
        test.addCleanup(self.end)

    def line(self):
        ready, _, _ = select.select([self.process.stdout], [], [], 40)
        return json.loads(self.process.stdout.readline()) if ready else None

    def until(self, wanted):
        for _ in range(200):
            event = self.line()
            if event is None or wanted(event):
                return event
        return None

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(20)
        self.reader.join(20)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()


def camera_server(test, *more):
    server = Child(test, [PYTHON, os.path.join(SOURCE, "tests/parcel/rtsp_server.py"), "--film", film(), *more])
    return server, server.line()["url"]


def record(url, out, seconds, timeout=60):
    return subprocess.run([CAPTURE, "camera", "--input", url, "--out", out, "--seconds", str(seconds), "--json"], capture_output=True,
                          text=True, timeout=timeout)


def whole(out):
    path = os.path.join(out, "whole.mp4")
    with open(path, "wb") as joined:
        for part in [os.path.join(out, "init.mp4")] + sorted(glob.glob(os.path.join(out, "*.m4s"))):
            with open(part, "rb") as piece:
                joined.write(piece.read())
    return path


def probe(path):
    command = ["ffprobe", "-v", "error", "-count_frames", "-show_entries", "stream=width,height,nb_read_frames", "-of", "json", path]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return json.loads(answer.stdout)["streams"][0], answer.stderr


def frame_times(path):
    command = ["ffprobe", "-v", "error", "-show_entries", "packet=pts_time", "-of", "csv=p=0", path]
    return [float(line.strip(",")) for line in subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.split()]


def notes(out):
    path = os.path.join(out, "notes.jsonl")
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.endswith("\n")]


class Scratch(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root, self.out = scratch.name, os.path.join(scratch.name, "out")

    def small_film(self, seconds):
        path = os.path.join(self.root, "small.mp4")
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"testsrc2=size=321x241:rate=10:duration={seconds}", "-pix_fmt", "yuv444p",
                        "-c:v", "libx264", path], check=True, timeout=60)
        return path


class RtspCamera(Scratch):
    def test_six_seconds_are_six_seconds(self):
        _, url = camera_server(self)
        run = record(url, self.out, 6)
        self.assertEqual(run.returncode, 0, run.stderr)
        lines = [json.loads(line) for line in run.stdout.splitlines()]
        self.assertEqual(lines[0], {"event": "ready"})
        summary = lines[-1]
        self.assertEqual(set(summary), {"frames_encoded", "frames_dropped", "wall_seconds", "cpu_seconds", "bytes", "segments"})
        # On a starved machine pictures may be dropped, but none is lost uncounted: 15 a second, less the start.
        self.assertGreater(summary["frames_encoded"] + summary["frames_dropped"], 70)
        self.assertGreater(summary["frames_encoded"], 20)
        stream, complaints = probe(whole(self.out))
        self.assertEqual((stream["width"], stream["height"], complaints), (1280, 720, ""))
        self.assertEqual(int(stream["nb_read_frames"]), summary["frames_encoded"])
        times = frame_times(whole(self.out))
        self.assertTrue(all(0 < b - a < 1.1 for a, b in zip(times, times[1:])), times)
        self.assertAlmostEqual(times[-1], 6, delta=1)
        facts = [note for note in notes(self.out) if note["type"] == "fact"]
        self.assertEqual([(fact["name"], fact["item"], fact["from"]) for fact in facts], [("parcel.waybill", "40-1", "barcode")])
        self.assertNotIn(NUMBER, json.dumps(notes(self.out)))

    def test_pictures_of_several_slices_are_kept_whole(self):
        path = os.path.join(self.root, "slices.mp4")
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=640x480:rate=15:duration=6", "-c:v", "libx264", "-preset", "ultrafast",
                        "-g", "15", "-bf", "0", "-x264-params", "slices=4", "-b:v", "2M", "-pix_fmt", "yuv420p", path], check=True, timeout=60)
        server = Child(self, [PYTHON, os.path.join(SOURCE, "tests/parcel/rtsp_server.py"), "--film", path])
        run = record(server.line()["url"], self.out, 5)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        self.assertFalse(os.path.exists(os.path.join(self.out, "camera-2")))
        stream, complaints = probe(whole(self.out))
        self.assertEqual((int(stream["nb_read_frames"]), complaints), (json.loads(run.stdout.splitlines()[-1])["frames_encoded"], ""))
        self.assertGreater(int(stream["nb_read_frames"]), 30)

    def test_a_camera_that_hangs_is_a_gap(self):
        _, url = camera_server(self, "--stall-after", "2")
        run = record(url, self.out, 5)
        self.assertEqual(run.returncode, 0, run.stderr)
        gaps = [note for note in notes(self.out) if note["type"] == "gap"]
        self.assertEqual([gap["cause"] for gap in gaps], ["stalled"])
        self.assertGreater(gaps[0]["to_us"] - gaps[0]["from_us"], 1_100_000)
        times = frame_times(whole(self.out))
        self.assertLess(max(b - a for a, b in zip(times, times[1:])), 1.1)
        self.assertAlmostEqual(times[-1], 2, delta=0.7)  # kept as it came: nothing is made up while it hangs

    def test_a_camera_that_goes_away_is_found_again(self):
        first, url = camera_server(self)
        port = url.split(":")[-1].split("/")[0]
        child = Child(self, [CAPTURE, "camera", "--input", url, "--out", self.out, "--seconds", "60", "--json"])
        self.assertEqual(child.line(), {"event": "ready"})
        self.wait_for_file(os.path.join(self.out, "000000.m4s"))
        first.process.kill()
        first.process.wait(20)
        gone = time.monotonic()
        self.wait_for(lambda: time.monotonic() - gone > 2)  # found again within 1.1 s it would be no gap at all
        camera_server(self, "--port", port)
        self.wait_for(lambda: any(note["type"] == "gap" for note in notes(self.out)))
        child.process.send_signal(signal.SIGTERM)
        self.assertEqual(child.process.wait(30), 0, child.errors)
        self.assertEqual([note["cause"] for note in notes(self.out) if note["type"] == "gap"], ["reconnect"])

    def wait_for_file(self, path):
        self.wait_for(lambda: os.path.exists(path))

    def wait_for(self, condition):
        end = time.monotonic() + 40
        while not condition():
            self.assertLess(time.monotonic(), end, "in vain")
            select.select([], [], [], 0.05)

    def test_check_says_whether_it_could_be_recorded(self):
        _, url = camera_server(self)
        good = subprocess.run([CAPTURE, "check", "--input", url, "--json"], capture_output=True, text=True, timeout=40)
        self.assertEqual((good.returncode, json.loads(good.stdout)["ok"]), (0, True), good.stderr)
        self.assertIn("1280x720", good.stdout)
        bad = subprocess.run([CAPTURE, "check", "--input", "rtsp://127.0.0.1:9/x"], capture_output=True, text=True, timeout=40)
        self.assertEqual((bad.returncode, bad.stdout, bad.stderr.count("\n")), (1, "", 1))
        neither = subprocess.run([CAPTURE, "check"], capture_output=True, text=True, timeout=40)
        self.assertEqual(neither.returncode, 64)

    def test_nobody_there(self):
        with socket.socket() as taken:  # bound, not listening: refused
            taken.bind(("127.0.0.1", 0))
            run = record(f"rtsp://user:secret@127.0.0.1:{taken.getsockname()[1]}/parcel", self.out, 6, timeout=20)
        self.assertEqual(run.returncode, 1)
        self.assertEqual(run.stderr.count("\n"), 1, run.stderr)
        self.assertNotIn("secret", run.stderr)
        self.assertFalse(os.path.exists(self.out))

    def test_somebody_there_who_says_nothing(self):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen(4)
            run = record(f"rtsp://127.0.0.1:{silent.getsockname()[1]}/parcel", self.out, 6, timeout=30)
        self.assertEqual(run.returncode, 1)
        self.assertIn("silent", run.stderr)


class FileAsCamera(Scratch):
    def test_plays_at_its_pace_and_ends_with_the_file(self):
        begun = time.monotonic()
        run = record(self.small_film(2), self.out, 30)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertGreater(time.monotonic() - begun, 1.8)
        stream, complaints = probe(whole(self.out))
        self.assertEqual((stream["width"], stream["height"], stream["nb_read_frames"], complaints), (320, 240, "20", ""))
        self.assertEqual([note for note in notes(self.out) if note["type"] == "fact"], [])

    def test_bad_input_is_one_line_and_leaves_nothing(self):
        garbage = os.path.join(self.root, "garbage.mp4")
        with open(garbage, "wb") as file:
            file.write(os.urandom(20000))
        for address, code in ((garbage, 65), (os.path.join(self.root, "none.mp4"), 1), ("https://127.0.0.1/x", 64), ("v4l2:///dev/video77", 1)):
            run = record(address, self.out, 3, timeout=20)
            self.assertEqual(run.returncode, code, (address, run.stderr))
            self.assertEqual(run.stderr.count("\n"), 1, run.stderr)
            self.assertFalse(os.path.exists(self.out), address)

    def test_options_that_do_not_fit(self):
        film_path = self.small_film(1)
        for words in ([], ["--out", self.out], ["--out", self.out, "--seconds", "0"], ["--ledger", "x"], ["--out", "x", "--ledger", "y"]):
            run = subprocess.run([CAPTURE, "camera", "--input", film_path, *words], capture_output=True, text=True, timeout=20)
            self.assertEqual(run.returncode, 64, (words, run.stderr))

    def test_a_directory_in_use_is_refused(self):
        film_path = self.small_film(1)
        self.assertEqual(record(film_path, self.out, 5).returncode, 0)
        again = record(film_path, self.out, 5)
        self.assertEqual(again.returncode, 65, again.stderr)


class WithLedger(Scratch):
    def setUp(self):
        super().setUp()
        self.state = os.path.join(self.root, "s")
        self.ledger = Child(self, [os.path.join(BIN, "netsampler-ledger"), "--state", self.state])
        self.socket = self.ledger.line()["socket"]

    def ask(self, **request):
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as peer:
            peer.settimeout(30)
            peer.connect(self.socket)
            peer.send(json.dumps(request).encode())
            reply = json.loads(peer.recv(1 << 17))
        self.assertTrue(reply["ok"], reply)
        return reply

    def chain(self, recording):
        with open(os.path.join(self.state, "data/recordings", recording, "chain.jsonl"), encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]


class IntoTheLedger(WithLedger):
    def start(self, *of_the_camera):
        _, url = camera_server(self, *of_the_camera)
        recording = self.ask(op="recording_open", kind="unboxing")["recording"]
        child = Child(self, [CAPTURE, "camera", "--input", url, "--ledger", self.socket, "--recording", recording, "--patience", "3", "--json"])
        return recording, child

    def test_a_parcel_on_its_chain(self):
        recording, child = self.start()
        self.assertIsNotNone(child.until(lambda event: event.get("event") == "sealed" and event["no"] >= 2))
        child.process.send_signal(signal.SIGTERM)
        self.assertEqual(child.process.wait(30), 0, child.errors)
        summary = child.until(lambda event: "segments" in event)
        self.ask(op="recording_close", recording=recording, reason="stopped")
        records = self.chain(recording)
        segments = [record for record in records if record["type"] == "segment"]
        self.assertEqual(len(segments), summary["segments"])
        for one, two in zip(segments, segments[1:]):
            self.assertEqual(two["first_pts"], one["last_pts"] + one["last_duration"])
        self.assertEqual([record["type"] for record in records if record["type"] in ("source", "fact", "chapter")], ["source", "fact", "chapter"])
        source = [record for record in records if record["type"] == "source"][0]
        self.assertEqual((source["mode"], source["width"], source["height"]), ("kept", 1280, 720))
        self.assertNotIn("why", source)
        self.assertEqual([segment["lost"] for segment in segments if segment["lost"]], [])
        self.assertTrue(all(0 <= segment["jitter_us"] <= 500_000 for segment in segments), segments)
        self.assertNotIn(NUMBER, json.dumps(records))
        with open(os.path.join(self.state, "data/recordings", recording, "private.jsonl"), encoding="utf-8") as lines:
            openings = {opening["field"]: opening["value"] for opening in map(json.loads, lines)}
        self.assertEqual(openings["value"], NUMBER)
        report = self.verified(recording)
        self.assertEqual(report["verdict"], "PARTIAL", report)
        self.assertEqual(report["gaps"], [])

    def verified(self, recording):
        path = os.path.join(self.state, "data/recordings", recording)
        run = subprocess.run([os.path.join(BIN, "netsampler-verify"), "--deep", "--json", path], capture_output=True, text=True, timeout=60)
        return json.loads(run.stdout)

    def test_a_camera_that_hangs_leaves_a_gap_that_is_named(self):
        recording, child = self.start("--stall-after", "1")
        self.assertIsNotNone(child.until(lambda event: event.get("event") == "sealed" and event["no"] >= 1))
        child.process.send_signal(signal.SIGTERM)
        self.assertEqual(child.process.wait(30), 0, child.errors)
        self.ask(op="recording_close", recording=recording, reason="stopped")
        report = self.verified(recording)
        self.assertEqual(report["verdict"], "PARTIAL", report)
        # The last picture before a silence is known to be whole only when the silence has been waited for; its segment is sealed by then.
        self.assertIn(len(report["gaps"]), (1, 2), report)
        self.assertEqual({gap["source"] for gap in report["gaps"]}, {"camera"}, report)
        self.assertGreater(max(gap["to_us"] - gap["from_us"] for gap in report["gaps"]), 1_100_000)

    def test_a_dead_ledger_ends_it_and_what_was_sealed_stands(self):
        recording, child = self.start()
        self.assertIsNotNone(child.until(lambda event: event.get("event") == "sealed"))
        self.ledger.process.kill()
        self.assertEqual(child.process.wait(30), 1, child.errors)
        self.assertIsNotNone(child.until(lambda event: event.get("event") == "error"))
        for record in self.chain(recording):
            if record["type"] == "segment":
                path = os.path.join(self.state, "data/recordings", recording, record["file"]["path"])
                self.assertEqual(os.path.getsize(path), record["file"]["bytes"])

    def test_a_recording_that_is_not_open_is_refused(self):
        _, url = camera_server(self)
        run = subprocess.run([CAPTURE, "camera", "--input", url, "--ledger", self.socket, "--recording", "a" * 26], capture_output=True,
                             text=True, timeout=40)
        self.assertEqual(run.returncode, 1, run.stderr)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]], verbosity=2)
