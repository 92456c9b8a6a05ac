/** FROM, stages and what a stage takes over; ONBUILD. */

import type { ConformanceCase } from '../conformance-case.ts';

export const FROM_CASES: readonly ConformanceCase[] = [
  { name: 'image alone', dockerfile: 'FROM busybox\n' },
  { name: 'tag', dockerfile: 'FROM busybox:musl\nRUN echo a > /x\n' },
  { name: 'with registry and library', dockerfile: 'FROM docker.io/library/busybox:latest\nENV A=b\n' },
  { name: 'scratch', dockerfile: 'FROM scratch\nCOPY f /\n', files: { f: 'f' } },
  { name: 'scratch with metadata alone', dockerfile: 'FROM scratch\nENV A=b\nCMD ["x"]\n' },
  { name: 'stage', dockerfile: 'FROM busybox AS a\nRUN echo a > /x\nENV A=b\nFROM a\nRUN echo $A > /y\n' },
  {
    name: 'stage name in other case',
    dockerfile: 'FROM busybox AS Base\nRUN echo a > /x\nFROM BASE\nENV A=b\n',
  },
  {
    name: 'chain of stages',
    dockerfile:
      'FROM busybox AS a\nWORKDIR /w\nUSER 1000\nFROM a AS b\nENV B=1\nLABEL l=1\nFROM b\nRUN pwd > /tmp/x; id -u >> /tmp/x\n',
  },
  {
    name: 'same name twice',
    dockerfile: 'FROM busybox AS a\nRUN echo 1 > /x\nFROM busybox AS a\nRUN echo 2 > /x\nFROM a\nENV A=b\n',
  },
  { name: 'global ARG', dockerfile: 'ARG TAG=musl\nFROM busybox:${TAG}\nENV A=b\n' },
  {
    name: 'global ARG given',
    dockerfile: 'ARG TAG\nFROM busybox:${TAG:-latest}\nENV A=b\n',
    args: ['--build-arg', 'TAG=1.36'],
  },
  {
    name: 'stage name by ARG',
    dockerfile:
      'ARG S=two\nFROM busybox AS one\nRUN echo 1 > /x\nFROM busybox AS two\nRUN echo 2 > /x\nFROM ${S}\nENV A=b\n',
  },
  { name: 'platform', dockerfile: 'FROM --platform=linux/amd64 busybox\nRUN echo a > /x\n' },
  {
    name: 'platform by BUILDPLATFORM',
    dockerfile: 'FROM --platform=$BUILDPLATFORM busybox\nARG BUILDPLATFORM\nRUN echo a > /x\n',
  },
  {
    name: 'platform by TARGETPLATFORM',
    dockerfile:
      'FROM --platform=$TARGETPLATFORM busybox\nARG TARGETARCH TARGETOS\nRUN echo $TARGETOS/$TARGETARCH > /x\n',
  },
  {
    name: 'platform in other spelling',
    dockerfile: 'FROM --platform=linux/x86_64 busybox\nRUN echo a > /x\n',
  },
  {
    name: 'unused stage may be wrong',
    dockerfile: 'FROM busybox AS bad\nRUN exit 1\nCOPY nope /\nFROM busybox\nENV A=b\n',
  },
  {
    name: 'target',
    dockerfile: 'FROM busybox AS a\nRUN echo a > /x\nFROM busybox AS b\nRUN echo b > /x\n',
    args: ['--target', 'a'],
  },
  {
    name: 'target in other case',
    dockerfile: 'FROM busybox AS Stage\nRUN echo a > /x\nFROM busybox AS b\nRUN echo b > /x\n',
    args: ['--target', 'STAGE'],
  },
  {
    name: 'target by number',
    dockerfile: 'FROM busybox\nRUN echo a > /x\nFROM busybox\nRUN echo b > /x\n',
    args: ['--target', '0'],
  },
  {
    name: 'COPY --from number',
    dockerfile: 'FROM busybox\nRUN echo a > /x\nFROM scratch\nCOPY --from=0 /x /y\n',
  },
  {
    name: 'COPY --from name in other case',
    dockerfile: 'FROM busybox AS One\nRUN echo a > /x\nFROM scratch\nCOPY --from=ONE /x /y\n',
  },
  { name: 'COPY --from image', dockerfile: 'FROM scratch\nCOPY --from=busybox /etc/passwd /p\n' },
  {
    name: 'COPY --from image with tag',
    dockerfile: 'FROM scratch\nCOPY --from=busybox:musl /etc/group /g\n',
  },
  {
    name: 'ONBUILD is kept',
    dockerfile: 'FROM busybox\nONBUILD COPY f /\nONBUILD RUN echo $A > /x\nONBUILD ENV A="b c"\n',
  },
  {
    name: 'ONBUILD of a stage runs',
    dockerfile:
      'FROM busybox AS a\nONBUILD RUN echo on > /x\nONBUILD ENV ON=1\nONBUILD WORKDIR /w\nFROM a\nRUN echo $ON > y\n',
  },
  {
    name: 'ONBUILD of a stage, COPY --from',
    dockerfile:
      'FROM busybox AS src\nRUN echo s > /s\nFROM busybox AS a\nONBUILD COPY --from=src /s /t\nFROM a\nRUN cat /t > /x\n',
  },
  {
    name: 'ONBUILD does not go on',
    dockerfile: 'FROM busybox AS a\nONBUILD RUN echo on >> /x\nFROM a AS b\nFROM b\nENV A=b\n',
  },
  {
    name: 'ONBUILD with variables of the child',
    dockerfile: 'ARG G=g\nFROM busybox AS a\nONBUILD ARG G\nONBUILD RUN echo $G > /x\nFROM a\nENV A=b\n',
    args: ['--build-arg', 'G=given'],
  },
  {
    name: 'ONBUILD in lower case',
    dockerfile: 'FROM busybox AS a\nonbuild run echo on > /x\nFROM a\nENV A=b\n',
  },
  {
    name: 'ONBUILD CMD exec form',
    dockerfile: 'FROM busybox AS a\nONBUILD CMD ["a", "b"]\nONBUILD ENTRYPOINT x\nFROM a\n',
  },
  {
    name: 'config of the base is kept',
    dockerfile:
      'FROM busybox AS a\nEXPOSE 80\nVOLUME /v\nLABEL a=1\nCMD ["c"]\nENTRYPOINT ["e"]\nSTOPSIGNAL SIGINT\nHEALTHCHECK CMD true\nSHELL ["/bin/sh","-ec"]\nFROM a\nLABEL b=2\nEXPOSE 81\n',
  },
  { name: 'ENTRYPOINT takes the base CMD away', dockerfile: 'FROM busybox\nENTRYPOINT ["e"]\n' },
  { name: 'ENTRYPOINT after CMD keeps it', dockerfile: 'FROM busybox\nCMD ["c"]\nENTRYPOINT ["e"]\n' },
  {
    name: 'ENTRYPOINT of a stage takes the stage CMD away',
    dockerfile: 'FROM busybox AS a\nCMD ["c"]\nFROM a\nENTRYPOINT ["e"]\n',
  },
  {
    name: 'ARG of a stage is seen by its child',
    dockerfile: 'FROM busybox AS a\nARG V=1\nFROM a\nRUN echo "[$V]" > /x\n',
  },
  {
    name: 'two stages need one',
    dockerfile:
      'FROM busybox AS a\nRUN echo a > /x\nFROM a AS b\nRUN echo b > /b\nFROM a AS c\nRUN echo c > /c\nFROM scratch\nCOPY --from=b /b /x /\nCOPY --from=c /c /\n',
  },
  {
    name: 'stage named like an image',
    dockerfile: 'FROM busybox AS alpine\nRUN echo mine > /x\nFROM alpine\nENV A=b\n',
  },
  {
    name: 'stage named like its image',
    dockerfile: 'FROM busybox AS busybox\nRUN echo mine > /x\nFROM busybox\nENV A=b\n',
  },
  {
    name: 'deletions',
    dockerfile:
      'FROM busybox\nRUN rm /etc/group && mkdir /d && touch /d/a\nRUN rm -r /d && mkdir /d && touch /d/b\n',
  },
  { name: 'scratch as COPY --from', dockerfile: 'FROM busybox\nCOPY --from=scratch / /d/\n' },
];
