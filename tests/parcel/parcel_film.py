"""A film of a parcel, for the demo and the tests: closed with its waybill, opened, counted, sealed. 22 s, 1280×720, 15 frames a second.

parcel_film.py --waybill SF1390000000000 --out FILE.mp4 [--date YYYY-MM-DD]
FILE is kept where it was made from the same number, date and scripts before. H.264, a key frame a second, no B-frames; the last
two seconds stand still, so that a server may repeat the last second for ever. Exit codes: 0, 65 unusable number, 1 could not.
"""
import argparse
import hashlib
import os
import subprocess
import sys

import scene

FRAMES_PER_SECOND, SECONDS = 15, 22
SEALS = (("检验样品", "CQ-2026-003901"), ("备用样品", "CQ-2026-003902"))
CAPTIONS = ((0, "① 外包装完好 · 运单清晰"), (7, "② 拆封"), (11.5, "③ 清点：2 件 · 外观完好"), (16.5, "④ 封样：检验样品 · 备用样品"))


def eased(t, begin, end):
    """0 before begin, 1 after end, smooth between."""
    x = min(1.0, max(0.0, (t - begin) / (end - begin)))
    return x * x * (3 - 2 * x)


def between(a, b, x):
    return round(a[0] + (b[0] - a[0]) * x), round(a[1] + (b[1] - a[1]) * x)


class Film:
    def __init__(self, number, date):
        self.table = scene.table()
        self.closed, self.open = scene.closed_parcel(number), scene.open_parcel()
        self.product, self.left, self.right = scene.product(), scene.hand(), scene.hand(mirrored=True)
        self.cards = [scene.number_card(n) for n in (1, 2)]
        self.captions = [(begin, scene.caption_card(text)) for begin, text in CAPTIONS]
        self.bags = [scene.bag(title, seal, date) for title, seal in SEALS]

    def frame(self, t):
        picture = self.table.copy()
        if t < 16.5:
            self.parcel(picture, t)
        else:
            self.sealing(picture, t)
        caption = [card for begin, card in self.captions if begin <= t][-1]
        self.put(picture, caption, ((scene.WIDTH - caption.width) // 2, -4))
        return picture

    @staticmethod
    def put(picture, piece, place):
        picture.paste(piece, place, piece)

    def centred(self, piece, dy=26):
        return (scene.WIDTH - piece.width) // 2, (scene.HEIGHT - piece.height) // 2 + dy

    def parcel(self, picture, t):
        if t < 9:
            self.put(picture, self.closed, self.centred(self.closed))
        else:
            self.put(picture, self.open, self.centred(self.open))
            self.goods(picture, t)
        if 7 <= t < 11:
            self.hands(picture, eased(t, 7, 8.2) - eased(t, 9.8, 11), spread=eased(t, 8.2, 9.6))

    def hands(self, picture, reach, spread):
        y = round(scene.HEIGHT - 470 * reach)
        self.put(picture, self.left, (round(400 - 260 * spread), y))
        self.put(picture, self.right, (round(590 + 260 * spread), y))

    def goods(self, picture, t):
        for n, inside, outside in ((0, (340, 250), (180, 210)), (1, (630, 250), (730, 210))):
            moved = eased(t, 12 + 2 * n, 13.2 + 2 * n)
            place = between(inside, outside, moved)
            self.put(picture, self.product, place)
            if moved >= 1:
                self.put(picture, self.cards[n], (place[0] + 110, place[1] + 250))
            elif moved > 0:
                self.put(picture, self.right, (place[0] + 60, place[1] + 150))

    def sealing(self, picture, t):
        for n, x in ((0, 50), (1, 650)):
            arrived = eased(t, 16.5 + 1.2 * n, 17.5 + 1.2 * n)
            if arrived > 0:
                self.put(picture, self.bags[n], (x, round(scene.HEIGHT - (scene.HEIGHT - 120) * arrived)))


def encode(film, path):
    command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{scene.WIDTH}x{scene.HEIGHT}",
               "-r", str(FRAMES_PER_SECOND), "-i", "-", "-c:v", "libx264", "-preset", "superfast", "-crf", "20", "-pix_fmt", "yuv420p",
               "-bf", "0", "-g", str(FRAMES_PER_SECOND), "-keyint_min", str(FRAMES_PER_SECOND), "-sc_threshold", "0",
               "-profile:v", "baseline", "-threads", "1", "-f", "mp4", path]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:
        for n in range(FRAMES_PER_SECOND * SECONDS):
            encoder.stdin.write(film.frame(n / FRAMES_PER_SECOND).tobytes())
        encoder.stdin.close()
        return encoder.wait()


def key_of(number, date):
    digest = hashlib.sha256(f"{number}\n{date}\n".encode())
    here = os.path.dirname(os.path.abspath(__file__))
    for name in ("parcel_film.py", "scene.py", "code128.py"):
        with open(os.path.join(here, name), "rb") as source:
            digest.update(source.read())
    return digest.hexdigest()


def is_kept(path, key):
    try:
        with open(path + ".key", encoding="ascii") as mark:
            return mark.read() == key and os.path.getsize(path) > 0
    except OSError:
        return False


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--waybill", "--number", dest="number", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--date", default="2026-11-22")
    options = parser.parse_args()
    key = key_of(options.number, options.date)
    if is_kept(options.out, key):
        return 0
    try:
        film = Film(options.number, options.date)
    except ValueError as error:
        print(f"parcel_film: {error}", file=sys.stderr)
        return 65
    partial = f"{options.out}.{os.getpid()}.partial"
    if encode(film, partial) != 0:
        print("parcel_film: ffmpeg failed (is the package ffmpeg installed?)", file=sys.stderr)
        return 1
    os.replace(partial, options.out)
    with open(options.out + ".key", "w", encoding="ascii") as mark:
        mark.write(key)
    return 0


if __name__ == "__main__":
    sys.exit(main())
