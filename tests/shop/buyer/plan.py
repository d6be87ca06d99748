"""The plan: a JSON file that tells the officer what to buy. And the log of what happened."""
import json
import os
from dataclasses import dataclass


class PlanError(Exception):
    """The plan cannot be used; the text is one line."""


@dataclass(frozen=True)
class Plan:
    """Members of the JSON file have these names. Empty or absent members take the default.

    `go` is a file: the officer begins when it exists. `phone_pay_url` empty: somebody else pays within `pay_seconds`.
    """
    shop: str
    search: str
    product: str
    log: str
    specification: tuple = ()
    quantity: int = 1
    message: str = ""
    phone_pay_url: str = ""
    ca: str = ""
    pace: float = 1.0
    browser: str = "/usr/bin/chromium"
    browser_flags: tuple = ()
    go: str = ""
    wait_seconds: float = 20.0
    go_seconds: float = 120.0
    pay_seconds: float = 120.0


REQUIRED = ("shop", "search", "product", "log")
TEXTS = (*REQUIRED, "message", "phone_pay_url", "ca", "browser", "go")
NUMBERS = {"pace": (0.05, 5.0), "wait_seconds": (1.0, 120.0), "go_seconds": (1.0, 600.0), "pay_seconds": (1.0, 900.0)}
LISTS = ("specification", "browser_flags")


def _check(value):
    for name in REQUIRED:
        if not value.get(name):
            raise PlanError(f"{name} is missing")
    for name in set(value) - set(Plan.__dataclass_fields__):
        raise PlanError(f"{name} is not a member of a plan")
    for name in TEXTS:
        if not isinstance(value.get(name, ""), str):
            raise PlanError(f"{name} must be a text")
    for name in LISTS:
        if not isinstance(value.get(name, []), list) or any(not isinstance(one, str) for one in value.get(name, [])):
            raise PlanError(f"{name} must be a list of texts")
    for name, (low, high) in NUMBERS.items():
        number = value.get(name, low)
        if isinstance(number, bool) or not isinstance(number, (int, float)) or not low <= number <= high:
            raise PlanError(f"{name} must be a number from {low} to {high}")
    quantity = value.get("quantity", 1)
    if isinstance(quantity, bool) or not isinstance(quantity, int) or not 1 <= quantity <= 99:
        raise PlanError("quantity must be an integer from 1 to 99")


def read_plan(path):
    """The plan of a file; PlanError."""
    try:
        with open(path, encoding="utf-8") as file:
            value = json.load(file)
    except (OSError, ValueError) as error:
        raise PlanError(f"{path}: {error}") from error
    if not isinstance(value, dict):
        raise PlanError(f"{path}: not a JSON object")
    if isinstance(value.get("specification"), str):
        value["specification"] = [value["specification"]]
    try:
        _check(value)
    except PlanError as error:
        raise PlanError(f"{path}: {error}") from error
    return Plan(**value | {name: tuple(value[name]) for name in LISTS if name in value})


class Log:
    """JSON lines, each written at once: {"step","zh","en"}, at the end {"done",…} or {"failed"}. Begun anew by every officer."""

    def __init__(self, path):
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def write(self, **line):
        """One line."""
        os.write(self._fd, json.dumps(line, ensure_ascii=False).encode("utf-8") + b"\n")
