"""What the frames of a stand-alone recording say of themselves (docs/evidence-format.md, section 16)."""
import glob
import os

ID = bytes.fromhex("97f3a74835334a1db1422c0d6b118369")


def messages(bytes_):
    at = bytes_.find(ID)
    while at >= 0:
        at += len(ID)
        plain, zeros, i = bytearray(), 0, at
        while len(plain) < 32:
            byte = bytes_[i]
            i += 1
            if zeros == 2 and byte == 3:
                zeros = 0
                continue
            plain.append(byte)
            zeros = zeros + 1 if byte == 0 else 0
        yield tuple(int.from_bytes(plain[8 * k:8 * k + 8], "big") for k in range(4))
        at = bytes_.find(ID, i)


def of_recording(directory):
    """[(number, boot_us, utc_us, error_us)…] of all segments in order."""
    found = []
    for path in sorted(glob.glob(directory + "/[0-9]*.m4s")):
        with open(path, "rb") as segment:
            found += messages(segment.read())
    return found


def film_of(directory):
    """One file of header and segments, for ffmpeg."""
    path = directory + "/film.mp4"
    with open(path, "wb") as film:
        for part in [directory + "/init.mp4", *sorted(glob.glob(directory + "/[0-9]*.m4s"))]:
            with open(part, "rb") as piece:
                film.write(piece.read())
    return path if os.path.getsize(path) > 0 else None
