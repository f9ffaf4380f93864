"""Waiting for what comes about by itself."""

import time


def eventually(check, what="never happened", seconds=10):
    """Until ${check} is true, which must be soon; how long that took."""
    started = time.monotonic()
    while not check():
        assert time.monotonic() - started < seconds, what
        time.sleep(0.02)
    return time.monotonic() - started
