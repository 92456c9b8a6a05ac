/** RUN --mount: bind, cache, tmpfs, secret and ssh. */

import type { ConformanceCase } from '../conformance-case.ts';

const FILES = {
  'a.txt': 'a\n',
  'd/one': '1\n',
  'd/two': { content: '2\n', mode: 0o600 },
  '../secret.txt': { content: 'hush\n', mode: 0o644 },
} as const;

const SECRET = ['--secret', 'id=s,src=../secret.txt'] as const;

/** Instructions after a stage `a` with `/o/f` and `FROM busybox`. */
const LINES: Readonly<Record<string, string>> = {
  bind: 'RUN --mount=target=/m cat /m/a.txt > /x',
  'bind by name': 'RUN --mount=type=bind,source=d,target=/m ls -ln /m | tail -n +2 | cut -c1-10 > /x',
  'bind short keys': 'RUN --mount=type=bind,src=a.txt,dst=/f cat /f > /x',
  'bind destination': 'RUN --mount=type=bind,source=/d,destination=/m cat /m/one > /x',
  'bind file': 'RUN --mount=type=bind,source=a.txt,target=/etc/mine cat /etc/mine > /x',
  'bind is read-only': 'RUN --mount=type=bind,target=/m touch /m/x 2>/dev/null || echo ro > /x',
  'bind rw':
    'RUN --mount=type=bind,rw,target=/m touch /m/new && ls /m/new > /x\nRUN --mount=target=/m test ! -e /m/new',
  'bind readwrite false':
    'RUN --mount=type=bind,readwrite=false,target=/m touch /m/x 2>/dev/null || echo ro > /x',
  'bind from stage': 'RUN --mount=type=bind,from=a,target=/m cat /m/o/f > /x',
  'bind from stage, source': 'RUN --mount=type=bind,from=a,source=/o/f,target=/m cat /m > /x',
  'bind from number': 'RUN --mount=type=bind,from=0,source=/o,target=/m ls /m > /x',
  'bind from image':
    'RUN --mount=type=bind,from=busybox:musl,source=/etc,target=/m test -f /m/passwd && echo y > /x',
  'bind from stage keeps owners':
    'RUN --mount=type=bind,from=a,source=/o,target=/m ls -ln /m | awk "{print \\$3}" > /x',
  'bind relative target': 'WORKDIR /w\nRUN --mount=type=bind,source=d,target=m cat m/one > /x',
  'bind in the working directory': 'WORKDIR /w\nRUN --network=none --mount=type=bind,source=d ls /w > /x',
  'bind with an empty target': 'WORKDIR /w\nRUN --network=none --mount=type=bind,source=d,target= ls /w > /x',
  'bind without target or directory': 'RUN --network=none --mount=type=bind,source=d ls > /x',
  'bind in the working directory of the stage below':
    'WORKDIR /w\nFROM busybox AS w\nWORKDIR /v\nFROM w\nRUN --network=none --mount=type=bind,from=busybox,source=/etc ls /v/passwd > /x',
  'bind onto the working directory':
    'WORKDIR /w\nRUN --network=none --mount=type=bind,source=d,target=. ls /w > /x',
  'cache in the working directory':
    'WORKDIR /w\nRUN --network=none --mount=type=cache echo a > f && ls /w > /x\nRUN --network=none --mount=type=cache ls > /y\nWORKDIR /v\nRUN --network=none --mount=type=cache ls > /z',
  'cache by relative targets':
    'WORKDIR /w\nRUN --network=none --mount=type=cache,target=own31 echo a > own31/f\nWORKDIR /v\nRUN --network=none --mount=type=cache,target=./own31 ls own31 > /x',
  'tmpfs in the working directory': 'WORKDIR /w\nRUN --network=none --mount=type=tmpfs touch f && ls > /x',
  'bind missing source': 'RUN --mount=type=bind,source=nope,target=/m true',
  'bind over existing': 'RUN mkdir /m && touch /m/own\nRUN --mount=type=bind,source=d,target=/m ls /m > /x',
  'bind stub stays away': 'RUN --mount=type=bind,source=d,target=/p/q/r true',
  'bind by variable': 'ARG S=d T=/m\nRUN --mount=type=bind,source=$S,target=$T cat /m/one > /x',
  'two binds':
    'RUN --mount=type=bind,source=d,target=/m --mount=type=bind,source=a.txt,target=/n cat /m/one /n > /x',
  'bind is default type': 'RUN --mount=source=d,target=/m cat /m/one > /x',
  cache: 'RUN --mount=type=cache,target=/c echo a > /c/f && ls /c > /x',
  'cache stays away': 'RUN --mount=type=cache,id=own1,target=/c echo a > /c/f',
  'cache is shared':
    'RUN --mount=type=cache,id=own2,target=/c echo shared > /c/f\nRUN --mount=type=cache,id=own2,target=/k cat /k/f > /x',
  'cache by target':
    'RUN --mount=type=cache,target=/own3 echo a > /own3/f\nRUN --mount=type=cache,target=/own3/ cat /own3/f > /x',
  'cache mode and owner':
    'RUN --mount=type=cache,id=own4,target=/c,uid=5,gid=6,mode=0711 stat -c "%u %g %a" /c > /x',
  'cache default mode': 'RUN --mount=type=cache,id=own5,target=/c stat -c "%u %g %a" /c > /x',
  'cache read-only': 'RUN --mount=type=cache,id=own6,ro,target=/c touch /c/f 2>/dev/null || echo ro > /x',
  'cache private': 'RUN --mount=type=cache,id=own7,sharing=private,target=/c echo a > /c/f && ls /c > /x',
  'cache locked': 'RUN --mount=type=cache,id=own8,sharing=locked,target=/c echo a > /c/f && ls /c > /x',
  'cache from stage': 'RUN --mount=type=cache,id=own9,from=a,source=/o,target=/c ls /c > /x',
  'cache unknown sharing': 'RUN --mount=type=cache,sharing=some,target=/c true',
  'cache without target': 'RUN --mount=type=cache true',
  'cache relative target':
    'WORKDIR /w\nRUN --mount=type=cache,id=own10,target=c echo a > c/f && ls /w/c > /x',
  'cache in a directory of the base': 'RUN --mount=type=cache,id=own11,target=/etc/c echo a > /etc/c/f',
  tmpfs: 'RUN --mount=type=tmpfs,target=/t echo a > /t/f && cp /t/f /x',
  'tmpfs size':
    'RUN --mount=type=tmpfs,target=/t,size=1m dd if=/dev/zero of=/t/f bs=1M count=3 2>/dev/null || echo full > /x',
  'tmpfs over existing': 'RUN --mount=type=tmpfs,target=/etc ls /etc > /x',
  'tmpfs mode': 'RUN --mount=type=tmpfs,target=/t stat -c %a /t > /x',
  'tmpfs without target': 'RUN --mount=type=tmpfs true',
  secret: 'RUN --mount=type=secret,id=s cat /run/secrets/s > /x',
  'secret target': 'RUN --mount=type=secret,id=s,target=/etc/s cat /etc/s > /x',
  'secret env':
    'RUN --mount=type=secret,id=s,env=S echo "$S" > /x; ls /run/secrets 2>/dev/null >> /x || true',
  'secret env and target': 'RUN --mount=type=secret,id=s,env=S,target=/s echo "$S" > /x; cat /s >> /x',
  'secret mode': 'RUN --mount=type=secret,id=s stat -c "%u %g %a" /run/secrets/s > /x',
  'secret mode and owner':
    'RUN --mount=type=secret,id=s,uid=5,gid=6,mode=0440 stat -c "%u %g %a" /run/secrets/s > /x',
  'secret missing': 'RUN --mount=type=secret,id=none ls /run/secrets 2>/dev/null > /x || echo none > /x',
  'secret required': 'RUN --mount=type=secret,id=none,required true',
  'secret required, given': 'RUN --mount=type=secret,id=s,required=true cat /run/secrets/s > /x',
  'secret by target': 'RUN --mount=type=secret,target=/run/secrets/s cat /run/secrets/s > /x',
  'secret by source': 'RUN --mount=type=secret,source=s cat /run/secrets/s > /x',
  'secret alone': 'RUN --mount=type=secret true',
  'secret relative target': 'WORKDIR /w\nRUN --mount=type=secret,id=s,target=t cat /w/t > /x',
  'ssh not given': 'RUN --mount=type=ssh echo "[$SSH_AUTH_SOCK]" > /x',
  'ssh required': 'RUN --mount=type=ssh,required true',
  'unknown type': 'RUN --mount=type=nope,target=/x true',
  'unknown key': 'RUN --mount=type=bind,nope=1,target=/x true',
  'key of another type': 'RUN --mount=type=bind,sharing=locked,target=/x true',
  'bind without target': 'RUN --mount=type=bind,source=d true',
  'bind to root': 'RUN --mount=type=bind,source=d,target=/ true',
  'quoted field': 'RUN --mount=type=bind,"source=d",target=/m cat /m/one > /x',
  'type in capitals': 'RUN --mount=type=BIND,target=/m cat /m/a.txt > /x',
  'keys in capitals': 'RUN --mount=TYPE=bind,TARGET=/m cat /m/a.txt > /x',
  'bad boolean': 'RUN --mount=type=bind,rw=perhaps,target=/m true',
  'bad mode': 'RUN --mount=type=cache,mode=abc,target=/m true',
  'bad uid': 'RUN --mount=type=cache,uid=abc,target=/m true',
  'bad size': 'RUN --mount=type=tmpfs,size=abc,target=/m true',
  'user sees mount':
    'USER 1000\nRUN --mount=type=cache,id=own12,uid=1000,target=/c echo a > /c/f && cat /c/f > /tmp/x',
  'exec form': 'RUN --mount=type=bind,source=a.txt,target=/f ["cp", "/f", "/x"]',
};

