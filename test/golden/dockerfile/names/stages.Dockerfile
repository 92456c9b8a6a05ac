ARG TAG=1
FROM base:$TAG AS Build
RUN --mount=type=bind,from=build,target=/b a
FROM build AS test
COPY --from=Build /a /b
COPY --from=0 /a /c
COPY --from=1 /self /c
COPY --from=9 /a /c
COPY --from=nowhere /a /c
COPY --from /no-value /c
COPY --link /a /c
ADD --chown=1 a /c
RUN --mount=from=test,target=/x --mount=type=cache,target=/c --mount=type=bind,target=/y,from=build y
RUN --network=none --mount z
FROM scratch
COPY --from=test / /
FROM image AS build
FROM build
COPY --from=0 / /old
COPY --from=build / /new
COPY --from=2 / /nameless
ONBUILD COPY --from=test / /
FROM
