# Botyard in a small image that runs as nobody. Nothing secret is built in: settings come from the environment, secrets from
# files that are mounted (BOTYARD_MASTER_KEY_FILE and `bot_token = "file:…"`).
FROM rust:1.95-slim-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev make perl \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
# What is compiled stays in the builder's cache between builds; the program is copied out of it.
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --locked --release --bin botyard \
    && cp target/release/botyard /usr/local/bin/botyard

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl tesseract-ocr tesseract-ocr-eng tesseract-ocr-rus \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/botyard --create-home botyard
COPY --from=build /usr/local/bin/botyard /usr/local/bin/botyard
ENV BOTYARD_DATA=/var/lib/botyard \
    BOTYARD_LISTEN=0.0.0.0:8080 \
    BOTYARD_ADMIN_LISTEN=0.0.0.0:9090 \
    BOTYARD_LOG=json
USER 10001
WORKDIR /var/lib/botyard
VOLUME /var/lib/botyard
EXPOSE 8080 9090
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["curl", "--fail", "--silent", "--output", "/dev/null", "http://127.0.0.1:9090/ready"]
ENTRYPOINT ["botyard"]
CMD ["serve"]