const SOCKET = 'stat -c "%n %u %g %a %F" $SSH_AUTH_SOCK > /tmp/x';

/** With `--ssh default` and `--ssh other`. */
const AGENTS: Readonly<Record<string, string>> = {
  'ssh given': `RUN --mount=type=ssh ${SOCKET}`,
  'ssh given, required': `RUN --mount=type=ssh,required ${SOCKET}`,
  'ssh by id': `RUN --mount=type=ssh,id=other ${SOCKET}`,
  'ssh by id default': `RUN --mount=type=ssh,id=default ${SOCKET}`,
  'ssh by unknown id': 'RUN --mount=type=ssh,id=nope echo "[$SSH_AUTH_SOCK]" > /x; ls /run >> /x || true',
  'ssh by unknown id, required': 'RUN --mount=type=ssh,id=nope,required=true true',
  'ssh target': `RUN --mount=type=ssh,target=/agent.sock ${SOCKET}`,
  'ssh target in a new directory': `RUN --mount=type=ssh,target=/a/b/agent.sock ${SOCKET}`,
  'ssh target relative': `WORKDIR /w\nRUN --mount=type=ssh,target=agent.sock ${SOCKET}`,
  'ssh owner and mode': `RUN --mount=type=ssh,uid=1000,gid=1001,mode=0660 ${SOCKET}`,
  'ssh mode alone': `RUN --mount=type=ssh,mode=666 ${SOCKET}`,
  'ssh for a user': `USER 1000:1001\nRUN --mount=type=ssh,uid=1000 ${SOCKET}`,
  'ssh twice':
    'RUN --mount=type=ssh --mount=type=ssh,id=other ls /run/buildkit > /x; echo $SSH_AUTH_SOCK >> /x',
  'ssh twice with targets':
    'RUN --mount=type=ssh,target=/one --mount=type=ssh,id=other,target=/two ls /one /two > /x; echo $SSH_AUTH_SOCK >> /x',
  'ssh with ENV': `ENV SSH_AUTH_SOCK=/mine\nRUN --mount=type=ssh echo $SSH_AUTH_SOCK > /x; ls /run/buildkit >> /x`,
  'ssh with ARG': `ARG SSH_AUTH_SOCK=/mine\nRUN --mount=type=ssh echo $SSH_AUTH_SOCK > /x`,
  'ssh leaves nothing':
    'RUN --mount=type=ssh true\nRUN ls -d /run /run/buildkit > /x 2>/dev/null; env | grep SSH >> /x || true',
  'ssh in the exec form': 'RUN --mount=type=ssh ["sh", "-c", "echo $SSH_AUTH_SOCK > /x"]',
  'ssh with source': 'RUN --mount=type=ssh,source=default true',
  'ssh with from': 'RUN --mount=type=ssh,from=a true',
  'ssh bad mode': 'RUN --mount=type=ssh,mode=9 true',
  'ssh target is a file': 'RUN touch /f\nRUN --mount=type=ssh,target=/f test -S /f && echo socket > /x',
};

