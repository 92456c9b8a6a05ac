# args: --build-context dir=../d --build-context repo=https://h/r.git#b:sub --build-context file=https://h/f.tar --build-context keep=https://h/k.git?keep-git-dir=1 --build-context mid=../mid --build-context asrepo=https://h/r.git --target last
FROM dir AS a
RUN x
FROM repo AS b
WORKDIR /w
FROM file AS c
FROM keep AS d
LABEL a=b
FROM busybox AS mid
ENV NEVER=1
RUN never
FROM --platform=linux/arm64 busybox AS asRepo
RUN never
FROM mid AS last
COPY --from=repo /x /1
COPY --from=repo:latest /y /2
COPY --from=file /f.tar /3
RUN --mount=from=repo,target=/m z
COPY --from=MID / /mid/
COPY --from=a / /a/
COPY --from=b / /b/
COPY --from=c / /c/
COPY --from=d / /d/
COPY --from=asRepo / /e/
FROM last
