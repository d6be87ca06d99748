#!/usr/bin/env python3
"""What the ledger costs on this disk: the disk's own fdatasync beside one append alone, appends of many producers at once, and the time
from `stop` to a sealed recording of few and of many records. Usage: ledger.py NETSAMPLER-LEDGER [--out FILE.json] [--seconds S] [--sync-delay-us N]
The state directory lies in TMPDIR: point that at the disk in question. --sync-delay-us emulates a disk (needs cc): every sync takes at least that
long, syncs at the same time do not wait for each other; with TMPDIR=/dev/shm nothing else is in it. Prints a table; ratios are of one run.
`_cpu_ms` is what the ledger computed for a record, `_queued_ms` how long it stood ready while other programs had the processors."""
import argparse
import json
import os
import selectors
import socket
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "evidence", "ledger"))
from ledger_process import Ledger, memory_file  # noqa: E402

ROOM = {"minimum_free_bytes": 1 << 20, "clock_limit_us": 60_000_000}
CHAPTER = {"item": "39-2", "from_us": 1}
LINE = b"x" * 600  # about one record


def median_ms(times):
    return statistics.median(times) * 1000


def disk_sync(seconds):
    """A line appended and synced, again and again: what no ledger can undercut."""
    times = []
    with tempfile.NamedTemporaryFile() as file:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            begin = time.monotonic()
            os.write(file.fileno(), LINE)
            os.fdatasync(file.fileno())
            times.append(time.monotonic() - begin)
    return median_ms(times)


def schedule(box):
    """{computed, ready but not computing} of the ledger's main thread so far, in ms."""
    with open(f"/proc/{box.child.pid}/schedstat", encoding="ascii") as file:
        return [int(word) / 1e6 for word in file.read().split()[:2]]


def one_alone(box, recording, seconds, private):
    """{median, computed, queued} of an append, in ms."""
    times, before = [], schedule(box)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        begin = time.monotonic()
        if private:
            box.waybill(recording, "YT1234567890")
        else:
            box.note(recording)
        times.append(time.monotonic() - begin)
    spent = [(now - then) / len(times) for now, then in zip(schedule(box), before)]
    return [median_ms(times)] + spent


def many_at_once(box, recordings, producers, seconds, private=False):
    """Each producer has one request under way; records a second over all."""
    chosen = selectors.DefaultSelector()
    record = {"type": "mark", "body": {"from_us": 1}, "private": {"note": "x"}} if private else {"type": "chapter", "body": CHAPTER}
    requests = [json.dumps({"op": "append", "recording": r, **record}).encode() for r in recordings]
    for i in range(producers):
        peer = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        peer.connect(box.path("run", "ledger.sock"))
        chosen.register(peer, selectors.EVENT_READ, requests[i % len(requests)])
        peer.send(requests[i % len(requests)])
    count, begin = 0, time.monotonic()
    while time.monotonic() - begin < seconds:
        for key, _ in chosen.select(1):
            reply = key.fileobj.recv(1 << 16)
            assert b'"ok":true' in reply, reply
            count += 1
            key.fileobj.send(key.data)
    wall = time.monotonic() - begin
    for key in list(chosen.get_map().values()):
        key.fileobj.recv(1 << 16)
        key.fileobj.close()
    return count / wall


def segment(box, recording, no, content):
    body = {"source": "screen", "no": no, "key": True, "frames": 60, "dropped": 0, "heartbeats": 0, "longest_us": 33000, "first_pts": no * 180000,
            "last_pts": no * 180000 + 177000, "last_duration": 3000, "first_us": no * 2000000, "last_us": no * 2000000 + 1966666}
    box.call("append", recording=recording, type="segment", body=body, files=[(f"media/screen/{no:06}.m4s", memory_file(content))])


def stop_after(box, segments):
    """Seconds from `stop` to the receipt of `close`, of a recording of so many segments and as many other records."""
    recording = box.call("recording_open", kind="unboxing")["recording"]
    box.call("append", recording=recording, type="source", files=[("media/screen/init.mp4", memory_file(b"init"))],
             body={"source": "screen", "medium": "screen", "width": 64, "height": 64, "codec": "h264", "time_base": 90000, "start_us": 0,
                   "mode": "encoded"})
    for no in range(segments):
        segment(box, recording, no, b"s" * 4096)
        box.note(recording)
    begin = time.monotonic()
    box.call("recording_close", recording=recording, reason="stopped")
    return time.monotonic() - begin


def run_on_slow_disk(delay_us):
    """This same program again, and all that it starts, with slow syncs; returns only by ending."""
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sync_delay.c")
    with tempfile.TemporaryDirectory() as directory:
        library = os.path.join(directory, "sync_delay.so")
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", library, source], check=True)
        slow = {**os.environ, "LD_PRELOAD": library, "SYNC_DELAY_US": str(delay_us)}
        sys.exit(subprocess.run([sys.executable, *sys.argv], env=slow, check=False).returncode)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ledger")
    parser.add_argument("--out")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--many", type=int, default=5000)
    parser.add_argument("--sync-delay-us", type=int)
    options = parser.parse_args()
    if options.sync_delay_us is not None and "SYNC_DELAY_US" not in os.environ:
        run_on_slow_disk(options.sync_delay_us)
    with Ledger(options.ledger, ROOM) as box:
        recordings = [box.call("recording_open", kind="unboxing")["recording"] for _ in range(4)]
        found = {"disk_sync_ms": disk_sync(options.seconds)}
        for name in ("alone", "alone_private"):
            spent = one_alone(box, recordings[0], options.seconds, private=name == "alone_private")
            found[f"{name}_ms"], found[f"{name}_cpu_ms"], found[f"{name}_queued_ms"] = spent
        found["disk_sync_after_ms"] = disk_sync(options.seconds)
        sync = statistics.mean([found["disk_sync_ms"], found["disk_sync_after_ms"]])
        found["alone_in_syncs"] = found["alone_ms"] / sync
        found["alone_private_in_syncs"] = found["alone_private_ms"] / sync
        for producers, of in ((1, 1), (16, 1), (48, 1), (48, 4)):
            found[f"records_per_s_{producers}_into_{of}"] = many_at_once(box, recordings[:of], producers, options.seconds)
        found["records_per_s_private_48_into_4"] = many_at_once(box, recordings, 48, options.seconds, private=True)
        found["stop_10_s"] = stop_after(box, 10)
        found[f"stop_{options.many}_s"] = stop_after(box, options.many)
    for name, value in found.items():
        print(f"{name:28} {value:10.3f}")
    if options.out:
        with open(options.out, "w", encoding="utf-8") as file:
            json.dump(found, file, indent=1)


if __name__ == "__main__":
    main()
