"""Executors as operators may name them."""

from concurrent.futures import Executor, ThreadPoolExecutor


def threads() -> Executor:
    """Threads of this process."""
    return ThreadPoolExecutor(2)


def nothing() -> str:
    """No executor at all."""
    return "示例"
