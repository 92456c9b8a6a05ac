/** Options of the build command. */

import type { ConformanceCase } from '../conformance-case.ts';

const SHOW = 'FROM busybox\nRUN cat /etc/hosts | grep -v -e localhost -e buildkitsandbox > /x; true\n';

export const OPTION_CASES: readonly ConformanceCase[] = [
  {
    name: 'label',
    dockerfile: 'FROM busybox\nLABEL a=1 b=2\n',
    args: ['--label', 'b=3', '--label', 'c=4 5'],
  },
  { name: 'label without value', dockerfile: 'FROM busybox\n', args: ['--label', 'c'] },
  { name: 'label of a stage', dockerfile: 'FROM busybox AS a\nFROM a\n', args: ['--label', 'x=y'] },
  { name: 'add-host', dockerfile: SHOW, args: ['--add-host', 'one:10.0.0.1', '--add-host', 'two=10.0.0.2'] },
  {
    name: 'add-host IPv6',
    dockerfile: SHOW,
    args: ['--add-host', 'six:::1', '--add-host', 'seven=[2001:db8::7]'],
  },
  {
    name: 'shm-size',
    dockerfile: 'FROM busybox\nRUN df -k /dev/shm | tail -1 | awk "{print \\$2}" > /x\n',
    args: ['--shm-size', '32m'],
  },
  {
    name: 'shm-size default',
    dockerfile: 'FROM busybox\nRUN df -k /dev/shm | tail -1 | awk "{print \\$2}" > /x\n',
  },
  {
    name: 'ulimit',
    dockerfile: 'FROM busybox\nRUN ulimit -n > /x; ulimit -Hn >> /x\n',
    args: ['--ulimit', 'nofile=512:1024'],
  },
  {
    name: 'ulimit single',
    dockerfile: 'FROM busybox\nRUN ulimit -n > /x; ulimit -Hn >> /x\n',
    args: ['--ulimit', 'nofile=512'],
  },
  {
    name: 'network none',
    dockerfile: 'FROM busybox\nRUN ls /sys/class/net > /x\n',
    args: ['--network', 'none'],
  },
  { name: 'no-cache', dockerfile: 'FROM busybox\nRUN echo a > /x\n', args: ['--no-cache'] },
  {
    name: 'no-cache-filter',
    dockerfile: 'FROM busybox AS a\nRUN echo a > /x\n',
    args: ['--no-cache-filter', 'a'],
  },
  {
    name: 'no-cache-filter several',
    dockerfile: 'FROM busybox AS a\nRUN echo a > /x\n',
    args: ['--no-cache-filter', 'a,b'],
  },
  { name: 'target unknown', dockerfile: 'FROM busybox AS a\n', args: ['--target', 'nope'] },
  { name: 'target number too large', dockerfile: 'FROM busybox AS a\n', args: ['--target', '7'] },
  {
    name: 'build-arg twice',
    dockerfile: 'FROM busybox\nARG A\nENV B=$A\n',
    args: ['--build-arg', 'A=1', '--build-arg', 'A=2'],
  },
  {
    name: 'build-arg with equals',
    dockerfile: 'FROM busybox\nARG A\nENV B=$A\n',
    args: ['--build-arg', 'A=x=y'],
  },
  {
    name: 'platform',
    dockerfile: 'FROM scratch\nARG TARGETPLATFORM\nENV P=$TARGETPLATFORM\n',
    args: ['--platform', 'linux/arm64'],
  },
  {
    name: 'platform variant',
    dockerfile:
      'FROM scratch\nARG TARGETPLATFORM TARGETVARIANT TARGETARCH BUILDPLATFORM\nENV P=$TARGETPLATFORM V=$TARGETVARIANT A=$TARGETARCH\n',
    args: ['--platform', 'linux/arm/v6'],
  },
  {
    name: 'platform that the base is not for',
    dockerfile: 'FROM scratch AS a\nFROM busybox\nCOPY Dockerfile /\n',
    args: ['--platform', 'linux/arm64'],
  },
  {
    name: 'platform of FROM that the base is not for',
    dockerfile: 'FROM --platform=linux/386 busybox\nCOPY Dockerfile /\n',
  },
  {
    name: 'platform of FROM with a variant',
    dockerfile: 'FROM --platform=linux/amd64/v2 busybox\nCOPY Dockerfile /\n',
  },
  {
    name: 'platform that the source of a COPY is not for',
    dockerfile: 'FROM --platform=$BUILDPLATFORM busybox\nCOPY --from=busybox:musl /bin/busybox /x\n',
    args: ['--platform', 'linux/arm64'],
  },
  {
    name: 'platform of a stage that copies from an image for another',
    dockerfile: 'FROM --platform=linux/arm64 scratch\nCOPY --from=busybox /bin/busybox /x\n',
  },
  {
    name: 'platform of the machine in a stage for another',
    dockerfile:
      'FROM --platform=$BUILDPLATFORM busybox AS a\nFROM scratch\nCOPY --from=a /bin/busybox /x\nARG BUILDARCH TARGETARCH\nENV A=$BUILDARCH B=$TARGETARCH\n',
    args: ['--platform', 'linux/arm64'],
  },
  {
    name: 'platform of a COPY',
    dockerfile: 'FROM scratch\nCOPY Dockerfile /\n',
    args: ['--platform', 'linux/arm64'],
  },
  {
    name: 'secret from env',
    dockerfile: 'FROM busybox\nRUN --mount=type=secret,id=s cat /run/secrets/s > /x1\n',
    args: ['--secret', 'id=s,env=CASE_SECRET'],
    env: { CASE_SECRET: 'hush' },
  },
  {
    name: 'secret by id from env',
    dockerfile: 'FROM busybox\nRUN --mount=type=secret,id=CASE_SECRET cat /run/secrets/CASE_SECRET > /x2\n',
    args: ['--secret', 'id=CASE_SECRET'],
    env: { CASE_SECRET: 'hush' },
  },
  {
    name: 'secret with type',
    dockerfile: 'FROM busybox\nRUN --mount=type=secret,id=s cat /run/secrets/s > /x3\n',
    files: { '../s': 'file' },
    args: ['--secret', 'type=file,id=s,source=../s'],
  },
  {
    name: 'secret type env',
    dockerfile: 'FROM busybox\nRUN --mount=type=secret,id=s cat /run/secrets/s > /x4\n',
    args: ['--secret', 'type=env,id=s,env=CASE_SECRET'],
    env: { CASE_SECRET: 'e' },
  },
  {
    name: 'secret file missing',
    dockerfile: 'FROM busybox\nRUN --mount=type=secret,id=s true\n',
    args: ['--secret', 'id=s,src=nope'],
  },
  {
    name: 'SOURCE_DATE_EPOCH of the environment',
    dockerfile: 'FROM busybox\nRUN echo a > /x\n',
    env: { SOURCE_DATE_EPOCH: '1600000000' },
  },
  { name: 'pull of a local image', dockerfile: 'FROM scratch\nENV A=b\n', args: ['--pull'] },
  {
    name: 'cgroup-parent',
    dockerfile: 'FROM busybox\nRUN echo a > /x\n',
    args: ['--cgroup-parent', 'naru-conformance'],
  },
  {
    name: 'checks by build-arg',
    dockerfile: '# check=error=true\nFROM scratch as base\ncopy Dockerfile .\n',
    args: ['--build-arg', 'BUILDKIT_DOCKERFILE_CHECK=skip=all'],
  },
  {
    name: 'checks by build-arg instead of the directive',
    dockerfile: '# check=skip=FromAsCasing;error=true\nFROM scratch as base\n',
    args: ['--build-arg', 'BUILDKIT_DOCKERFILE_CHECK=skip=ConsistentInstructionCasing;error=true'],
  },
  {
    name: 'checks by an empty build-arg',
    dockerfile: '# check=error=true\nFROM scratch as base\ncopy Dockerfile .\n',
    args: ['--build-arg', 'BUILDKIT_DOCKERFILE_CHECK='],
  },
  {
    name: 'checks by build-arg, a bad one',
    dockerfile: 'FROM scratch\nENV A=b\n',
    args: ['--build-arg', 'BUILDKIT_DOCKERFILE_CHECK=nope=1'],
  },
  {
    name: 'checks by build-arg, a bad value',
    dockerfile: 'FROM scratch\nENV A=b\n',
    args: ['--build-arg', 'BUILDKIT_DOCKERFILE_CHECK=skip=X;error=maybe'],
  },
  {
    name: 'hostname of the sandbox',
    dockerfile: 'FROM busybox\nRUN hostname > /a; echo $HOSTNAME > /b; cat /etc/hosts > /c\n',
    args: ['--network', 'none', '--build-arg', 'BUILDKIT_SANDBOX_HOSTNAME=box'],
  },
  {
    name: 'namespace of cache mounts',
    dockerfile:
      'FROM busybox\nRUN --mount=type=cache,target=/c echo a > /c/f\nRUN --mount=type=cache,id=/c,target=/d cat /d/f > /x\n',
    args: ['--network', 'none', '--build-arg', 'BUILDKIT_CACHE_MOUNT_NS=apart'],
  },
  {
    name: 'build-arg in label',
    dockerfile: 'ARG V=1\nFROM busybox\nARG V\nLABEL version=$V\n',
    args: ['--build-arg', 'V=2', '--label', 'extra=$V'],
  },
];
