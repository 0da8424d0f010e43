"""Executors as operators may name them."""

import os
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor


def threads() -> Executor:
    """Threads of this process."""
    return ThreadPoolExecutor(2)


def mortal() -> Executor:
    """Processes that do not live long, as where memory runs out."""
    return ProcessPoolExecutor(2, initializer=os._exit, initargs=(1,))


def nothing() -> str:
    """No executor at all."""
    return "示例"
