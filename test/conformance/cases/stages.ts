/** Several stages: by index and name, triggers that chain, what is taken over, scopes of ARG and ENV, platforms, what steps may ask for. */

import type { ConformanceCase } from '../conformance-case.ts';

const SEE = 'RUN env | grep -v -e ^HOSTNAME -e ^SHLVL -e ^HOME -e ^PWD | sort > /seen\n';

interface StageCase {
  readonly text: string;
  readonly args?: readonly string[];
}

const CASES: Readonly<Record<string, StageCase>> = {
  'indexes count every FROM': {
    text: 'FROM busybox\nRUN echo 0 > /n\nFROM busybox AS one\nRUN echo 1 > /n\nFROM busybox\nRUN echo 2 > /n\nFROM scratch\nCOPY --from=0 /n /0\nCOPY --from=1 /n /1\nCOPY --from=2 /n /2\nCOPY --from=one /n /one\n',
  },
  'index of a stage that builds on another': {
    text: 'FROM busybox\nRUN echo 0 > /n\nFROM scratch\nCOPY --from=0 /n /m\nFROM scratch\nCOPY --from=1 /m /k\n',
  },
  'name that looks like an index': {
    text: 'FROM busybox AS 1a\nRUN echo a > /n\nFROM scratch\nCOPY --from=1a /n /\n',
  },
  'names that differ in case alone': {
    text: 'FROM busybox AS a\nRUN echo low > /n\nFROM busybox AS A\nRUN echo up > /n\nFROM scratch\nCOPY --from=a /n /\n',
  },
  'mount from a stage that copies from another': {
    text: 'FROM busybox AS a\nRUN echo a > /n\nFROM scratch AS b\nCOPY --from=a /n /m\nFROM busybox\nRUN --mount=from=b,target=/b cat /b/m > /x\n',
  },
  'stage used as base and as source': {
    text: 'FROM busybox AS a\nRUN echo a > /n\nFROM a AS b\nRUN echo b >> /n\nFROM a\nCOPY --from=b /n /m\n',
  },
  diamond: {
    text: 'FROM busybox AS base\nRUN echo base > /n\nFROM base AS l\nRUN echo l > /l\nFROM base AS r\nRUN echo r > /r\nFROM base\nCOPY --from=l /l /\nCOPY --from=r /r /\n',
  },
  'long chain': {
    text: `FROM busybox AS s0\n${Array.from({ length: 15 }, (_, at) => `FROM s${at} AS s${at + 1}\nRUN echo ${at} >> /n\n`).join('')}`,
  },
  'values of a stage that is left out': {
    text: 'FROM busybox AS a\nARG n=${a^}\nENV x=${b^}\nCOPY ${c^} /\nFROM busybox\nLABEL k=v\n',
  },
  'values of a stage that is built': {
    text: 'FROM busybox AS a\nENV x=${b^}\nFROM a\nLABEL k=v\n',
  },
  'base of a stage that is left out': {
    text: 'FROM busy${b^} AS a\nENV x=y\nFROM busybox\nLABEL k=v\n',
  },
  'base that cannot be expanded, and a mode that is none': {
    text: 'FROM sc${b^} AS a\nFROM busybox\nCOPY --chmod=99999 a /b\n',
  },
  'base that cannot be expanded, and no such target': {
    text: 'FROM sc${b^} AS a\nFROM busybox\n',
    args: ['--target', 'nope'],
  },
  'target in the middle': {
    text: 'FROM busybox AS a\nRUN echo a > /n\nFROM a AS b\nRUN echo b >> /n\nFROM b AS c\nRUN exit 1\n',
    args: ['--target', 'b'],
  },
  'target with triggers': {
    text: 'FROM busybox AS a\nONBUILD RUN echo on > /on\nFROM a AS b\nRUN cat /on > /n\nFROM busybox\n',
    args: ['--target', 'b'],
  },
  'triggers in order': {
    text: 'FROM busybox AS a\nONBUILD ENV A=1\nONBUILD RUN echo $A > /n\nONBUILD ENV A=2\nONBUILD RUN echo $A >> /n\nFROM a\nRUN echo $A >> /n\n',
  },
  'triggers before the stage itself': {
    text: 'FROM busybox AS a\nONBUILD WORKDIR /w\nONBUILD USER 1000\nFROM a\nRUN pwd > /tmp/n; id -u >> /tmp/n\n',
  },
  'triggers of two bases': {
    text: 'FROM busybox AS a\nONBUILD RUN echo a >> /n\nFROM a AS b\nONBUILD RUN echo b >> /n\nFROM b\nENV X=1\n',
  },
  'triggers that set triggers are kept for the next': {
    text: 'FROM busybox AS a\nONBUILD RUN echo a >> /n\nFROM a AS b\nFROM a AS c\nONBUILD RUN echo c >> /n\n',
  },
  'trigger with COPY of the context': {
    text: 'FROM busybox AS a\nONBUILD COPY f /f\nONBUILD RUN cat /f > /n\nFROM a\n',
  },
  'trigger with ARG given': {
    text: 'FROM busybox AS a\nONBUILD ARG V=default\nONBUILD RUN echo $V > /n\nFROM a\nRUN echo $V >> /n\n',
    args: ['--build-arg', 'V=given'],
  },
  'trigger with a mount': {
    text: 'FROM busybox AS a\nONBUILD RUN --mount=target=/m cat /m/f > /n\nFROM a\n',
  },
  'trigger with a heredoc marker': { text: 'FROM busybox AS a\nONBUILD RUN echo "<<EOF" > /n\nFROM a\n' },
  'trigger that fails to copy': { text: 'FROM busybox AS a\nONBUILD COPY nope /\nFROM a\n' },
  'trigger with an unknown flag': { text: 'FROM busybox AS a\nONBUILD COPY --nope f /\nFROM a\n' },
  'trigger with a bad EXPOSE': { text: 'FROM busybox AS a\nONBUILD EXPOSE nope\nFROM a\n' },
  'trigger in JSON': { text: 'FROM busybox AS a\nONBUILD RUN ["sh", "-c", "echo j > /n"]\nFROM a\n' },
  'trigger over lines': {
    text: 'FROM busybox AS a\nONBUILD RUN echo a > /n && \\\n  echo b >> /n\nFROM a\n',
  },
  'ENV of a stage is not seen in another': { text: `FROM busybox AS a\nENV A=1\nFROM busybox\n${SEE}` },
  'ENV of a base stage is seen': { text: `FROM busybox AS a\nENV A=1 B=2\nFROM a\nENV B=3\n${SEE}` },
  'ENV over its own old value': { text: `FROM busybox\nENV A=1\nENV A=$A-2\nENV A=\${A}-3 B=$A\n${SEE}` },
  'ENV in the order of names': { text: `FROM busybox\nENV Z=1 A=2 M=$Z\nENV M=$M$A$Z\n${SEE}` },
  'ENV of a base, ARG of the same name': { text: `FROM busybox AS a\nENV A=env\nFROM a\nARG A=arg\n${SEE}` },
  'ENV after ARG of the same name, given': {
    text: `FROM busybox\nARG A=arg\nENV A=\${A:-none}\n${SEE}`,
    args: ['--build-arg', 'A=given'],
  },
  'ENV empties a variable': { text: `FROM busybox AS a\nENV A=1\nFROM a\nENV A=\n${SEE}` },
  'ARG between stages belongs to none': { text: `FROM busybox AS a\nENV X=1\nARG A=1\nFROM busybox\n${SEE}` },
  'ARG of a base stage': { text: `FROM busybox AS a\nARG A=1\nFROM a\nARG A\n${SEE}` },
  'ARG of a base stage, other default': { text: `FROM busybox AS a\nARG A=1\nFROM a\nARG A=2\n${SEE}` },
  'ARG before FROM in FROM and stage': {
    text: `ARG T=musl\nARG N=busybox\nFROM \${N}:\${T} AS s\nARG T\nARG N=other\n${SEE}`,
  },
  'ARG before FROM given, not declared again': {
    text: `ARG T=musl\nFROM busybox:$T\n${SEE}`,
    args: ['--build-arg', 'T=1.36'],
  },
  'ARG before FROM with a quote': { text: 'ARG T="musl"\nFROM busybox:$T\nENV A=b\n' },
  'ARG before FROM with modifiers': {
    text: 'ARG V=v1.36-extra\nARG T=${V%-*}\nFROM busybox:${T#v}\nENV A=b\n',
  },
  'ARG before FROM unset in FROM': { text: 'ARG T\nFROM busybox:$T\nENV A=b\n' },
  'ARG before the second FROM': { text: 'FROM busybox AS a\nARG T=musl\nFROM busybox:$T\nENV A=b\n' },
  'ARG used before it is declared': { text: `FROM busybox\nENV A=$B\nARG B=1\nENV C=$B\n${SEE}` },
  'ARG with a value from ENV': { text: `FROM busybox\nENV E=env\nARG A=$E-$E\n${SEE}` },
  'ARG PATH': { text: `FROM busybox\nARG PATH=/bin\n${SEE}` },
  'ARG HOME': { text: 'FROM busybox\nARG HOME=/h\nRUN echo $HOME > /seen\n' },
  'platform of FROM by ARG': { text: 'ARG P=linux/amd64\nFROM --platform=$P busybox\nRUN echo a > /n\n' },
  'platform of FROM, BUILDPLATFORM with default': {
    text: 'FROM --platform=${BUILDPLATFORM:-linux/arm64} busybox\nRUN echo a > /n\n',
  },
  'platform parts in one stage': {
    text: `FROM --platform=$BUILDPLATFORM busybox\nARG BUILDPLATFORM BUILDOS BUILDARCH BUILDVARIANT TARGETPLATFORM TARGETOS TARGETARCH TARGETVARIANT\n${SEE}`,
  },
  'platform parts for another platform': {
    text: 'FROM scratch\nARG BUILDPLATFORM\nARG TARGETOS\nARG TARGETARCH\nARG TARGETVARIANT\nLABEL b=$BUILDPLATFORM t=$TARGETOS/$TARGETARCH/$TARGETVARIANT\n',
    args: ['--platform', 'linux/arm/v7'],
  },
  'platform with defaults of its parts': {
    text: 'FROM scratch\nARG TARGETARCH=fallback\nARG TARGETVARIANT=none\nLABEL a=$TARGETARCH v=$TARGETVARIANT\n',
    args: ['--platform', 'linux/arm64'],
  },
  'platform before FROM': {
    text: 'ARG TARGETARCH\nARG N=busybox\nFROM $N\nARG TARGETARCH\nLABEL a=$TARGETARCH\n',
  },
  'platform in a stage name': {
    text: 'FROM busybox AS for-amd64\nRUN echo amd > /n\nFROM busybox AS for-arm64\nRUN echo arm > /n\nFROM for-${TARGETARCH}\nENV A=b\n',
  },
  'platform in COPY --from': {
    text: 'FROM busybox AS for-amd64\nRUN echo amd > /n\nFROM busybox\nARG TARGETARCH\nCOPY --from=for-${TARGETARCH} /n /m\n',
  },
  'host network that nobody allowed': { text: 'FROM busybox\nRUN --network=host true\n' },
  'host network that is allowed': {
    text: 'FROM busybox\nRUN --network=host echo a > /n\n',
    args: ['--allow', 'network.host'],
  },
  'host network by the option': {
    text: 'FROM busybox\nRUN --network=host echo a > /n\n',
    args: ['--network', 'host'],
  },
  'no network against the option': {
    text: 'FROM busybox\nRUN --network=none ls /sys/class/net > /n\n',
    args: ['--network', 'host'],
  },
  'entitlement that is none': { text: 'FROM busybox\n', args: ['--allow', 'nope'] },
  'USER of a base in WORKDIR and RUN': {
    text: 'FROM busybox AS a\nUSER 1000:1001\nFROM a\nWORKDIR /w\nRUN touch f\nUSER root\nWORKDIR sub\nRUN touch g\n',
  },
  'WORKDIR of a base, relative COPY': {
    text: 'FROM busybox AS a\nWORKDIR /w\nFROM a\nCOPY f sub/\nWORKDIR sub\nRUN cat f > g\n',
  },
  'SHELL of a base': { text: 'FROM busybox AS a\nSHELL ["/bin/sh", "-euc"]\nFROM a\nRUN echo $- > /n\n' },
  'ENTRYPOINT and CMD over stages': {
    text: 'FROM busybox AS a\nENTRYPOINT ["e"]\nCMD ["c"]\nFROM a AS b\nCMD ["d"]\nFROM b\nENTRYPOINT ["f"]\n',
  },
  'HEALTHCHECK taken away': { text: 'FROM busybox AS a\nHEALTHCHECK CMD true\nFROM a\nHEALTHCHECK NONE\n' },
  'LABEL over stages': {
    text: 'FROM busybox AS a\nLABEL x=1 y=1\nFROM a\nLABEL y=2 z=2\n',
    args: ['--label', 'z=3'],
  },
  'VOLUME over stages': {
    text: 'FROM busybox AS a\nVOLUME /v\nRUN echo a > /v/f\nFROM a\nRUN echo b >> /v/f\nVOLUME /w\n',
  },
  'EXPOSE over stages': { text: 'FROM busybox AS a\nEXPOSE 1 2/udp\nFROM a\nEXPOSE 2 3\n' },
  'files deleted over stages': {
    text: 'FROM busybox AS a\nRUN mkdir -p /d/e && touch /d/e/f /d/g\nFROM a AS b\nRUN rm -r /d/e\nFROM b\nRUN mkdir /d/e && touch /d/e/h\n',
  },
};

export const STAGE_CASES: readonly ConformanceCase[] = Object.entries(CASES).map(
  ([name, { text, args }]) => ({
    name,
    dockerfile: text,
    files: { f: 'f\n' },
    ...(args === undefined ? {} : { args }),
  }),
);
