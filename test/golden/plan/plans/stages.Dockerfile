# args: --build-arg BASE=busybox --target final
ARG BASE=scratch
ARG TAG=musl PLAIN
ARG BASED=${BASE}:${TAG}
FROM ${BASED} AS Base
ENV A=1
WORKDIR /base
MAINTAINER someone
USER base
FROM base AS mid
ARG BASE
ARG TAG
ARG PLAIN
RUN in mid
CMD ["mid"]
FROM scratch AS empty
COPY a.txt /
FROM --platform=linux/arm/v7 busybox AS arm
RUN in arm
FROM --platform=$BUILDPLATFORM busybox AS build
RUN in build
FROM mid AS final
ENTRYPOINT ["e"]
COPY --from=empty / /e/
COPY --from=arm /x /arm
COPY --from=4 /x /build
LABEL a=b "c d"=e
LABEL a=c
FROM busybox AS unused
RUN unused \
  on two lines
COPY a.txt /
FROM base
