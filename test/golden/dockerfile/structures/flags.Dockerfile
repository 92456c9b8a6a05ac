FROM --platform=linux/amd64 --nope=1 a AS b
FROM --platform a
COPY --link --chown="a b" --chmod='6 4' --exclude=x --exclude=y --from=b a\ b /c
COPY --link=TRUE --parents=maybe --chwon=1 a /b
COPY --from= --chown a /b
COPY -- --link a /b
COPY --from=${X} a /b
COPY --Link a /b
ADD --keep-git-dir --checksum=sha256:0 --unpack=false a /b
RUN --mount=type=bind,target=/a --mount=type=cache --network=none --security=insecure --nope x
RUN --mount=type=nope --mount=type=bnd --mount=bad --mount=target=$X --mount= x
RUN --mount=type=cache,target=/c,sharing=all,mode=9,uid=-1,gid=4294967296,ro=maybe,size=1 x
RUN --mount=type=tmpfs,target=/t,size=big,id=1 --mount=type=tmpfs,target=/t,size=1.5Gib,from=x x
RUN --mount=type=secret,id=a,from=b --mount=type=secret --mount=type=ssh,required=x,mode=888 x
RUN --mount="type=bind,target=/q""q" --mount=type=bind,"source=a,b",dst=/c --mount=target=/a,,rw x
RUN --mount=type=cache,targett=/c,Target=/d,readwrite,readonly=false x
HEALTHCHECK --interval=5m --timeout=nope --start-period=1ms --retries=0 --retries=-1 CMD a "b c"
HEALTHCHECK --interval= --timeout=0.5ms --start-interval=1h2m3.5s CMD ["x", "y"]
HEALTHCHECK NONE extra
HEALTHCHECK none
HEALTHCHECK CMD
HEALTHCHECK
HEALTHCHECK nope x
