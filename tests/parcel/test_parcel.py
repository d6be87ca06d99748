"""The parcel's film and its RTSP server, by themselves: argv = directory for films."""
import json
import os
import signal
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import code128  # noqa: E402

PYTHON, FILMS = "/usr/bin/python3", sys.argv[1]


def make(number, path):
    return subprocess.run([PYTHON, os.path.join(HERE, "parcel_film.py"), "--waybill", number, "--out", path], capture_output=True,
                          text=True, timeout=90)


def film():
    os.makedirs(FILMS, exist_ok=True)
    path = os.path.join(FILMS, "parcel.mp4")
    made = make("SF1390000000042", path)
    assert made.returncode == 0, made.stderr
    return path


def picture_sizes_and_keys(path, *options):
    command = ["ffprobe", "-v", "error", *options, "-show_entries", "packet=flags,pts_time", "-of", "json", path]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return json.loads(answer.stdout)["packets"]


class Code128(unittest.TestCase):
    def test_symbols_and_their_sum(self):
        # ISO/IEC 15417's arithmetic: start B 104, "S" 51, "F" 38, to C 99, pairs; weights 1, 2, 3 …
        self.assertEqual(code128.values_of("SF12345678"), [104, 51, 38, 99, 12, 34, 56, 78])
        widths = code128.widths_of("SF12345678")
        self.assertEqual(sum(widths), 11 * 9 + 13)
        checksum = (104 + 51 + 2 * 38 + 3 * 99 + 4 * 12 + 5 * 34 + 6 * 56 + 7 * 78) % 103
        self.assertEqual(widths[-13:-7], [int(w) for w in code128.PATTERNS[checksum]])
        self.assertEqual(widths[-7:], [2, 3, 3, 1, 1, 1, 2])

    def test_every_symbol_is_eleven_modules_and_its_own(self):
        self.assertEqual(len(code128.PATTERNS), 107)
        self.assertEqual(len(set(code128.PATTERNS)), 107)
        self.assertTrue(all(sum(map(int, pattern)) == 11 for pattern in code128.PATTERNS[:-1]))

    def test_odd_runs_and_returns_to_letters(self):
        self.assertEqual(code128.values_of("1234567"), [105, 12, 34, 56, 100, 23])
        self.assertEqual(code128.values_of("A1234567"), [104, 33, 17, 99, 23, 45, 67])

    def test_refuses_what_it_cannot_say(self):
        for text in ("", "运单", "a\n"):
            with self.assertRaises(ValueError):
                code128.values_of(text)


class Film(unittest.TestCase):
    def test_is_twenty_two_seconds_with_a_key_frame_a_second(self):
        packets = picture_sizes_and_keys(film())
        self.assertEqual(len(packets), 330)
        keys = [n for n, packet in enumerate(packets) if packet["flags"].startswith("K")]
        self.assertEqual(keys, list(range(0, 330, 15)))

    def test_is_kept_where_nothing_changed(self):
        path = film()
        before = os.stat(path).st_mtime_ns
        self.assertEqual(os.stat(film()).st_mtime_ns, before)

    def test_refuses_numbers_that_no_label_carries(self):
        with tempfile.TemporaryDirectory() as scratch:
            path = os.path.join(scratch, "x.mp4")
            for number in ("", "运单号", "A1" * 40):
                made = make(number, path)
                self.assertEqual(made.returncode, 65, made.stderr)
                self.assertEqual(made.stderr.count("\n"), 1)
            self.assertEqual(os.listdir(scratch), [])


class Server(unittest.TestCase):
    def serve(self, path):
        server = subprocess.Popen([PYTHON, os.path.join(HERE, "rtsp_server.py"), "--film", path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.wait, 20)
        self.addCleanup(server.kill)
        self.addCleanup(server.stdin.close)
        return server, server.stdout.readline()

    def test_each_client_sees_the_film_from_its_start(self):
        server, line = self.serve(film())
        url = json.loads(line)["url"]
        for _ in range(2):
            packets = picture_sizes_and_keys(url, "-rtsp_transport", "tcp", "-read_intervals", "%+#20")
            self.assertGreaterEqual(len(packets), 20)
            self.assertTrue(packets[0]["flags"].startswith("K"))
        server.stdin.close()
        self.assertEqual(server.wait(20), 0)

    def test_holds_its_last_picture_instead_of_ending(self):
        with tempfile.TemporaryDirectory() as scratch:
            short = os.path.join(scratch, "short.mp4")
            subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=gray:size=320x240:rate=15:duration=1", "-c:v", "libx264",
                            "-g", "15", "-bf", "0", "-pix_fmt", "yuv420p", short], check=True, timeout=60)
            server, line = self.serve(short)
            packets = picture_sizes_and_keys(json.loads(line)["url"], "-rtsp_transport", "tcp", "-read_intervals", "%+#40")
            self.assertGreaterEqual(len(packets), 40)
            server.send_signal(signal.SIGTERM)
            self.assertEqual(server.wait(20), 0)

    def test_refuses_what_is_no_film(self):
        server, line = self.serve(os.path.join(HERE, "code128.py"))
        self.assertEqual(line, "")
        self.assertEqual(server.wait(20), 65)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=2)
