"""A function that runs beside the program."""

import os
import signal
import time

from gongkai.runtime.side_process import run_beside

HERE = os.getpid()


def test_work_is_done_in_another_process() -> None:
    with run_beside(os.getpid) as wait:
        assert wait() != HERE


def test_work_of_a_process_that_dies_is_done_here() -> None:
    def die_elsewhere() -> str:
        if os.getpid() != HERE:
            os.kill(os.getpid(), signal.SIGKILL)
        return "done"

    with run_beside(die_elsewhere) as wait:
        assert wait() == "done"


def test_a_process_that_nobody_waits_for_is_ended() -> None:
    started = time.monotonic()
    with run_beside(lambda: time.sleep(60)):
        pass
    assert time.monotonic() - started < 30
