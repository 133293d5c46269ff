# Darkroom in an image: `docker build -t darkroom .`, and `--target nginx` for the server in front of it.
# The bases are arguments, so that a mirror, or another patch release, needs no edit.
ARG PYTHON_IMAGE=docker.io/library/python:3.11-slim-bookworm
ARG NGINX_IMAGE=docker.io/library/nginx:1.28-alpine


FROM ${PYTHON_IMAGE} AS build
# Node.js brings certificates of its own; behind a proxy those of the system are needed, too.
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1 \
    NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
WORKDIR /darkroom

# What changes seldom comes first, and is kept from one build to the next.
COPY requirements.txt ./
RUN python3 -m venv /venv && \
    /venv/bin/pip install --quiet --no-deps --require-hashes -r requirements.txt && \
    /venv/bin/pip uninstall --quiet --yes pip setuptools && \
    find /venv -name tests -path "*/site-packages/*/tests" -type d -prune -exec rm -rf {} +

# Node.js from PyPI installs what browsers get of others, and stays behind.
COPY requirements-node.txt package.json package-lock.json .npmrc ./
RUN python3 -m venv /node && \
    /node/bin/pip install --quiet --no-deps --require-hashes -r requirements-node.txt && \
    PATH="/node/bin:$PATH" npm ci --omit=dev --loglevel=error

COPY . ./
# The settings want a key and an address; these are in no layer, and of no use.
RUN SECRET_KEY=build-only BASE_URL=https://build.invalid DATA_DIR=/tmp/data DJANGO_SETTINGS_MODULE=cms.settings.production \
    /venv/bin/python manage.py collectstatic --noinput --verbosity 0 && \
    rm -rf node_modules /tmp/data && \
    /venv/bin/python -m compileall -q cms blog media_library


FROM ${NGINX_IMAGE} AS nginx
COPY deploy/nginx.conf /etc/nginx/nginx.conf
COPY --from=build /darkroom/static /srv/static


FROM ${PYTHON_IMAGE} AS darkroom
# Reads words in pictures. Other languages: "tesseract-ocr tesseract-ocr-deu"; "" is none at all.
ARG TESSERACT_PACKAGES="tesseract-ocr"
RUN test -z "$TESSERACT_PACKAGES" || { \
    apt-get update && \
    apt-get install --yes --quiet --no-install-recommends $TESSERACT_PACKAGES && \
    rm -rf /var/lib/apt/lists/*; }
RUN groupadd --gid 10001 darkroom && \
    useradd --uid 10001 --gid darkroom --no-create-home --home-dir /data --shell /usr/sbin/nologin darkroom && \
    install --directory --owner darkroom --group darkroom /data
COPY --from=build /venv /venv
COPY --from=build /darkroom /darkroom
ENV PATH="/venv/bin:$PATH" \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=cms.settings.production \
    LOG_FORMAT=json \
    DATA_DIR=/data \
    BIND=0.0.0.0 \
    PORT=8000
WORKDIR /darkroom
USER darkroom
VOLUME /data
EXPOSE 8000
# Of web; compose.yaml has those of the others.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python3", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]
ENTRYPOINT ["deploy/process"]
CMD ["web"]
