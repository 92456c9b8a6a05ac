/** `--build-context`: directories, images, git repositories, addresses and layouts under a name, in FROM, COPY and mounts. */

import type { ConformanceCase } from '../conformance-case.ts';
import { imageLayout, otherDigest } from '../image-layout.ts';

const FILES = {
  '../extra/f': 'f\n',
  '../extra/run.sh': { content: '#!/bin/sh\n', mode: 0o755 },
  '../extra/d/g': { content: 'g\n', mode: 0o600 },
  '../extra/d/': { mode: 0o700 },
  '../extra/l': { linkTarget: 'f' },
  '../extra/Dockerfile': 'FROM busybox\nRUN false\n',
  own: 'own\n',
} as const;

/** The values of `--build-context` and the Dockerfile that uses them. */
const CASES: Readonly<Record<string, readonly [readonly string[], string]>> = {
  'directory in FROM': [['x=../extra'], 'FROM x\nCOPY own /own\nENV A=b\n'],
  'directory in FROM alone': [['x=../extra'], 'FROM x\n'],
  'directory in FROM of a stage': [['x=../extra'], 'FROM x AS y\nFROM busybox\nCOPY --from=y / /y/\n'],
  'directory in FROM with WORKDIR': [['x=../extra'], 'FROM x\nWORKDIR /d/w\nCOPY own .\n'],
  'directory in FROM over its files': [['x=../extra'], 'FROM x\nCOPY own /f\nCOPY own /l\n'],
  'directory in FROM with platform': [
    ['x=../extra'],
    'FROM --platform=linux/arm64 x\nARG TARGETARCH\nENV A=$TARGETARCH\n',
  ],
  'directory in FROM with ARG': [['x=../extra'], 'ARG N=x\nFROM $N\nENV A=b\n'],
  'directory replaces an image': [['busybox=../extra'], 'FROM busybox\nCOPY own /own\n'],
  'directory replaces an image with its tag': [
    ['busybox:musl=../extra'],
    'FROM busybox:musl\nCOPY own /own\n',
  ],
  'directory replaces a stage in FROM': [
    ['st=../extra'],
    'FROM busybox AS st\nRUN echo stage > /stage\nFROM st\nENV A=b\n',
  ],
  'directory replaces the last stage': [['last=../extra'], 'FROM busybox AS last\nRUN echo stage > /stage\n'],
  'directory replaces scratch': [['scratch=../extra'], 'FROM scratch\nCOPY own /own\n'],
  'directory in COPY, one file': [['x=../extra'], 'FROM scratch\nCOPY --from=x f /a\nCOPY --from=x d /b\n'],
  'directory in COPY, owner': [
    ['x=../extra'],
    'FROM scratch\nCOPY --from=x --chown=3:4 --chmod=640 f d/g /a/\n',
  ],
  'directory in COPY, missing': [['x=../extra'], 'FROM scratch\nCOPY --from=x nope /a\n'],
  'directory in COPY, wildcard': [['x=../extra'], 'FROM scratch\nCOPY --from=x */g r*.sh /a/\n'],
  'directory in COPY, parent': [['x=../extra'], 'FROM scratch\nCOPY --from=x ../ctx/own /a\n'],
  'directory in COPY, link': [['x=../extra'], 'FROM scratch\nCOPY --from=x l /a\n'],
  'directory in a mount, source': [
    ['x=../extra'],
    'FROM busybox\nRUN --mount=type=bind,from=x,source=d,target=/m cat /m/g > /x\n',
  ],
  'directory in a mount, writable': [
    ['x=../extra'],
    'FROM busybox\nRUN --mount=type=bind,rw,from=x,target=/m echo n > /m/new && ls /m > /x\nRUN --mount=from=x,target=/m ls /m >> /x\n',
  ],
  'directory in a cache mount': [
    ['x=../extra'],
    'FROM busybox\nRUN --mount=type=cache,id=named1,from=x,source=d,target=/c cat /c/g > /x\n',
  ],
  'directory that is the context': [['x=.'], 'FROM scratch\nCOPY --from=x own /a\n'],
  'directory that is not there': [['x=../nope'], 'FROM scratch\nCOPY --from=x f /a\n'],
  'directory that nothing uses': [['x=../extra'], 'FROM scratch\nCOPY own /a\n'],
  'directory that is not there and nothing uses': [['x=../nope'], 'FROM scratch\nCOPY own /a\n'],
  'file as directory': [['x=own'], 'FROM scratch\nCOPY --from=x . /a\n'],
  'name in capitals': [['X=../extra'], 'FROM scratch\nCOPY --from=X f /a\n'],
  'name with tag': [['x:1=../extra'], 'FROM scratch\nCOPY --from=x:1 f /a\n'],
  'name with latest': [['x:latest=../extra'], 'FROM scratch\nCOPY --from=x f /a\n'],
  'name asked with latest': [['x=../extra'], 'FROM scratch\nCOPY --from=x:latest f /a\n'],
  'name with registry': [['docker.io/library/x=../extra'], 'FROM scratch\nCOPY --from=x f /a\n'],
  'name asked with registry': [['x=../extra'], 'FROM scratch\nCOPY --from=docker.io/library/x:latest f /a\n'],
  'name with dots and dashes': [['a.b-c_d=../extra'], 'FROM scratch\nCOPY --from=a.b-c_d f /a\n'],
  'name that is a number': [['0=../extra'], 'FROM busybox\nFROM scratch\nCOPY --from=0 /etc/passwd /a\n'],
  'name of a stage in capitals': [
    ['st=../extra'],
    'FROM busybox AS St\nRUN echo stage > /f\nFROM scratch\nCOPY --from=ST f /a\n',
  ],
  'no value': [['x'], 'FROM scratch\nCOPY --from=x f /a\n'],
  'empty value': [['x='], 'FROM scratch\nCOPY --from=x f /a\n'],
  'empty name': [['=../extra'], 'FROM scratch\nCOPY own /a\n'],
  'bad name': [['a b=../extra'], 'FROM scratch\nCOPY own /a\n'],
  'twice, the last one counts': [['x=.', 'x=../extra'], 'FROM scratch\nCOPY --from=x f /a\n'],
  'two in one': [['x=../extra', 'y=.'], 'FROM scratch\nCOPY --from=x f /a\nCOPY --from=y own /b\n'],
  'unknown kind': [['x=nope://y'], 'FROM scratch\nCOPY --from=x f /a\n'],
  image: [['x=docker-image://busybox:musl'], 'FROM x\nRUN echo a > /x\n'],
  'image in capitals': [['x=DOCKER-IMAGE://busybox'], 'FROM x\nRUN echo a > /x\n'],
  'image that is not there': [['x=docker-image://127.0.0.1:9/nope:1'], 'FROM x\nENV A=b\n'],
  'image with a bad name': [['x=docker-image://Bad//Name'], 'FROM x\nENV A=b\n'],
  'image keeps its config': [['x=docker-image://busybox'], 'FROM x AS y\nFROM y\nENV A=b\n'],
  'image in a mount': [
    ['x=docker-image://busybox'],
    'FROM busybox\nRUN --mount=from=x,source=/etc,target=/m ls /m > /x\n',
  ],
  'image replaces a tag alone': [
    ['busybox:nope=docker-image://busybox:1.36'],
    'FROM busybox:nope\nENV A=b\n',
  ],
  'image replaces latest': [['nope=docker-image://busybox'], 'FROM nope:latest\nENV A=b\n'],
  'image replaces the long name': [
    ['docker.io/library/nope:latest=docker-image://busybox'],
    'FROM nope\nENV A=b\n',
  ],
  'image replaces a name of a registry': [
    ['ghcr.io/o/n:1=docker-image://busybox'],
    'FROM ghcr.io/o/n:1\nENV A=b\n',
  ],
  'image replaces a digest': [
    ['nope@sha256:0123456789012345678901234567890123456789012345678901234567890123=docker-image://busybox'],
    'FROM nope@sha256:0123456789012345678901234567890123456789012345678901234567890123\nENV A=b\n',
  ],
  'image does not replace another tag': [
    ['127.0.0.1:9/n=docker-image://busybox'],
    'FROM 127.0.0.1:9/n:2\nENV A=b\n',
  ],
  'image replaces a stage': [
    ['st=docker-image://busybox'],
    'FROM busybox AS st\nRUN echo stage > /f\nFROM st\nRUN test ! -e /f && echo a > /x\n',
  ],
  'image replaces the stage of COPY': [
    ['st=docker-image://busybox'],
    'FROM scratch AS st\nCOPY own /etc/passwd\nFROM scratch\nCOPY --from=st /etc/passwd /p\n',
  ],
  'image of itself': [['busybox=docker-image://busybox:musl'], 'FROM busybox\nENV A=b\n'],
  'names in a chain': [['x=docker-image://y', 'y=docker-image://busybox'], 'FROM x\nENV A=b\n'],
  'platform in the name': [['x::linux/amd64=../extra'], 'FROM scratch\nCOPY --from=x f /a\n'],
  'git repository in COPY': [['x={origin}/repo.git'], 'FROM scratch\nCOPY --from=x . /a/\n'],
  'git repository, branch': [['x={origin}/repo.git#other'], 'FROM scratch\nCOPY --from=x . /a/\n'],
  'git repository, directory': [['x={origin}/repo.git#main:sub'], 'FROM scratch\nCOPY --from=x . /a/\n'],
  'git repository, query': [['x={origin}/repo.git?tag=v1&subdir=sub'], 'FROM scratch\nCOPY --from=x . /a/\n'],
  'git repository in FROM': [['x={origin}/repo.git'], 'FROM x\nCOPY own /own\n'],
  'git repository in a mount': [
    ['x={origin}/repo.git'],
    'FROM busybox\nRUN --mount=from=x,target=/m ls -A /m > /x; cat /m/a.txt >> /x\n',
  ],
  'git repository replaces an image': [['nope:1={origin}/repo.git'], 'FROM nope:1\nENV A=b\n'],
  'git repository, ignore file': [['x={origin}/more.git'], 'FROM scratch\nCOPY --from=x . /a/\n'],
  'git repository, unknown branch': [['x={origin}/repo.git#nope'], 'FROM scratch\nCOPY --from=x . /a/\n'],
  'git repository that nothing uses': [['x={origin}/nope.git'], 'FROM scratch\nCOPY own /a\n'],
  'git protocol': [['x={git}/repo.git#v1'], 'FROM scratch\nCOPY --from=x . /a/\n'],
  'file at an address': [['x={origin}/hello.txt'], 'FROM scratch\nCOPY --from=x . /a/\n'],
};

