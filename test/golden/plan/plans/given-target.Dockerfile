# args: --build-context st=docker-image://busybox:musl --target ST
FROM busybox AS other
RUN never
FROM --platform=linux/arm64 busybox:glibc AS St
ENV NEVER=1
RUN never
FROM st
