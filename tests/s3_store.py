"""
A real store that speaks S3, for as long as tests need it: OpenStack Swift, of Debian's packages.

It runs as one process, and checks signatures; docs/decisions.md says what else was looked at.
"""

import subprocess
import tempfile
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import boto3
from botocore.config import Config

PYTHON = Path("/usr/bin/python3")  # Debian's, for which its packages are
SWIFT = Path("/usr/lib/python3/dist-packages/swift")
KEYS = {"AWS_ACCESS_KEY_ID": "site:owner", "AWS_SECRET_ACCESS_KEY": "secret-of-the-owner"}
_number = count(1)


class Missing(Exception):
    """There is no Swift on this machine; the text says what to do."""


class Bucket(NamedTuple):
    """A bucket: its name, and a client of boto3 that may do everything."""

    name: str
    endpoint: str
    client: object

    @property
    def url(self):
        """What MEDIA_STORAGE is for it."""
        return f"s3://{self.name}?{urlencode({'endpoint_url': self.endpoint, 'region': 'us-east-1'})}"

    def names(self):
        """The names of all files in it."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name)
        return {entry["Key"] for page in pages for entry in page.get("Contents", ())}


@contextmanager
def running():
    """A function that makes a new Bucket in a store of its own; the store ends with the block."""
    if not SWIFT.is_dir():
        raise Missing("These tests need OpenStack Swift. Install it: apt-get install python3-swift")
    with tempfile.TemporaryDirectory(prefix="swift-") as folder:
        command = [str(PYTHON), str(Path(__file__).with_name("swift_server.py")), folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                port = server.stdout.readline().strip()
                assert port, "Swift has not started; what it says is above"
                yield lambda: bucket(f"http://127.0.0.1:{port}")
            finally:
                server.terminate()


def bucket(endpoint):
    made = Bucket(f"bucket{next(_number)}", endpoint, client(endpoint))
    made.client.create_bucket(Bucket=made.name)
    return made


def client(endpoint):
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        config=Config(s3={"addressing_style": "path"}, request_checksum_calculation="when_required"),
    )
