FROM busybox
CMD one
ENTRYPOINT two
CMD ["three"]
ENTRYPOINT ["four"]
EXPOSE 80 8000-8002/udp
EXPOSE 127.0.0.1:1:2 80/tcp
VOLUME /a /b
VOLUME ["/b c"]
STOPSIGNAL sigterm
HEALTHCHECK --interval=1m --timeout=2s --start-period=3s --start-interval=4s --retries=5 CMD check
LABEL a=1
ENV A=1 B=$A
ENV C=$A PATH=/opt:$PATH
ONBUILD COPY . /o
ONBUILD RUN --mount=type=cache,target=/c x
WORKDIR /
WORKDIR /w/
WORKDIR ../v
WORKDIR /a//b/../c
WORKDIR d/
RUN x