/** The same with an image layout in `../layout`. */
const LAYOUTS: Readonly<Record<string, readonly [string, string]>> = {
  layout: ['x=oci-layout://../layout', 'FROM x\nCOPY own /own\n'],
  'layout by tag': ['x=oci-layout://../layout:other', 'FROM x\nCOPY own /own\n'],
  'layout by digest': [`x=oci-layout://../layout@${otherDigest()}`, 'FROM x\nCOPY own own\n'],
  'layout by unknown tag': ['x=oci-layout://../layout:nope', 'FROM x\nENV A=b\n'],
  'layout that is not there': ['x=oci-layout://../nope', 'FROM x\nENV A=b\n'],
  'layout that is none': ['x=oci-layout://../extra', 'FROM x\nENV A=b\n'],
  'layout in COPY': ['x=oci-layout://../layout', 'FROM scratch\nCOPY --from=x layout.txt /a\n'],
  'layout in a mount': [
    'x=oci-layout://../layout',
    'FROM busybox\nRUN --mount=from=x,target=/m cat /m/layout.txt > /x\n',
  ],
  'layout replaces an image': ['nope:1=oci-layout://../layout', 'FROM nope:1\nENV B=b\n'],
  'layout replaces a stage': [
    'st=oci-layout://../layout',
    'FROM busybox AS st\nRUN false\nFROM st\nENV B=b\n',
  ],
  'layout that nothing uses': ['x=oci-layout://../layout', 'FROM scratch\nCOPY own /own\n'],
};

export const NAMED_CASES: readonly ConformanceCase[] = [
  ...Object.entries(CASES).map(([name, [values, dockerfile]]) => ({
    name,
    dockerfile,
    files: FILES,
    args: values.flatMap((value) => ['--build-context', value]),
  })),
  ...Object.entries(LAYOUTS).map(([name, [value, dockerfile]]) => ({
    name,
    dockerfile,
    files: { ...FILES, ...imageLayout('../layout') },
    args: ['--build-context', value],
    store: 'containerd' as const,
  })),
];
