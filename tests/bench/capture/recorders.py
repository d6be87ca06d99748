"""The recorders that are compared, each started and ended the same way, with its processor time read from the kernel."""
import os
import subprocess
import time

from desk import HEIGHT, WIDTH, end

SSR = """[input]
audio_enabled=false
video_area=screen
video_area_screen=0
video_frame_rate=30
video_h={height}
video_record_cursor=true
video_scale=false
video_w={width}
video_x=0
video_y=0
[output]
add_timestamp=false
container=mkv
file={file}
separate_files=false
video_allow_frame_skipping=true
video_codec=h264
video_h264_crf=23
video_h264_preset=1
[record]
hotkey_enable=false
preview_frame_rate=1
[welcome]
skip_page=true
"""


def cpu_seconds(pid):
    """User and system time of all threads of a running process: its processor-time clock."""
    return time.clock_gettime((~pid << 3) | 2)


def status_kib(pid, member):
    with open(f"/proc/{pid}/status", encoding="ascii") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith(member + ":"))


class Recorder:
    name = ""

    def __init__(self, desk, directory):
        self.desk, self.directory = desk, directory
        os.makedirs(directory)

    def command(self):
        raise NotImplementedError

    def start(self):
        with open(self.directory + "/log", "wb") as log:
            self.process = subprocess.Popen(self.command(), env=self.desk.environment, stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + 60
        while not self.records():
            if self.process.poll() is not None or time.monotonic() > deadline:
                with open(self.directory + "/log", encoding="utf-8", errors="replace") as log:
                    raise RuntimeError(f"{self.name} does not record: {log.read()[-600:]}")
            time.sleep(0.01)

    def records(self):
        """Something of the recording is on the disk."""
        return os.path.exists(self.file) and os.path.getsize(self.file) > 0

    def stop(self):
        return end(self.process, 30)


class Ours(Recorder):
    name = "netsampler-capture"
    program = ""

    def command(self):
        self.out = self.directory + "/out"
        self.file = self.out + "/000000.m4s"
        return [self.program, "screen", "--display", self.desk.display, "--out", self.out, "--seconds", "3600", "--case", "C-1", "--samplers", "张三、李四", "--json"]


class Ffmpeg(Recorder):
    name = "ffmpeg x11grab"

    def command(self):
        self.file = self.directory + "/film.mkv"
        return ["ffmpeg", "-hide_banner", "-nostats", "-loglevel", "error", "-f", "x11grab", "-framerate", "30", "-video_size", f"{WIDTH}x{HEIGHT}", "-draw_mouse", "1",
                "-i", self.desk.display, "-c:v", "libx264", "-preset", "ultrafast", "-qp", "20", "-pix_fmt", "yuv420p", "-flush_packets", "1", "-y", self.file]


class Ssr(Recorder):
    name = "SimpleScreenRecorder"

    def command(self):
        self.file = self.directory + "/film.mkv"
        settings = self.directory + "/settings.conf"
        with open(settings, "w", encoding="ascii") as out:
            out.write(SSR.format(width=WIDTH, height=HEIGHT, file=self.file))
        return ["simplescreenrecorder", f"--settingsfile={settings}", "--start-hidden", "--no-systray", "--start-recording"]

    def stop(self):
        self.process.stdin.write(b"record-save\nquit\n")
        self.process.stdin.close()
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            return end(self.process)


ALL = {"ours": Ours, "ffmpeg": Ffmpeg, "ssr": Ssr}


def frames_a_second(film):
    """What a recorder of steady 30 frames a second really took: less where the machine starved it."""
    asked = ["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "packet=pts_time", "-of", "csv=p=0", film]
    times = sorted(float(line.strip(",")) for line in subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split() if line.strip(",") != "N/A")
    return (len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 else 0.0


def cost(recorder, work, seconds):
    """CPU seconds per recorded second while `work(desk, seconds)` runs, after a second of settling; the most resident memory; frames a second
    (none of ours: it takes a picture when something has changed)."""
    recorder.start()
    time.sleep(1)
    pid, from_cpu, from_s = recorder.process.pid, cpu_seconds(recorder.process.pid), time.monotonic()
    work(recorder.desk, seconds)
    spent = (cpu_seconds(pid) - from_cpu) / (time.monotonic() - from_s)
    peak_kib = status_kib(pid, "VmHWM")
    recorder.stop()
    return spent, peak_kib, None if isinstance(recorder, Ours) else frames_a_second(recorder.file)
