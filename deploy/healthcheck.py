"""Ends with status 0 where the site in this container says that it is well."""

import os
import socket
import sys
from urllib.parse import urlsplit

site = urlsplit(os.environ.get("SITE_URL", "http://127.0.0.1:8000"))
request = (
    f"GET /healthz HTTP/1.0\r\nHost: {site.netloc}\r\nX-Forwarded-Proto: {site.scheme}\r\nConnection: close\r\n\r\n"
)
with socket.socket(socket.AF_UNIX) as peer:
    peer.settimeout(10)
    try:
        peer.connect("run/web.sock")
        peer.sendall(request.encode())
        answer = peer.makefile("rb").read()
    except OSError as error:
        sys.exit(f"The site does not answer: {error}.")
status = answer.decode(errors="replace").partition("\r\n")[0]
if " 200 " not in status:
    sys.exit(f"The site is not well: {status or 'no answer'}")
