"""Starts MiniStack with two things that AWS does and MiniStack 1.5.33 does not.

On AWS the "Object Created" event of a versioned bucket carries `version-id`
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html); without it two uploads under one key cannot be told
apart. The engine knows the id, since it puts it into S3 event notifications, but leaves it out of EventBridge events.
Where it is missing it is added here, and said so, once.

On AWS every line that a function writes reaches its log group. The engine stops reading 5 ms after the last line, after 50 ms without any,
and after 250 ms in any case, which on a busy machine is too soon: what comes later waits for the next invocation of the same process, if there
is one. Here it waits ten times as long.
"""

import contextvars
import json

from ministack.app import main
from ministack.core import lambda_runtime
from ministack.services import eventbridge, s3

fire_s3_event = s3._fire_s3_event
dispatch_event = eventbridge._dispatch_event
version_of_event = contextvars.ContextVar("version_of_event", default=None)
told = False
PATIENCE = {"first_line_wait": 0.5, "idle_confirm": 0.05, "hard_cap": 2.5}


def fire_remembering_version(*args, **kwargs):
    token = version_of_event.set(kwargs.get("version_id"))
    try:
        fire_s3_event(*args, **kwargs)
    finally:
        version_of_event.reset(token)


def dispatch_with_version(event, *args, **kwargs):
    version = version_of_event.get()
    if event.get("Source") == "aws.s3" and version is not None:
        event = with_version(event, version)
    return dispatch_event(event, *args, **kwargs)


def with_version(event, version):
    global told
    detail = json.loads(event["Detail"])
    if "version-id" in detail["object"]:
        return event
    if not told:
        print("worked around: the engine's EventBridge events of S3 lack version-id; added (demo/engine/start_ministack.py)", flush=True)
        told = True
    detail["object"]["version-id"] = version
    return {**event, "Detail": json.dumps(detail)}


def patiently(drain):
    return lambda worker, *args, **kwargs: drain(worker, *args, **{**PATIENCE, **kwargs})


s3._fire_s3_event = fire_remembering_version
eventbridge._dispatch_event = dispatch_with_version
lambda_runtime.Worker._drain_stderr_bounded = patiently(lambda_runtime.Worker._drain_stderr_bounded)
main()
