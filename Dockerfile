# One image for web, worker and beat. It holds no secret: all settings come from the environment.
FROM python:3.13-slim AS build
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /build
COPY pyproject.toml ./
RUN uv venv /opt/canthus \
    && uv pip install --python /opt/canthus/bin/python --no-cache --compile-bytecode -r pyproject.toml

FROM python:3.13-slim
RUN groupadd --gid 10001 canthus \
    && useradd --uid 10001 --gid canthus --no-create-home --home-dir /var/lib/canthus canthus \
    && install --directory --owner canthus --group canthus --mode 700 /var/lib/canthus
COPY --from=build /opt/canthus /opt/canthus
WORKDIR /srv/canthus
COPY manage.py ./
COPY projects projects
COPY tasks tasks
COPY orchestrator orchestrator
RUN /opt/canthus/bin/python -m compileall -q .
ENV PATH=/opt/canthus/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    CANTHUS_HOME=/var/lib/canthus \
    CANTHUS_UPLOAD_DIR=/var/lib/canthus
USER 10001
VOLUME /var/lib/canthus
EXPOSE 8000
CMD ["python", "-m", "orchestrator.web", "--host", "0.0.0.0", "--port", "8000", "--workers", "2"]
