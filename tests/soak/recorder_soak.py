"""A screen that changes more than thirty times a second, the most that is recorded, recorded while both processors are busy: no picture lost, memory flat, the clock's map within
the error it states, and the chain verifies. recorder_soak.py --bin DIR --seconds S [--chromium] [--size WxH]. Prints its figures as JSON.

Load: one endless loop a processor at nice 19. What is asked of the machine is what a box gives: SCHED_RR for the recorder (as root or by
LimitRTPRIO); without it the test says so and asks only that what was lost is told."""
import argparse
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "capture"))
from recorder_process import Ledger, Recorder, Screen, verify  # noqa: E402

TIME_SERVERS = os.path.join(HERE, "..", "time", "time_servers.py")
PAGE = os.path.join(HERE, "moving.html")
SETTLED_S = 45         # of the recording; by then every buffer has been used
GROWTH_KIB = 6 * 1024  # what RSS may grow by after that, however long it goes on
WINDOW_S = 15


def started(stack, *arguments, **more):
    process = subprocess.Popen(arguments, **more)

    def end():
        process.kill()
        process.wait(20)
        for stream in (process.stdin, process.stdout):
            if stream:
                stream.close()
    stack.callback(end)
    return process


def rss_kib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1))


def is_round_robin(pid):
    return os.sched_getscheduler(pid) == os.SCHED_RR


def load(stack):
    for _ in range(os.cpu_count()):
        started(stack, "nice", "-n", "19", sys.executable, "-c", "while True: pass")


def mover(stack, options, display, profile):
    if not options.chromium:
        return started(stack, os.path.join(options.bin, "moving_screen"), "--display", display, "--fps", "50", stdout=subprocess.PIPE, text=True)
    width, height = options.size.split("x")
    return started(stack, "chromium", "--no-sandbox", "--no-first-run", "--disable-gpu", "--disable-background-networking", "--password-store=basic",
                   f"--user-data-dir={profile}", f"--window-size={width},{int(height) - 36}", "--window-position=0,36", "--kiosk", f"file://{PAGE}",
                   env={**os.environ, "DISPLAY": display}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def clock_off_us(record):
    """By how much a record's map from BOOTTIME to UTC differs from the kernel's own, now."""
    here_us = (time.clock_gettime_ns(time.CLOCK_REALTIME) - time.clock_gettime_ns(time.CLOCK_BOOTTIME)) // 1000
    return abs(record["at_us"] - record["boot_us"] - here_us)


def watch(recorder, seconds):
    """Most RSS in the first window after things have settled, and in the last: (KiB, KiB)."""
    begin = time.monotonic()
    early, late = 0, 0
    while (passed := time.monotonic() - begin) < seconds:
        if recorder.process.poll() is not None:
            raise AssertionError(f"the recorder ended: {recorder.errors}")
        now = rss_kib(recorder.process.pid)
        if SETTLED_S <= passed < SETTLED_S + WINDOW_S:
            early = max(early, now)
        if passed >= seconds - WINDOW_S:
            late = max(late, now)
        time.sleep(1)
    return early, late


def record(stack, options):
    scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix="soak-"))
    servers = started(stack, "/usr/bin/python3", TIME_SERVERS, os.path.join(scratch, "t"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    ready = json.loads(servers.stdout.readline())
    screen = Screen(options.size)
    stack.callback(screen.close)
    with contextlib.suppress(PermissionError):  # what is tested is the recorder: a display that starves would be told, as a gap
        os.sched_setscheduler(screen.server.pid, os.SCHED_RR, os.sched_param(5))
    program = {name: os.path.join(options.bin, "netsampler-" + name) for name in ("capture", "ledger", "verify")}
    box = stack.enter_context(Ledger(program["ledger"], {"minimum_free_bytes": 1 << 20, "time_servers": ready["servers"],
                                                        "chronyd_socket": ready["socket"]}))
    socket = box.path("run", "ledger.sock")
    measured = subprocess.run([program["capture"], "clock", "--once", "--state", box.state, "--ledger", socket], stdout=subprocess.DEVNULL, timeout=60)
    if measured.returncode != 0:
        raise AssertionError("the clock could not be measured")
    started(stack, program["capture"], "clock", "--state", box.state, "--ledger", socket, stdout=subprocess.DEVNULL)
    box.add_samplers()
    box.open_case("A1")
    identity = box.open_purchase("A1", display=screen.display)
    moving = mover(stack, options, screen.display, os.path.join(scratch, "profile"))
    recorder = Recorder(program["capture"], screen.display, "--ledger", socket, "--recording", identity, "--case", "A1")
    stack.callback(recorder.close)
    recorder.wait_for("sealed", 1, 60)
    load(stack)
    real_time = is_round_robin(recorder.process.pid)
    early_kib, late_kib = watch(recorder, options.seconds)
    if recorder.stop() != 0:
        raise AssertionError(f"the recorder: {recorder.errors}")
    moving.terminate()
    box.stop_recording(identity)
    code, report = verify(program["verify"], box.path("data", "recordings", identity), "--policy", box.path("policy.txt"))
    chain = box.chain(identity)
    segments = [r for r in chain if r["type"] == "segment"]
    clocks = [r for r in chain if r["type"] == "clock"]
    return {"seconds": options.seconds, "real_time": real_time, "frames": sum(r["frames"] for r in segments),
            "dropped": sum(r["dropped"] for r in segments), "gaps": report["gaps"], "rss_early_kib": early_kib, "rss_late_kib": late_kib,
            "cpu_seconds": recorder.events[-1]["cpu_seconds"], "clock_off_us": clock_off_us(chain[-1]), "clock_error_us": chain[-1]["err_us"],
            "clock_records": len(clocks), "clock_states": sorted({r["clock"] for r in segments}), "verdict": report["verdict"], "exit": code,
            "findings": sorted({f["code"] for f in report["findings"] if f["severity"] != "note"})}


def faults_of(told):
    """What is not as it must be, in words; empty where all is well."""
    faults = []
    if told["exit"] != 1 or "broken" in told["verdict"].lower() or not set(told["findings"]) <= {"unstamped", "no-beacon", "gap"}:
        faults.append(f"the verifier: {told['verdict']}, {told['findings']}")
    if told["rss_late_kib"] > told["rss_early_kib"] + GROWTH_KIB:
        faults.append(f"memory grew from {told['rss_early_kib']} to {told['rss_late_kib']} KiB")
    if told["clock_off_us"] > told["clock_error_us"]:
        faults.append(f"the clock's map is off by {told['clock_off_us']} us, its error says {told['clock_error_us']}")
    if told["real_time"] and (told["dropped"] > 0 or told["gaps"]):
        faults.append(f"{told['dropped']} pictures dropped, gaps {told['gaps']}")
    if told["real_time"] and told["frames"] < 10 * told["seconds"]:
        faults.append(f"only {told['frames']} frames in {told['seconds']} s of a screen that always changes")
    return faults


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--seconds", type=int, default=180)
    parser.add_argument("--chromium", action="store_true", help="Chromium moves the screen, instead of a program of ours")
    parser.add_argument("--size", default="1280x720")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        told = record(stack, options)
    print(json.dumps(told))
    faults = faults_of(told)
    for fault in faults:
        print("recorder_soak: " + fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
