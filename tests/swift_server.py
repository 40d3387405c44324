"""
OpenStack Swift with its S3 interface in one process, run by Debian's Python: ``tests/swift_server.py FOLDER``.

It keeps the lists of buckets in FOLDER and the content of files in memory, checks signatures, and prints its port.
"""

import sys
from array import array
from pathlib import Path

import eventlet

eventlet.monkey_patch()

from eventlet import wsgi  # noqa: E402 - eventlet is told first what to replace; so are those below
from swift.account.server import AccountController  # noqa: E402
from swift.common import utils  # noqa: E402
from swift.common.ring import RingData  # noqa: E402
from swift.common.wsgi import loadapp  # noqa: E402
from swift.container.server import ContainerController  # noqa: E402
from swift.obj.mem_server import ObjectController  # noqa: E402

PARTS = {"account": AccountController, "container": ContainerController, "object": ObjectController}
FILTERS = "catch_errors gatekeeper listing_formats bulk s3api tempauth slo dlo versioned_writes"
PROXY = """
[DEFAULT]
swift_dir = {folder}
log_level = ERROR
[pipeline:main]
pipeline = cache proxy-logging {filters} proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:cache]
paste.filter_factory = __main__:memory
[filter:proxy-logging]
use = egg:swift#proxy_logging
"""
OWNER = "user_site_owner = secret-of-the-owner .admin\n"


class Memory:
    """What Swift asks of memcached."""

    def __init__(self):
        self.kept = {}

    def get(self, key, *arguments, **options):
        return self.kept.get(key)

    def set(self, key, value, *arguments, **options):
        self.kept[key] = value

    def delete(self, key, *arguments, **options):
        self.kept.pop(key, None)


def memory(settings, **own):
    """A filter of the pipeline, as PasteDeploy makes it."""
    cache = Memory()

    def around(application):
        return lambda environ, start_response: application(environ | {"swift.cache": cache}, start_response)

    return around


def quiet_server(socket, application):
    with Path("/dev/null").open("w") as log:
        wsgi.server(socket, application, log)


def main(folder):
    utils.HASH_PATH_SUFFIX, utils.SWIFT_CONF_FILE = b"tests", "/nonexistent"  # not this machine's /etc/swift
    settings = {"devices": str(folder / "devices"), "swift_dir": str(folder), "mount_check": "false"}
    (folder / "devices" / "one").mkdir(parents=True)
    for name, controller in PARTS.items():
        socket = eventlet.listen(("127.0.0.1", 0))
        ip, port = socket.getsockname()
        device = {"id": 0, "zone": 0, "region": 1, "device": "one", "weight": 1.0, "meta": "", "ip": ip, "port": port}
        device |= {"replication_ip": ip, "replication_port": port}
        RingData([array("H", [0])], [device], 32).save(str(folder / f"{name}.ring.gz"))
        eventlet.spawn(quiet_server, socket, controller(settings | {"log_level": "ERROR"}))
    config = PROXY.format(folder=folder, filters=FILTERS)
    config += "".join(f"[filter:{name}]\nuse = egg:swift#{name}\n" for name in FILTERS.split() if name != "tempauth")
    (folder / "proxy.conf").write_text(f"{config}[filter:tempauth]\nuse = egg:swift#tempauth\n{OWNER}")
    front = eventlet.listen(("127.0.0.1", 0))
    print(front.getsockname()[1], flush=True)
    quiet_server(front, loadapp(str(folder / "proxy.conf")))


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
