# graph-hunt's server: built as a wheel, installed with what the lock file for serving names, run as nobody in particular.
FROM python:3.13-slim-bookworm AS build
WORKDIR /source
COPY requirements-serve.lock .
RUN python -m venv /opt/graph-hunt && /opt/graph-hunt/bin/pip install --no-cache-dir --require-hashes -r requirements-serve.lock
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY graph_hunt graph_hunt
COPY loaders loaders
COPY queries queries
COPY api api
RUN /opt/graph-hunt/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /workspace --shell /usr/sbin/nologin hunter \
    && install -d -o hunter -g hunter /workspace
COPY --from=build /opt/graph-hunt /opt/graph-hunt
ENV PATH=/opt/graph-hunt/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    NUMBA_CACHE_DIR=/tmp/numba \
    GRAPH_HUNT_WORKSPACE=/workspace \
    GRAPH_HUNT_HOST=0.0.0.0 \
    GRAPH_HUNT_PORT=8080
USER hunter
WORKDIR /workspace
VOLUME /workspace
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD \
    ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ['GRAPH_HUNT_PORT']}/healthz\", timeout=4)"]
ENTRYPOINT ["graph-hunt"]
CMD ["serve"]