function onStage(line: string): string {
  return `FROM busybox AS a\nRUN mkdir /o && echo f > /o/f && chown 7:7 /o/f\nFROM busybox\n${line}\n`;
}

export const MOUNT_CASES: readonly ConformanceCase[] = [
  ...Object.entries(LINES).map(([name, line]) => ({
    name,
    dockerfile: onStage(line),
    files: FILES,
    args: SECRET,
  })),
  ...Object.entries(AGENTS).map(([name, line]) => ({
    name,
    dockerfile: onStage(line),
    args: ['--ssh', 'default={agent}', '--ssh', 'other={agent}'],
  })),
  {
    name: 'ssh by the environment',
    dockerfile: onStage(`RUN --mount=type=ssh ${SOCKET}`),
    args: ['--ssh', 'default'],
    env: { SSH_AUTH_SOCK: '{agent}' },
  },
  {
    name: 'ssh without an agent in the environment',
    dockerfile: onStage(`RUN --mount=type=ssh ${SOCKET}`),
    args: ['--ssh', 'default'],
    env: { SSH_AUTH_SOCK: '' },
  },
  {
    name: 'ssh with a file that is none',
    dockerfile: onStage(`RUN --mount=type=ssh ${SOCKET}`),
    args: ['--ssh', 'default={cwd}/Dockerfile'],
  },
  {
    name: 'ssh with a file that is missing',
    dockerfile: onStage(`RUN --mount=type=ssh ${SOCKET}`),
    args: ['--ssh', 'default=nope'],
  },
  {
    name: 'ssh with two agents for an id',
    dockerfile: onStage(`RUN --mount=type=ssh ${SOCKET}`),
    args: ['--ssh', 'default={agent},{agent}'],
  },
];
