FROM scratch AS one
FROM one AS two
LABEL a=b
FROM busybox:musl AS base
FROM base AS over
FROM over
COPY --from=two / /t/
COPY --from=one / /o/
