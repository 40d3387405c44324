"""nginx with a page as a file: as fast as a page can be sent."""

import getpass
import shutil

from bench.servers import Missing, Server, free_port

CONFIGURATION = """
daemon off;
user {user};
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr error;
events {{}}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000;
    open_file_cache max=100;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    default_type text/html;
    server {{
        listen 127.0.0.1:{port};
        root {folder}/site;
    }}
}}
"""


def server(folder, page):
    """nginx that serves the bytes of a page as /index.html from `folder`."""
    if not shutil.which("nginx"):
        raise Missing("nginx is not installed (bench/install_programs.sh)")
    (folder / "site").mkdir(parents=True)
    (folder / "site" / "index.html").write_bytes(page)
    configuration = folder / "nginx.conf"
    port = free_port()
    configuration.write_text(CONFIGURATION.format(user=getpass.getuser(), folder=folder, port=port))
    return Server(["nginx", "-e", "stderr", "-p", str(folder), "-c", str(configuration)], port)
