# args: --build-context st=../d --target st --label a=b
FROM busybox AS st
ENV NEVER=1
RUN never
