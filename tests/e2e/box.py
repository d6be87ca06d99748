"""A real box for tests: Xvfb, chronyd servers on loopback, `netsampler up`, two samplers; everything of its own, ended with it."""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "support"))
from display import Display, wait_until  # noqa: E402, F401

BIN = os.environ.get("NETSAMPLER_BIN", os.path.join(ROOT, "build", "release", "bin"))
SAMPLERS = {"s1": "first secret", "s2": "second secret"}
BROWSER_FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                 "--disable-quic", "--no-first-run"]


def program(name):
    return os.path.join(BIN, name)


class NoMount(Exception):
    """This machine lets nobody mount a small disk."""


class Box:
    """`with Box() as box`: a running box in a short temporary directory, on a disk of 64 MiB where that is asked for."""

    def __init__(self, display=True, config=None, small_disk=False):
        self.directory = tempfile.mkdtemp(prefix="nsbox-")
        self.mounted = False
        self.small_disk = small_disk
        self.state = os.path.join(self.directory, "s")
        self.extra = config or {}
        self.display = Display() if display else None
        self.children = []
        self.up = None

    def __enter__(self):
        try:
            if self.small_disk:
                self.mount_small_disk()
            self.start_time_servers()
            self.start()
            for number, (name, secret) in enumerate(SAMPLERS.items()):
                self.run("sampler", "add", "--id", name, "--name", "张明李华"[number * 2:number * 2 + 2], "--credentials", "-",
                         stdin=f"{name} {secret}\n", check=True)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.stop()
        for child in reversed(self.children):
            child.terminate()
            child.wait(20)
            child.stdin.close()
            child.stdout.close()
        if self.display:
            self.display.close()
        if self.mounted:
            subprocess.run(["umount", "-l", self.state], check=False, timeout=30)
        shutil.rmtree(self.directory, ignore_errors=True)

    def mount_small_disk(self):
        os.makedirs(self.state)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", self.state], capture_output=True, text=True, timeout=30)
        if done.returncode != 0:
            raise NoMount(done.stderr.strip())
        self.mounted = True
        self.extra["minimum_free_bytes"] = 8 << 20

    def fill_disk(self):
        """Takes all but 4 MiB, less than the box wants to keep free."""
        free = os.statvfs(self.state)
        with open(os.path.join(self.state, "ballast"), "wb") as ballast:
            ballast.write(bytes(free.f_bavail * free.f_frsize - (4 << 20)))

    def start_time_servers(self):
        servers = subprocess.Popen(["/usr/bin/python3", os.path.join(ROOT, "tests", "time", "time_servers.py"), os.path.join(self.directory, "t")],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.children.append(servers)
        ready = json.loads(servers.stdout.readline())
        os.makedirs(self.state, exist_ok=True)
        config = {"time_servers": ready["servers"], "chronyd_socket": ready["socket"], "browser_flags": BROWSER_FLAGS,
                  "minimum_free_bytes": 64 << 20}
        self.config = config
        self.configure(**self.extra)

    def configure(self, **members):
        """Takes effect at the next start."""
        self.config.update(members)
        with open(os.path.join(self.state, "netsampler.conf"), "w", encoding="utf-8") as out:
            json.dump(self.config, out)

    def start(self):
        display = ["--display", self.display.name] if self.display else ["--display", ""]
        log = os.path.join(self.directory, "up.log")
        with open(log, "ab") as words:
            self.up = subprocess.Popen([program("netsampler"), "up", "--state", self.state, *display], stdout=subprocess.PIPE,
                                       stderr=words, text=True)
        line = self.up.stdout.readline()
        if not line:
            with open(log, encoding="utf-8") as words:
                raise AssertionError("netsampler up did not start: " + words.read())
        self.console = json.loads(line)["console"]

    def stop(self):
        if self.up and self.up.poll() is None:
            self.up.terminate()
            try:
                self.up.wait(60)
            except subprocess.TimeoutExpired:
                self.up.kill()
                self.up.wait()
        self.forget_up()

    def forget_up(self):
        if self.up:
            self.up.stdout.close()
        self.up = None

    def run(self, *arguments, stdin=None, check=False, timeout=120):
        """netsampler ARGUMENTS --state …; gives the finished process."""
        command = [program("netsampler"), *arguments, "--state", self.state]
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=timeout)
        if check and done.returncode != 0:
            raise AssertionError(f"{arguments}: exit {done.returncode}: {done.stderr}")
        return done

    def credentials(self):
        return "".join(f"{name} {secret}\n" for name, secret in SAMPLERS.items())

    def record(self, action, case, *more, check=False):
        return self.run("record", action, "--case", case, "--sampler", "s1", "--sampler", "s2", "--credentials", "-", "--json", *more,
                        stdin=self.credentials(), check=check)

    def processes(self, name):
        """Pids of the box's programs of that name (argv holds our state directory or ledger socket)."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    words = file.read().decode(errors="replace").split("\0")
            except OSError:
                continue
            if os.path.basename(words[0]) == name and any(self.state in word for word in words):
                found.append(int(pid))
        return found

    def kill(self, name):
        pids = self.processes(name)
        if not pids:
            raise AssertionError(f"no {name} is running")
        for pid in pids:
            os.kill(pid, signal.SIGKILL)

    def verify(self, path, *more):
        done = subprocess.run([program("netsampler-verify"), "--json", *more, path], capture_output=True, text=True, timeout=120)
        report = json.loads(done.stdout) if done.stdout.strip() else {}
        return done.returncode, report

    def policy(self):
        return os.path.join(self.state, "policy.txt")

    def recording(self, identity):
        return os.path.join(self.state, "data", "recordings", identity)


def codes(report):
    return sorted({finding["code"] for finding in report["findings"] if finding["severity"] != "note"})
