# args: --build-context thing=docker-image://busybox:musl --build-context lib=../lib --build-context st=docker-image://busybox --target last
FROM thing AS one
COPY --from=thing /x /x
FROM busybox AS st
RUN never
FROM st AS last
COPY --from=st /a /b
COPY --from=lib /c /d
RUN --mount=from=lib,source=sub,target=/m a
RUN --mount=type=cache,target=/c,from=lib a
COPY --from=one / /one/
