# What the pages need from others
FROM node:24-bookworm-slim AS pages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM python:3.13-slim-bookworm
ENV PYTHONUNBUFFERED=1 \
    DATA_DIR=/data \
    SANDBOX=0
RUN useradd --uid 10001 --create-home tuneboard && install -d -o tuneboard -m 700 /data
WORKDIR /app
COPY requirements/run.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/run.txt
COPY --from=pages /app/node_modules node_modules
COPY manage.py ./
COPY dashboard dashboard
COPY jobs jobs
COPY sandbox sandbox
COPY static static
COPY templates templates
RUN DATA_DIR=/tmp/unused python manage.py collectstatic --noinput --verbosity 0 && rm -r /tmp/unused
USER tuneboard
VOLUME /data
EXPOSE 8000
CMD ["uvicorn", "dashboard.asgi:app", "--host", "0.0.0.0", "--port", "8000", \
     "--lifespan", "on", "--ws", "none", "--timeout-graceful-shutdown", "3", "--no-access-log", \
     "--no-server-header", "--log-level", "warning"]
