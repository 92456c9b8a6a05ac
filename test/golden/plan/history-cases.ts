/** Dockerfiles whose image history is compared with BuildKit's, entry by entry: every instruction that writes one, in several spellings. */

import type { ConformanceCase } from '../../conformance/conformance-case.ts';

const FILES = { 'a.txt': 'a', 'b c.txt': 'b', 'src/x': 'x' };

export const HISTORY_CASES: readonly ConformanceCase[] = [
  {
    name: 'metadata',
    dockerfile: `FROM busybox
ENV A=1
ENV B two words
ENV C="x y" D='z' E=
LABEL l=1 "m n"="o p"
LABEL q=
EXPOSE 80 443/tcp 53/udp
EXPOSE 9000-9002 80
VOLUME /data
VOLUME ["/v 1", "/v2"]
USER nobody
USER 1000:1000
STOPSIGNAL SIGTERM
STOPSIGNAL 9
WORKDIR /w
WORKDIR sub/../deep/
WORKDIR /
MAINTAINER Somebody <s@example.org>
ONBUILD RUN echo later
SHELL ["/bin/sh", "-ec"]
CMD echo "$A"
ENTRYPOINT ["top", "-b \\"q\\""]
CMD ["a", "b c"]
ENTRYPOINT exec top
`,
  },
  {
    name: 'health checks',
    dockerfile: `FROM busybox
HEALTHCHECK NONE
HEALTHCHECK CMD wget -q localhost || exit 1
HEALTHCHECK --interval=5m --timeout=3s --start-period=1h2m3s --start-interval=500ms --retries=4 CMD ["true", "x y"]
HEALTHCHECK --interval=90s --retries=1 CMD a
HEALTHCHECK --timeout=1h --retries=7 CMD a
HEALTHCHECK --timeout=61m --retries=10 CMD a
HEALTHCHECK --timeout=1.5s --retries=13 CMD a
HEALTHCHECK --timeout=999ms --retries=14 CMD a
HEALTHCHECK --timeout=1ms --retries=31 CMD a
HEALTHCHECK --timeout=1001ms --retries=32 CMD a
HEALTHCHECK --timeout=60s --retries=39 CMD a
HEALTHCHECK --timeout=3600s --retries=92 CMD a
HEALTHCHECK --timeout=3599s --retries=126 CMD a
HEALTHCHECK --timeout=3601.25s --retries=127 CMD a
HEALTHCHECK --start-period=2h --retries=65 CMD a
HEALTHCHECK --interval=1.5ms --retries=128 CMD a
HEALTHCHECK --retries=160 CMD a
HEALTHCHECK --retries=173 CMD a
HEALTHCHECK --retries=233 CMD a
HEALTHCHECK --retries=8364 CMD a
HEALTHCHECK --retries=57344 CMD a
HEALTHCHECK --retries=128674 CMD a
HEALTHCHECK --retries=131070 CMD a
HEALTHCHECK --retries=55296 CMD a
HEALTHCHECK --retries=2000000 CMD a
`,
  },
  {
    name: 'arguments',
    args: ['--build-arg', 'GIVEN=g', '--build-arg', 'TOP=t'],
    dockerfile: `ARG TOP=x
ARG ALSO=y
FROM busybox
ARG NONE
ARG DEFAULT=d
ARG GIVEN=other
ARG TOP
ARG ALSO
ARG ALSO=own
ARG ONE=1 TWO GIVEN=3
ENV FROM_ARG=$DEFAULT-$GIVEN-$TOP-\${ALSO}
ARG SHOWN=\${DEFAULT}x
`,
  },
  {
    name: 'copies',
    files: FILES,
    dockerfile: `FROM busybox AS other
COPY a.txt /x
FROM busybox
COPY a.txt /a
COPY a.txt src /d/
COPY ["b c.txt", "/e f/"]
ADD a.txt rel
ADD --chown=1:2 a.txt /b
COPY --chmod=600 a.txt /c
COPY --chown=1 --chmod=u=r a.txt /c2
COPY --from=other /x /y
COPY --from=0 /x ./z
COPY --from=busybox:musl /bin/busybox /bb
COPY --exclude=*.md src /f/
COPY --link a.txt /l
COPY <<EOF /h
one
EOF
COPY <<A <<"B" a.txt /hs/
a
A
b
B
WORKDIR /in
COPY a.txt .
COPY src/../a.txt ../q
ENV V=/var
COPY \${V#/var}a.txt $V/t
`,
  },
  {
    name: 'commands',
    dockerfile: `FROM busybox
RUN true
RUN true   &&   true
RUN ["true", "x y"]
RUN true \\
  && true
RUN <<EOF
true
true
EOF
RUN <<"EOF"
true $x
EOF
RUN cat <<EOF >/dev/null
body
EOF
RUN cat <<A - <<B >/dev/null
a
A
b
B
RUN <<EOF
#!/bin/sh
true
EOF
RUN --mount=type=tmpfs,target=/t true
SHELL ["/bin/ash", "-c"]
RUN true
`,
  },
  { name: 'stages', dockerfile: 'FROM busybox AS a\nENV A=1\nFROM a AS b\nENV B=2\nFROM b\nLABEL c=3\n' },
  { name: 'scratch', files: FILES, dockerfile: 'FROM scratch\nCOPY a.txt /\nCMD ["/a.txt"]\n' },
  {
    name: 'triggers',
    files: FILES,
    dockerfile: 'FROM busybox AS a\nONBUILD ENV A=1\nONBUILD COPY a.txt /t\nFROM a\nENV B=$A\n',
  },
];
