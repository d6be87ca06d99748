"""A real netsampler-ledger in a temporary state directory, and its requests from Python: for tests."""
import fcntl
import json
import os
import shutil
import socket
import subprocess
import tempfile

F_ADD_SEALS, SEALS = 1033, 0x1 | 0x2 | 0x4 | 0x8
ALICE = {"id": "alice", "password": "alice-password"}
BOB = {"id": "bob", "password": "bob-password"}


class Refused(Exception):
    def __init__(self, reply):
        super().__init__(reply["error"])
        self.kind = reply["kind"]


def memory_file(content, sealed=True):
    fd = os.memfd_create("test", os.MFD_ALLOW_SEALING)
    os.write(fd, content)
    if sealed:
        fcntl.fcntl(fd, F_ADD_SEALS, SEALS)
    return fd


class Ledger:
    def __init__(self, program, config=None, env=None):
        self.program = program
        self.env = env
        self.state = tempfile.mkdtemp(prefix="ledger-")
        if config is not None:
            with open(os.path.join(self.state, "netsampler.conf"), "w") as file:
                json.dump(config, file)
        self.child = None
        self.socket = None

    def path(self, *parts):
        return os.path.join(self.state, *parts)

    def start(self):
        self.child = subprocess.Popen([self.program, "--state", self.state], stdout=subprocess.PIPE, text=True, env=self.env)
        ready = self.child.stdout.readline()
        assert '"ready"' in ready, f"the ledger did not start: {ready!r}, exit {self.child.wait(10)}"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket.settimeout(60)
        self.socket.connect(self.path("run", "ledger.sock"))
        return self

    def kill(self):
        self.child.kill()
        return self._gone()

    def stop(self):
        self.child.terminate()
        return self._gone()

    def _gone(self):
        code = self.child.wait(60)
        self.child.stdout.close()
        self.socket.close()
        self.child = None
        return code

    def close(self):
        if self.child is not None:
            self.kill()
        shutil.rmtree(self.state, ignore_errors=True)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.close()

    def call(self, op, files=(), **members):
        request = {"op": op, **members}
        if files:
            request["files"] = [path for path, _ in files]
        socket.send_fds(self.socket, [json.dumps(request).encode()], [fd for _, fd in files])
        for _, fd in files:
            os.close(fd)
        reply = json.loads(self.socket.recv(1 << 18))
        if not reply["ok"]:
            raise Refused(reply)
        return reply

    def add_samplers(self):
        for login in (ALICE, BOB):
            self.call("account_add", id=login["id"], name="抽样人员 " + login["id"], password=login["password"])

    def open_case(self, case):
        return self.call("case_open", case=case, actor="alice", body={}, private={"title": "儿童玩具"})

    def open_purchase(self, case, display=":7", kind="purchase"):
        return self.call("recording_open", kind=kind, case=case, display=display, samplers=[ALICE, BOB])["recording"]

    def stop_recording(self, recording, samplers=(ALICE, BOB)):
        return self.call("recording_close", recording=recording, reason="stopped", samplers=list(samplers))

    def note(self, recording, item="39-2"):
        return self.call("append", recording=recording, type="chapter", body={"item": item, "from_us": 1})

    def waybill(self, recording, waybill):
        return self.call("append", recording=recording, type="fact", private={"value": waybill, "raw": waybill},
                         body={"page": 1, "kind": "logistics", "item": "40-1", "name": "parcel.waybill", "rect": [0, 0, 1, 1],
                               "from": "text", "confidence": 100})

    def page(self, recording, number=1, content=b"WARC/1.1"):
        return self.call("append", recording=recording, type="page", private={"url": "https://shop.test/a?id=1", "title": "商品"},
                         body={"page": number, "kind": "product", "origin": "https://shop.test", "status": 200, "responses": 1,
                               "bytes": len(content), "from_us": 1, "to_us": 2, "ended": "left"},
                         files=[(f"pages/{number}/page.warc", memory_file(content))])

    def lines(self, *parts):
        with open(self.path(*parts), "rb") as file:
            return [json.loads(line) for line in file.read().split(b"\n")[:-1]]

    def book(self, case):
        return self.lines("data", "cases", case, "book.jsonl")

    def chain(self, recording):
        return self.lines("data", "recordings", recording, "chain.jsonl")
