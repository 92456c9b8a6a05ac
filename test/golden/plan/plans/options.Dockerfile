# args: --no-cache-filter Deps --label l=1 --label e= --add-host one:1.2.3.4 --ulimit nofile=1:2 --shm-size 64m --cgroup-parent /cg --network none --platform linux/arm64 --build-arg SOURCE_DATE_EPOCH=100 --allow network.host
FROM busybox AS deps
WORKDIR /w
RUN a
COPY a.txt /
ADD https://example.org/f /
FROM deps
LABEL l=0
RUN --network=host b
COPY --from=deps --link /a.txt /b.txt
