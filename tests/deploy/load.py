"""Readers and an owner who go on asking, and what they did not get."""

import copy
import http.client
import itertools
import threading

BREATH = 0.02  # seconds: else the load has all of a machine, and other tests none
PATHS = ("/", "/publications/", "/projects/", "/feed.xml", "/publications.bib", "/healthz", "/admin/login/")


class Load:
    """
    While in its block, `readers` threads read pages of `site` and one saves publications, each with a breath between.

    A thread reads by a connection that it keeps, for as long as the front server does. `failures` are texts: what
    was not answered by the application itself with what was to be expected; the lifeboat counts as a failure. With
    `lifeboat` nobody saves, and what it has is as good; `from_lifeboat` counts it.
    """

    def __init__(self, site, readers=3, lifeboat=False):
        self.site = site
        self.paths = PATHS[:-2] if lifeboat else PATHS
        self.lifeboat = lifeboat
        self.from_lifeboat = 0
        self.answered = self.saved = 0
        self.failures = []
        self.is_over = threading.Event()
        self.threads = [threading.Thread(target=self.read) for _ in range(readers)]
        if not lifeboat:
            self.threads.append(threading.Thread(target=self.save))

    def __enter__(self):
        self.session = self.site.log_in()
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self.is_over.set()
        for thread in self.threads:
            thread.join()

    def go_on_until(self, is_enough):
        """Wait until `is_enough()`, or until something has failed."""
        while not (is_enough() or self.failures):
            self.is_over.wait(0.05)

    def read(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=60)
        for path in itertools.cycle(self.paths):
            if self.is_over.wait(BREATH):
                break
            try:
                connection.request("GET", path)
                response = connection.getresponse()
                response.read()
                # The policy is the application's: what comes from the disk in its place has none.
                is_live = "Content-Security-Policy" in response.headers
                self.from_lifeboat += not is_live
                if response.status != 200 or not (is_live or self.lifeboat):
                    self.failures.append(f"{path}: {response.status}")
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(f"{path}: {error!r}")
                connection.close()
            self.answered += 1
        connection.close()

    def save(self):
        while not self.is_over.wait(BREATH):
            title = f"Saved {self.saved}"
            try:
                status, _ = self.site.add_publication(self.session, title)
                if status != 302:
                    self.failures.append(f"{title}: {status}")
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(f"{title}: {error!r}")
            self.saved += 1


class SlowSave:
    """The owner saves a publication on a slow line: half of the form is sent now, the other when it is finished."""

    def __init__(self, site, session):
        asked = []
        slow = copy.copy(site)
        slow.request = lambda *arguments: asked.append(arguments) or (0, "")
        slow.add_publication(session, "Slow")
        [(method, path, body, headers)] = asked
        self.connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
        self.connection.putrequest(method, path)
        for header in (headers | {"Content-Length": str(len(body))}).items():
            self.connection.putheader(*header)
        self.connection.endheaders(body[: len(body) // 2])
        self.rest = body[len(body) // 2 :]

    def finish(self):
        """Send the rest; returns the status of the answer, 302 for what is saved."""
        self.connection.send(self.rest)
        status = self.connection.getresponse().status
        self.connection.close()
        return status
