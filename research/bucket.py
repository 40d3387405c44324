"""
Uploads in a bucket of a store that speaks S3, where several machines serve the site (MEDIA_STORAGE).

As `storage.DurableStorage` for all that the site asks: a file is there whole or not at all, and when `save` returns it
is there for every machine. Readers get it from the site's own /media/ all the same, so that links stay, whatever the
store, and the bucket may be closed to everybody else. What the store does wrong is an OSError with a sentence.
"""

import io
from contextlib import contextmanager
from functools import wraps

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

from .storage import StoreUnavailable

# Newer checksums are asked for only where the operation needs them: stores other than Amazon's refuse what they do not
# know. A store that does not answer shall not hold up a visitor, nor the threads of the server, for long.
PATIENCE = {"connect_timeout": 3, "read_timeout": 20, "retries": {"mode": "standard", "total_max_attempts": 2}}
CHECKSUMS = {"request_checksum_calculation": "when_required", "response_checksum_validation": "when_required"}
# An upload is stored by one request, which the store takes whole or not at all.
ONE_REQUEST = TransferConfig(multipart_threshold=1 << 30, use_threads=False)
BUFFER_BYTES = 1 << 16


@contextmanager
def answered(name=""):
    """What the store answers to a request about a file: StoreUnavailable, or FileNotFoundError where there is none."""
    try:
        yield
    except ClientError as error:
        problem = error.response["Error"].get("Code", "")
        if problem in ("404", "NoSuchKey"):
            raise FileNotFoundError(f"There is no file {name}.") from error
        raise StoreUnavailable(f"The store of uploads refuses the request ({problem}).") from error
    except (BotoCoreError, Boto3Error) as error:
        raise StoreUnavailable("The store of uploads does not answer.") from error


def in_sentences(method):
    """The method of S3Storage, with the store's faults as `answered` has them."""

    @wraps(method)
    def asked(self, name, *arguments, **options):
        with answered(name):
            return method(self, name, *arguments, **options)

    return asked


class BucketStorage(S3Storage):
    """`endpoint_url` is the store's address; without one it is Amazon's, in the region. The bucket must be there."""

    def __init__(self, *, endpoint_url=None, addressing_style=None, **options):
        # Every store takes a bucket's name in the path; in the host, only those whose DNS and certificate know of it.
        style = addressing_style or ("path" if endpoint_url else "auto")
        config = Config(s3={"addressing_style": style}, signature_version="s3v4", **PATIENCE, **CHECKSUMS)
        super().__init__(
            endpoint_url=endpoint_url, client_config=config, transfer_config=ONE_REQUEST, default_acl=None, **options
        )

    _save = in_sentences(S3Storage._save)
    delete = in_sentences(S3Storage.delete)
    listdir = in_sentences(S3Storage.listdir)
    size = in_sentences(S3Storage.size)
    get_modified_time = in_sentences(S3Storage.get_modified_time)

    @property
    def client(self):
        return self.connection.meta.client

    def exists(self, name):
        """Whether there is such a file, or a folder: a bucket has none, only names that begin alike."""
        with answered(name):
            if super().exists(name):
                return True
            prefix = self._normalize_name(name) + "/"
            return "Contents" in self.client.list_objects_v2(Bucket=self.bucket_name, Prefix=prefix, MaxKeys=1)

    def _open(self, name, mode="rb"):
        if "r" not in mode:
            return super()._open(name, mode)
        with answered(name):
            return File(io.BufferedReader(Stored(self, self._normalize_name(name)), BUFFER_BYTES), name)

    def is_well(self):
        """Whether the bucket is there, and ours."""
        try:
            with answered():
                self.client.head_bucket(Bucket=self.bucket_name)
        except OSError:
            return False
        return True


class Stored(io.RawIOBase):
    """A file in the bucket, to be read: from any place of a large one without what lies before it."""

    def __init__(self, storage, key):
        super().__init__()
        self.ask = {"Bucket": storage.bucket_name, "Key": key}
        self.client = storage.client
        self.length = self.client.head_object(**self.ask)["ContentLength"]
        self.position = 0
        self.body = None

    def readable(self):
        return True

    def seekable(self):
        return True

    def seek(self, offset, whence=io.SEEK_SET):
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.position, io.SEEK_END: self.length}[whence]
        if start + offset != self.position:
            self.drop()
        self.position = start + offset
        return self.position

    def readinto(self, buffer):
        if self.position >= self.length:
            return 0
        with answered(self.ask["Key"]):
            if self.body is None:
                self.body = self.client.get_object(**self.ask, Range=f"bytes={self.position}-")["Body"]
            content = self.body.read(len(buffer))
        buffer[: len(content)] = content
        self.position += len(content)
        return len(content)

    def drop(self):
        """Let go of what the store is still sending."""
        if self.body is not None:
            self.body.close()
            self.body = None

    def close(self):
        self.drop()
        super().close()
