"""A ledger for tests of the crawler: answers appends, keeps what came. Checks what every ledger must: sealed files, dense pages."""
import array
import fcntl
import json
import os
import socket
import threading

SEALS = 0x2 | 0x4 | 0x8  # F_SEAL_SHRINK, GROW, WRITE
F_GET_SEALS = 1034


class Ledger:
    def __init__(self, folder):
        self.path = os.path.join(folder, "ledger.sock")
        self.records, self.files, self.refuse, self.peers = [], {}, None, []
        self.changed = threading.Condition()
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.listener.bind(self.path)
        self.listener.listen(4)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            self.peers.append(peer)
            threading.Thread(target=self.serve, args=(peer,), daemon=True).start()

    def serve(self, peer):
        while True:
            try:
                data, rights, _, _ = peer.recvmsg(1 << 18, socket.CMSG_SPACE(4 * 32))
            except OSError:
                return
            if not data:
                return
            numbers = array.array("i")
            for _, _, part in rights:
                numbers.frombytes(part[:len(part) - len(part) % 4])
            reply = json.dumps(self.answer(json.loads(data), list(numbers))).encode()
            try:
                peer.sendall(reply)
            except OSError:
                return

    def answer(self, request, descriptors):
        contents = []
        for fd in descriptors:
            with os.fdopen(fd, "rb") as file:
                if fcntl.fcntl(fd, F_GET_SEALS) & SEALS != SEALS:
                    return {"ok": False, "kind": "invalid", "error": "not sealed"}
                contents.append(os.pread(fd, os.fstat(fd).st_size, 0))
        with self.changed:
            if self.refuse and request.get("type") == self.refuse:
                return {"ok": False, "kind": "io", "error": "the disk is gone"}
            self.records.append(request)
            self.files.update(zip(request.get("files", []), contents))
            self.changed.notify_all()
            return {"ok": True, "seq": len(self.records), "head": "0" * 64, "at_us": 1}

    def of(self, kind):
        with self.changed:
            return [record for record in self.records if record.get("type") == kind]

    def wait_for(self, condition, seconds=90):
        with self.changed:
            return self.changed.wait_for(condition, seconds)

    def die(self):
        self.stop()
        for peer in self.peers:
            peer.shutdown(socket.SHUT_RDWR)

    def stop(self):
        self.listener.close()
