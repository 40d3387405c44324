# The site as an image: what deploy/upgrade makes of a release, with the same paths, so that deploy/Caddyfile fits.
FROM python:3.13-slim AS dependencies
COPY deploy/requirements.txt /
RUN python -m venv /opt/portfolio/venv \
    && /opt/portfolio/venv/bin/pip install --no-cache-dir --require-hashes -r /requirements.txt

FROM python:3.13-slim
RUN useradd --system --user-group --uid 990 --home-dir /var/lib/portfolio portfolio \
    && install -d -m 0750 -o portfolio -g portfolio /var/lib/portfolio /var/lib/portfolio/copy /var/backups/portfolio \
        /opt/portfolio/current/run
COPY --from=dependencies /opt/portfolio/venv /opt/portfolio/venv
WORKDIR /opt/portfolio/current
COPY . .
ENV PATH=/opt/portfolio/venv/bin:$PATH DATA_DIR=/var/lib/portfolio TRUSTED_PROXIES=unix PYTHONUNBUFFERED=1 TMPDIR=/var/tmp
RUN DATA_DIR=/tmp/collecting python manage.py collectstatic --noinput --verbosity 0 && rm -rf /tmp/collecting
USER portfolio
VOLUME ["/var/lib/portfolio", "/var/backups/portfolio", "/opt/portfolio/current/run"]
HEALTHCHECK --start-period=60s CMD ["python", "deploy/healthcheck.py"]
CMD ["deploy/start"]
