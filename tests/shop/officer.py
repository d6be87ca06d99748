#!/usr/bin/python3
"""The demo's officer, given to netsampler-crawl as --browser: starts Chromium, passes the recorder's DevTools messages on, and buys.

Descriptor 3 carries the recorder's commands, 4 the browser's answers, as with any browser started by --remote-debugging-pipe.
NETSAMPLER_OFFICER_PLAN names the plan (see buyer/plan.py). The exit code is Chromium's.
"""
import fcntl
import os
import select
import signal
import sys

from buyer.link import BrowserGone, CallFailed, Link
from buyer.plan import Log, PlanError, read_plan
from buyer.purchase import Failed, Purchase

EXIT_USAGE, EXIT_INPUT, EXIT_FAILED = 64, 65, 1
VARIABLE = "NETSAMPLER_OFFICER_PLAN"
PIPES_FROM_FD = 10
EXIT_SECONDS = 10


def complain(text):
    """One line on stderr."""
    print(f"officer: {text}", file=sys.stderr)


def take(fd):
    """Moves a descriptor out of the way of 3 and 4, closed on exec."""
    moved = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, PIPES_FROM_FD)
    os.close(fd)
    return moved


def start_browser(plan, arguments, recorder_in, recorder_out):
    """(pid, link): Chromium with the recorder's arguments on pipes of its own."""
    command_read, command_write = (take(fd) for fd in os.pipe())
    answer_read, answer_write = (take(fd) for fd in os.pipe())
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
    pid = os.posix_spawn(plan.browser, [plan.browser, *plan.browser_flags, *arguments], environment,
                         file_actions=[(os.POSIX_SPAWN_DUP2, command_read, 3), (os.POSIX_SPAWN_DUP2, answer_write, 4)],
                         setsigdef=[signal.SIGTERM, signal.SIGINT])
    for fd in (command_read, answer_write):
        os.close(fd)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _: os.kill(pid, received))
    return pid, Link(recorder_in, recorder_out, answer_read, command_write)


def buy(link, plan, log):
    """Tells the log how it ended."""
    try:
        log.write(done=True, **Purchase(link, plan, log).run())
    except (Failed, CallFailed, BrowserGone) as error:
        log.write(failed=str(error))


def exit_code(pid):
    """Chromium's, once it has ended; it is killed when its pipe is closed and it stays."""
    ended = select.poll()
    ended.register(os.pidfd_open(pid), select.POLLIN)
    if not ended.poll(EXIT_SECONDS * 1000):
        os.kill(pid, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return code if code >= 0 else 128 - code


def main(arguments):
    """Exit code."""
    path = os.environ.get(VARIABLE)
    if not path:
        complain(f"{VARIABLE} is not set: it must name a plan")
        return EXIT_USAGE
    try:
        recorder = take(3), take(4)   # before anything else is opened that could take these numbers
        plan = read_plan(path)
        log = Log(plan.log)
        pid, link = start_browser(plan, arguments, *recorder)
    except PlanError as error:
        complain(f"the plan cannot be used: {error}")
        return EXIT_INPUT
    except OSError as error:
        complain(f"cannot stand between the recorder (descriptors 3 and 4) and the browser: {error}")
        return EXIT_FAILED
    buy(link, plan, log)
    while not link.over:
        link.turn(5)
    return exit_code(pid)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
