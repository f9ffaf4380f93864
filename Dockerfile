# chores on Debian 12. Built from this folder:
#	docker build -t chores --build-arg REVISION=$(git rev-parse --short HEAD) .
# deploy/compose.yaml and deploy/kubernetes/ run it; docs/operating.md tells how.

FROM debian:12-slim AS build
ARG REVISION=unknown
WORKDIR /src/chores
COPY dev ./
COPY scripts scripts
RUN bash -c '. scripts/lib/common.sh; . scripts/lib/packages.sh; packages_need "${PACKAGES_BUILD[@]}"'
COPY . .
RUN CFLAGS="-DBUILD_REVISION=\"$REVISION\"" ./dev install /image

FROM debian:12-slim
# Kore's package would bring compilers along: it needs them for kodev alone.
RUN apt-get update && \
    apt-get install -y --no-install-recommends \
        libcrypt1 libpq5 libssl3 libunistring2 openssl zlib1g && \
    rm -rf /var/lib/apt/lists/* && \
    groupadd --gid 10001 chores && \
    useradd --uid 10001 --gid chores --no-create-home \
        --home-dir /nonexistent --shell /usr/sbin/nologin chores && \
    install -d -o chores -g chores /run/chores /var/lib/chores
COPY --from=build /usr/bin/kore /usr/bin/kore
COPY --from=build /image/usr/lib/chores /usr/lib/chores
ENV ENVIRONMENT=production BIND_ADDRESS=0.0.0.0 HTTP_PORT=8000 PORT=8443
EXPOSE 8000 8443
# The only places that are written to: a certificate that is kept, and what
# lives as long as the process. The rest may be read-only.
VOLUME /var/lib/chores
VOLUME /run/chores
USER 10001:10001
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
    CMD ["/usr/lib/chores/healthcheck"]
ENTRYPOINT ["/usr/lib/chores/start"]
