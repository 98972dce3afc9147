"""One line an event on standard error: time, level, room, words. No report's content and no secret is ever logged."""

import logging
import sys


def start(role: str, level: str = "INFO") -> None:
    """Set up logging for a role's process."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        logging.Formatter(f"%(asctime)s %(levelname)s {role} %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S%z")
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("nats", "uvicorn.access", "uvicorn.error", "faststream", "httpx", "httpcore"):
        logging.getLogger(noisy).setLevel("WARNING")
