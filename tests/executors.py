"""Executor factories that tests name on the command line, as operators do."""

import os
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor


def threads() -> Executor:
    """Return an executor of two threads."""
    return ThreadPoolExecutor(2)


def mortal() -> Executor:
    """Return an executor whose processes exit at once, as when memory runs out."""
    return ProcessPoolExecutor(2, initializer=os._exit, initargs=(1,))


def nothing() -> str:
    """Return a string instead of an executor."""
    return "示例"
