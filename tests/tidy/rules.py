"""The rules as data: which folder may include which, which third-party header lives in which file, which calls are banned."""

CAPTURE_BELOW = ["evidence/base", "evidence/format", "evidence/ledger", "evidence/vision"]

# The folder list is the dependency list: folder -> folders it may include from (itself always).
LAYERS = {
    "evidence/base": [],
    "evidence/format": ["evidence/base"],
    "evidence/identifiers": ["evidence/base"],
    "evidence/timestamp": ["evidence/base", "evidence/format"],
    "evidence/stamp": ["evidence/base", "evidence/format", "evidence/ledger", "evidence/timestamp"],
    "evidence/witness": ["evidence/base", "evidence/format"],
    "evidence/verify": ["evidence/base", "evidence/format", "evidence/timestamp"],
    "evidence/ledger": ["evidence/base", "evidence/format"],
    "evidence/fsck": ["evidence/base", "evidence/format", "evidence/verify"],
    "evidence/package": ["evidence/base", "evidence/format", "evidence/ledger", "evidence/timestamp", "evidence/web"],
    "evidence/vision": ["evidence/base"],
    "evidence/web": ["evidence/base"],
    "evidence/pictures": ["evidence/base", "evidence/format", "evidence/vision"],
    "evidence/corroborate": ["evidence/base", "evidence/format", "evidence/ledger", "evidence/vision", "evidence/web"],
    "capture/media": CAPTURE_BELOW,
    "capture/clock": CAPTURE_BELOW,
    "capture/display": CAPTURE_BELOW + ["capture/media"],
    "capture/strip": CAPTURE_BELOW + ["capture/media", "capture/display"],
    "capture/camera": CAPTURE_BELOW + ["capture/media"],
    "capture/screen": CAPTURE_BELOW + ["capture/media", "capture/display", "capture/strip"],
    "capture": CAPTURE_BELOW + ["capture/camera", "capture/clock", "capture/display", "capture/media", "capture/screen"],
    "crawler": ["evidence/base", "evidence/format", "evidence/identifiers", "evidence/ledger", "evidence/vision", "evidence/web"],
    "ui": ["evidence/base", "evidence/format", "evidence/fsck", "evidence/identifiers", "evidence/ledger", "evidence/package", "evidence/timestamp", "evidence/verify"],
}

# From a folder above, only these headers of the ledger: its client and its read-only index.
LEDGER_DOORS = {"evidence/ledger/client.h", "evidence/ledger/index_reader.h"}
LEDGER_USERS = ("capture", "crawler", "ui", "evidence/corroborate", "evidence/package", "evidence/stamp")

# A third-party header -> at most this many files of one folder may include it.
QUARANTINE = {
    "sodium.h": ["evidence/base/crypto.cc", "evidence/base/bytes.cc"],
    "openssl/": ["evidence/base/crypto.cc", "evidence/timestamp/certificates.cc", "evidence/timestamp/revocation.cc",
                 "evidence/timestamp/sources.cc"],
    "nlohmann/": ["evidence/base/json.h"],
    "spdlog/": ["evidence/base/log.cc"],
    "CLI/": ["evidence/base/program.h"],
}
# Any other header in <> with one of these prefixes: one file for each folder.
ONE_FILE_PER_FOLDER = ["SQLiteCpp/", "x264.h", "qrencode.h", "libyuv", "libavdevice/", "libavformat/", "libavcodec/", "libswscale/", "ZXing/", "tesseract/",
                       "opencv2/", "cairo/", "pango/", "gumbo.h", "re2/", "curl/", "zlib.h", "archive.h"]

BANNED = [
    (r"catch\s*\(\s*\.\.\.\s*\)", "name the exception, and turn it into an Error"),
    (r"#include\s*<regex>", "re2, or a small scanner"),
    (r"\bstd::regex\b", "re2, or a small scanner"),
    (r"(?<![\w.:>])(?:std::)?system\s*\(", "Process::start (evidence/base/process.h)"),
    (r"\bpopen\s*\(", "run_and_read (evidence/base/process.h)"),
    (r"\bsleep_for\b|\busleep\s*\(|(?<![\w_.])sleep\s*\(", "wait on a condition: poll, a queue, Process::wait"),
    (r"\b(?:strcpy|strcat|sprintf|gets|strtok|rand|srand)\s*\(", "std::string, std::format-like building, random_fill"),
    (r"(?<![\w_.:>])(?:std::)?exit\s*\(", "return an Error; only main ends the program"),
    (r"\b(?:TODO|FIXME|XXX)\b", "do it, or say it in the issue's closing note"),
    (r"\bDISABLED_", "mend the test, or delete it"),
    (r"\bstd::mutex\b", "Guarded<T> or BoundedQueue (evidence/base/queue.h)"),
    (r"\bstd::(?:stoi|stol|stoll|stod)\b", "std::from_chars: no exceptions, no locale"),
]
BANNED_EXEMPT = {"evidence/base/queue.h": [r"\bstd::mutex\b"]}

MAX_FILE_LINES = 600
MAX_FUNCTION_LINES = 70
