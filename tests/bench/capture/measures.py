"""The figures besides the processor's: delay, start and stop, memory, legibility, a camera kept as it came."""
import json
import os
import statistics
import subprocess
import threading
import time

import desk as desks
import flag
import frame_times
import page
import recorders
import workloads

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))


def shades(film):
    """The flag's grey in each decoded frame, in order."""
    crop = f"crop={flag.SIDE // 2}:{flag.SIDE // 2}:{flag.X + flag.SIDE // 4}:{flag.Y + flag.SIDE // 4},scale=1:1:flags=area,format=gray"
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", film, "-vf", crop, "-fps_mode", "passthrough", "-f", "rawvideo", "-"], capture_output=True, check=True).stdout
    return [min(flag.SHADES, key=lambda shade: abs(shade - byte)) for byte in raw]  # gray is full range here, as painted


def delay(desk, directory, seconds):
    """From damage to the frame that shows it, while somebody reads: mean and 99th percentile, milliseconds."""
    ours = recorders.Ours(desk, directory)
    ours.start()
    pole = flag.Flag(desk.display)
    reader = threading.Thread(target=workloads.reading, args=(desk, seconds))
    reader.start()
    painted = pole.wave(seconds)
    reader.join()
    time.sleep(1.2)
    ours.stop()
    pole.close()
    times = [said[1] for said in frame_times.of_recording(ours.out)]
    seen = list(zip(times, shades(frame_times.film_of(ours.out)), strict=True))
    late, at = [], 0
    for when, shade in painted:
        while at < len(seen) and (seen[at][0] < when - 50_000 or seen[at][1] != shade):
            at += 1
        if at < len(seen):
            late.append(max(0, seen[at][0] - when) / 1000)
    if len(late) < len(painted) - 1:
        raise RuntimeError(f"only {len(late)} of {len(painted)} changes were recorded")
    return {"mean_ms": statistics.mean(late), "p99_ms": sorted(late)[int(len(late) * 0.99)], "changes": len(late)}


def start_and_stop(desk, directory, rounds):
    """Seconds from the program's start to its first segment in place, and from SIGTERM to its end: medians; resident memory, MiB."""
    starts, stops, peaks = [], [], []
    for turn in range(rounds):
        ours = recorders.Ours(desk, f"{directory}-{turn}")
        began = time.monotonic()
        ours.start()
        starts.append(time.monotonic() - began)
        time.sleep(2)
        peaks.append(recorders.status_kib(ours.process.pid, "VmHWM") / 1024)
        ended = time.monotonic()
        ours.stop()
        stops.append(time.monotonic() - ended)
    return {"first_segment_s": statistics.median(starts), "stop_s": statistics.median(stops), "rss_mib": max(peaks)}


def errors(read, truth):
    """Levenshtein distance by length: 0 is perfect."""
    row = list(range(len(truth) + 1))
    for i, letter in enumerate(read, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(truth, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (letter != other))
    return row[-1] / len(truth)


def read_picture(path):
    text = subprocess.run(["tesseract", path, "-", "-l", "chi_sim", "--psm", "6"], capture_output=True, text=True, check=True).stdout
    return "".join(text.split())


def legibility(desk, directory):
    """Character errors of a text recogniser on the decoded frame and on the screen itself, percent."""
    desk.show("print")
    ours = recorders.Ours(desk, directory)
    ours.start()
    time.sleep(3)
    lossless, decoded = directory + "/screen.png", directory + "/frame.png"
    part = f"crop=700:{len(page.PRINT) * 22 + 40}:0:{desks.STRIP},scale=iw*3:ih*3:flags=lanczos"  # a recogniser wants taller letters
    grab = ["ffmpeg", "-v", "error", "-f", "x11grab", "-video_size", f"{desks.WIDTH}x{desks.HEIGHT}", "-draw_mouse", "0", "-i", desk.display, "-frames:v", "1"]
    subprocess.run([*grab, "-vf", part, lossless], check=True)
    ours.stop()
    subprocess.run(["ffmpeg", "-v", "error", "-sseof", "-1", "-i", frame_times.film_of(ours.out), "-vf", part, "-update", "1", decoded], check=True)
    truth = "".join(page.PRINT)
    return {"screen_percent": 100 * errors(read_picture(lossless), truth), "frame_percent": 100 * errors(read_picture(decoded), truth)}


def camera(program, directory, seconds):
    """CPU of a network camera of 1920 × 1080 at 30 frames a second, percent of a core, and how it was taken."""
    os.makedirs(directory)
    film = directory + "/film.mp4"
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=1920x1080:rate=30", "-t", "10", "-c:v", "libx264", "-preset", "veryfast", "-tune", "zerolatency",
                    "-g", "30", "-b:v", "4M", "-pix_fmt", "yuv420p", film], check=True)
    server = subprocess.Popen(["/usr/bin/python3", ROOT + "/tests/parcel/rtsp_server.py", "--film", film], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        url = json.loads(server.stdout.readline())["url"]
        with open(directory + "/log", "wb") as log:
            taker = subprocess.Popen([program, "camera", "--input", url, "--out", directory + "/out", "--seconds", "3600", "--json"], stdout=log, stderr=log)
        deadline = time.monotonic() + 30
        while not os.path.exists(directory + "/out/000001.m4s") and time.monotonic() < deadline:
            time.sleep(0.05)
        before, since = recorders.cpu_seconds(taker.pid), time.monotonic()
        time.sleep(seconds)
        percent = 100 * (recorders.cpu_seconds(taker.pid) - before) / (time.monotonic() - since)
        desks.end(taker, 30)
    finally:
        desks.end(server)
    frames = len(frame_times.of_recording(directory + "/out"))
    return {"percent_of_a_core": percent, "frames": frames}
