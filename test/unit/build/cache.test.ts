/** Which step runs again after a change of its own line, its context or the options: tables of pairs. Each build is also compared with a clean one, and its preview with it. */

import assert from 'node:assert/strict';

import { type BuildOptions, defaultBuildOptions } from '../../../core/build/options.ts';
import { contextTree } from '../../../core/context/context-tree.ts';
import { readIgnoreFile } from '../../../core/context/ignore.ts';
import { type MemoryFile, memoryTree } from '../../../core/context/memory-tree.ts';
import { baseImages } from './base-images.ts';
import { checkedBuild } from './checked-build.ts';
import { type BuildRequest, MemoryCache } from './memory-builder.ts';

const PLATFORM = { os: 'linux', architecture: 'amd64' };

interface Project {
  /** After `FROM base AS first`. */
  readonly lines: string;
  readonly files?: Readonly<Record<string, string | MemoryFile>>;
  readonly options?: Partial<BuildOptions>;
}

const FILES: Readonly<Record<string, string | MemoryFile>> = {
  'a.txt': 'a',
  'b.txt': 'b',
  'same.txt': 'a',
  'src/one': '1',
  'src/two.md': '2',
  'lib/one': '1',
  'lib/two.md': '2',
  'x.tar': 'archive',
  'src/x.tar': 'archive',
};

type Pair = readonly [before: string | Project, after: string | Project];

/** The last step finds the record of the first build. */
const CACHED: Readonly<Record<string, Pair>> = {
  'the same': ['RUN a', 'RUN a'],
  'RUN in exec form': ['RUN a b', 'RUN ["/bin/sh", "-c", "a b"]'],
  'RUN with another order of ENV': ['ENV A=1\nENV B=2\nRUN a', 'ENV B=2\nENV A=1\nRUN a'],
  'RUN below ENV given twice': ['ENV A=1\nRUN a', 'ENV A=0\nENV A=1\nRUN a'],
  'RUN with ENV for ARG': ['ARG A=1\nENV A=1\nRUN a', 'ENV A=1\nRUN a'],
  'RUN in the same directory': ['WORKDIR /w\nRUN a', 'WORKDIR /w/\nRUN a'],
  'RUN with ARG without value': ['RUN a', 'ARG NONE\nRUN a'],
  'RUN with metadata': ['RUN a', 'LABEL a=b\nEXPOSE 80\nCMD x\nRUN a'],
  'RUN with another address of a host': [
    { lines: 'RUN a', options: { extraHosts: [{ name: 'h', address: '10.0.0.1' }] } },
    { lines: 'RUN a', options: { extraHosts: [{ name: 'h', address: '10.0.0.2' }] } },
  ],
  'RUN with a predefined proxy': [
    'RUN a',
    { lines: 'RUN a', options: { buildArgs: new Map([['HTTP_PROXY', 'http://p']]) } },
  ],
  'RUN with another id of a cache': [
    'RUN --mount=type=cache,target=/c,id=x a',
    'RUN --mount=type=cache,target=/c,id=y,sharing=locked a',
  ],
  'RUN with options of a mount in another order': [
    'RUN --mount=type=tmpfs,target=/t,size=1m a',
    'RUN --mount=size=1m,type=tmpfs,dst=/t a',
  ],
  'RUN with a bound folder that moved': [
    'RUN --mount=type=bind,source=src,target=/m a',
    {
      lines: 'RUN --mount=type=bind,source=moved,target=/m a',
      files: { 'moved/one': '1', 'moved/two.md': '2', 'moved/x.tar': 'archive' },
    },
  ],
  'RUN with a bound file of another name': [
    'RUN --mount=type=bind,source=a.txt,target=/m a',
    'RUN --mount=type=bind,source=same.txt,target=/m a',
  ],
  'RUN with the delimiter of its heredoc': ['RUN <<A\na\nA', 'RUN <<B\na\nB'],
  'COPY of another name to a path': ['COPY a.txt /x', 'COPY same.txt /x'],
  'COPY of another name from a stage': [
    'COPY a.txt same.txt /f/\nFROM base\nCOPY --from=0 /f/a.txt /x',
    'COPY a.txt same.txt /f/\nFROM base\nCOPY --from=0 /f/same.txt /x',
  ],
  'COPY with the delimiter of its heredoc': ['COPY <<A /x\nbody\nA', 'COPY <<B /x\nbody\nB'],
  'COPY --link of another name': ['COPY --link a.txt /x', 'COPY --link same.txt /x'],
  'COPY of a heredoc as a file': ['COPY <<A /x\na\nA', { lines: 'COPY f /x', files: { f: 'a\n' } }],
  'COPY of another folder with the same files': ['COPY --exclude=x.tar src /d', 'COPY lib /d'],
  'COPY spelled otherwise': ['COPY src/ d/', 'COPY ./src/../src /d/'],
  'COPY with other words for --exclude': ['COPY --exclude=*.md src /d/', 'COPY --exclude=two.md src /d/'],
  'COPY with --chmod over another mode': [
    { lines: 'COPY --chmod=600 a.txt /d/', files: { 'a.txt': { content: 'a', mode: 0o644 } } },
    { lines: 'COPY --chmod=0600 a.txt /d/', files: { 'a.txt': { content: 'a', mode: 0o755 } } },
  ],
  'COPY from a stage with --chmod in other digits': [
    'COPY a.txt /f\nFROM base\nCOPY --from=0 --chmod=755 /f /d/',
    'COPY a.txt /f\nFROM base\nCOPY --from=0 --chmod=0755 /f /d/',
  ],
  'ADD with --chmod in other digits': ['ADD --chmod=644 a.txt /d/', 'ADD --chmod=0644 a.txt /d/'],
  'COPY with --chown in other digits': ['COPY --chown=1:1 a.txt /d/', 'COPY --chown=01:001 a.txt /d/'],
  'COPY with an empty owner and an empty mode': ['COPY a.txt /d/', 'COPY --chown= --chmod= a.txt /d/'],
  'COPY of a touched file': [
    'COPY a.txt /d/',
    { lines: 'COPY a.txt /d/', files: { ...FILES, 'a.txt': { content: 'a', mtimeNs: 9n } } },
  ],
  'COPY of a file of another owner': [
    'COPY a.txt /d/',
    { lines: 'COPY a.txt /d/', files: { 'a.txt': { content: 'a', uid: 7, gid: 8 } } },
  ],
  'COPY beside an ignored file': [
    'COPY src /d/',
    { lines: 'COPY src /d/', files: { ...FILES, '.dockerignore': 'none', none: '' } },
  ],
  'COPY --from by number': [
    'RUN constant k\nFROM base\nCOPY --from=0 /constant /x',
    'RUN constant k\nFROM base\nCOPY --from=0 --link=false constant /x',
  ],
  'COPY --from a stage that ran again with the same result': [
    'RUN constant k\nFROM base\nCOPY --from=0 /constant /x',
    'RUN constant k more\nFROM base\nCOPY --from=0 /constant /x',
  ],
  'WORKDIR by the same user': ['USER 5\nWORKDIR /w', 'USER 5\nLABEL a=b\nWORKDIR /w/.'],
};

/** The last step runs. */
const RUNS: Readonly<Record<string, Pair>> = {
  'RUN with another command': ['RUN a', 'RUN b'],
  'RUN with the words cut otherwise': ['RUN ["a b", "c"]', 'RUN ["a", "b c"]'],
  'RUN with another value of ENV': ['ENV A=1\nRUN a', 'ENV A=2\nRUN a'],
  'RUN with one more ENV': ['RUN a', 'ENV A=1\nRUN a'],
  'RUN with another name of ENV': ['ENV A=1\nRUN a', 'ENV B=1\nRUN a'],
  'RUN with ENV cut otherwise': ['ENV A=1B\nRUN a', 'ENV A1=B\nRUN a'],
  'RUN with another default of ARG': ['ARG A=1\nRUN a', 'ARG A=2\nRUN a'],
  'RUN with another value of ARG': [
    'ARG A=1\nRUN a',
    { lines: 'ARG A=1\nRUN a', options: { buildArgs: new Map([['A', '2']]) } },
  ],
  'RUN with a declared proxy': [
    'ARG HTTP_PROXY\nRUN a',
    { lines: 'ARG HTTP_PROXY\nRUN a', options: { buildArgs: new Map([['HTTP_PROXY', 'http://p']]) } },
  ],
  'RUN with an ENV whose name looks secret': ['ENV TOKEN=1\nRUN a', 'ENV TOKEN=2\nRUN a'],
  'RUN in another directory over the same files': ['WORKDIR /w\nRUN a', 'WORKDIR /w\nWORKDIR /\nRUN a'],
  'RUN by another user': ['USER 1\nRUN a', 'USER 2\nRUN a'],
  'RUN with another shell': ['SHELL ["/bin/sh", "-c"]\nRUN a', 'SHELL ["/bin/sh", "-ec"]\nRUN a'],
  'RUN with another network': ['RUN a', 'RUN --network=none a'],
  'RUN with the network of the command line': ['RUN a', { lines: 'RUN a', options: { network: 'host' } }],
  'RUN with more rights': ['RUN a', 'RUN --security=insecure a'],
  'RUN with one more host': [
    'RUN a',
    { lines: 'RUN a', options: { extraHosts: [{ name: 'h', address: '10.0.0.1' }] } },
  ],
  'RUN with another name of a host': [
    { lines: 'RUN a', options: { extraHosts: [{ name: 'h', address: '10.0.0.1' }] } },
    { lines: 'RUN a', options: { extraHosts: [{ name: 'i', address: '10.0.0.1' }] } },
  ],
  'RUN with a limit': [
    'RUN a',
    { lines: 'RUN a', options: { ulimits: [{ name: 'nofile', soft: 1, hard: 2 }] } },
  ],
  'RUN with another soft limit': [
    { lines: 'RUN a', options: { ulimits: [{ name: 'nofile', soft: 1, hard: 2 }] } },
    { lines: 'RUN a', options: { ulimits: [{ name: 'nofile', soft: 2, hard: 2 }] } },
  ],
  'RUN with another limited thing': [
    { lines: 'RUN a', options: { ulimits: [{ name: 'nofile', soft: 1, hard: 2 }] } },
    { lines: 'RUN a', options: { ulimits: [{ name: 'nproc', soft: 1, hard: 2 }] } },
  ],
  'RUN with more shared memory': ['RUN a', { lines: 'RUN a', options: { shmSizeBytes: 1 } }],
  'RUN with other shared memory': [
    { lines: 'RUN a', options: { shmSizeBytes: 1 } },
    { lines: 'RUN a', options: { shmSizeBytes: 2 } },
  ],
  'RUN in another cgroup': ['RUN a', { lines: 'RUN a', options: { cgroupParent: '/c' } }],
  'RUN for another platform': [
    'RUN a',
    { lines: 'RUN a', options: { platform: { os: 'linux', architecture: 'amd64', variant: 'v2' } } },
  ],
  'RUN over nothing for another platform': [
    'FROM scratch\nRUN a',
    {
      lines: 'FROM scratch\nRUN a',
      options: { platform: { os: 'linux', architecture: 'arm', variant: 'v7' } },
    },
  ],
  'RUN with another body': ['RUN <<A\na\nA', 'RUN <<A\nb\nA'],
  'RUN with another script': ['RUN <<A\n#!/x\na\nA', 'RUN <<A\n#!/x\nb\nA'],
  'RUN with another name of its script': ['RUN <<A\n#!/x\na\nA', 'RUN <<B\n#!/x\na\nB'],
  'RUN with one more mount': ['RUN a', 'RUN --mount=type=tmpfs,target=/t a'],
  'RUN with another place of a mount': [
    'RUN --mount=type=tmpfs,target=/t a',
    'RUN --mount=type=tmpfs,target=/u a',
  ],
  'RUN with another size of tmpfs': [
    'RUN --mount=type=tmpfs,target=/t,size=1 a',
    'RUN --mount=type=tmpfs,target=/t,size=2 a',
  ],
  'RUN with a cache in place of tmpfs': [
    'RUN --mount=type=tmpfs,target=/t a',
    'RUN --mount=type=cache,target=/t a',
  ],
  'RUN with another owner of a cache': [
    'RUN --mount=type=cache,target=/c a',
    'RUN --mount=type=cache,target=/c,uid=1 a',
  ],
  'RUN with another group of a cache': [
    'RUN --mount=type=cache,target=/c a',
    'RUN --mount=type=cache,target=/c,gid=1 a',
  ],
  'RUN with another mode of a cache': [
    'RUN --mount=type=cache,target=/c a',
    'RUN --mount=type=cache,target=/c,mode=700 a',
  ],
  'RUN with a cache that is read-only': [
    'RUN --mount=type=cache,target=/c a',
    'RUN --mount=type=cache,target=/c,ro a',
  ],
  'RUN with another secret': [
    'RUN --mount=type=secret,id=s a',
    'RUN --mount=type=secret,id=t,target=/run/secrets/s a',
  ],
  'RUN with a secret that is required': [
    'RUN --mount=type=secret,id=s a',
    'RUN --mount=type=secret,id=s,required a',
  ],
  'RUN with a secret as a variable': [
    'RUN --mount=type=secret,id=s a',
    'RUN --mount=type=secret,id=s,env=S a',
  ],
  'RUN with another variable for a secret': [
    'RUN --mount=type=secret,id=s,env=S a',
    'RUN --mount=type=secret,id=s,env=T a',
  ],
  'RUN with another mode of a secret': [
    'RUN --mount=type=secret,id=s a',
    'RUN --mount=type=secret,id=s,mode=444 a',
  ],
  'RUN with another owner of a secret': [
    'RUN --mount=type=secret,id=s a',
    'RUN --mount=type=secret,id=s,uid=1 a',
  ],
  'RUN with another agent': ['RUN --mount=type=ssh a', 'RUN --mount=type=ssh,id=x a'],
  'RUN with an agent that is required': ['RUN --mount=type=ssh a', 'RUN --mount=type=ssh,required a'],
  'RUN with a bind that is writable': [
    'RUN --mount=source=src,target=/m a',
    'RUN --mount=source=src,target=/m,rw a',
  ],
  'RUN with another bound file': [
    'RUN --mount=source=src,target=/m a',
    { lines: 'RUN --mount=source=src,target=/m a', files: { ...FILES, 'src/one': '!' } },
  ],
  'RUN with one more bound file': [
    'RUN --mount=source=src,target=/m a',
    { lines: 'RUN --mount=source=src,target=/m a', files: { ...FILES, 'src/new': '' } },
  ],
  'RUN with the files of two binds swapped': [
    'RUN --mount=source=a.txt,target=/m --mount=source=b.txt,target=/n a',
    'RUN --mount=source=b.txt,target=/m --mount=source=a.txt,target=/n a',
  ],
  'RUN with a bind of another part of a stage': [
    'COPY src a.txt /f/\nFROM base\nRUN --mount=from=first,source=/f,target=/m a',
    'COPY src a.txt /f/\nFROM base\nRUN --mount=from=first,source=/f/a.txt,target=/m a',
  ],
  'COPY of other content': ['COPY a.txt /x', 'COPY b.txt /x'],
  'COPY to another place': ['COPY a.txt /x', 'COPY a.txt /y'],
  'COPY into a folder': ['COPY a.txt /x', 'COPY a.txt /x/'],
  'COPY of another name into a folder': ['COPY a.txt /x/', 'COPY same.txt /x/'],
  'COPY of another name to where a folder is': ['WORKDIR /x\nCOPY a.txt /x', 'WORKDIR /x\nCOPY same.txt /x'],
  'COPY of another name from a stage to where a folder is': [
    'COPY a.txt same.txt /f/\nFROM base\nWORKDIR /x\nCOPY --from=0 /f/a.txt /x',
    'COPY a.txt same.txt /f/\nFROM base\nWORKDIR /x\nCOPY --from=0 /f/same.txt /x',
  ],
  'COPY of another name from a stage into a folder': [
    'COPY a.txt same.txt /f/\nFROM base\nCOPY --from=0 /f/a.txt /x/',
    'COPY a.txt same.txt /f/\nFROM base\nCOPY --from=0 /f/same.txt /x/',
  ],
  'COPY of a folder in place of a file': [
    { lines: 'COPY f /x', files: { 'f/f': '1' } },
    { lines: 'COPY f /x', files: { f: '1' } },
  ],
  'COPY of a folder from a stage in place of an empty one': [
    'WORKDIR /f/e\nFROM base\nCOPY --from=0 /f/e /x',
    'COPY src /f/e\nFROM base\nCOPY --from=0 /f/e /x',
  ],
  'COPY of the files of a folder': ['COPY src /d/', 'COPY src/* /d/e/'],
  'COPY of one file more': ['COPY src /d/', { lines: 'COPY src /d/', files: { ...FILES, 'src/new': '' } }],
  'COPY of an empty folder more': [
    'COPY src /d/',
    { lines: 'COPY src /d/', files: { ...FILES, 'src/new/': {} } },
  ],
  'COPY with another mode': [
    'COPY a.txt /x',
    { lines: 'COPY a.txt /x', files: { 'a.txt': { content: 'a', mode: 0o600 } } },
  ],
  'COPY with another mode of a folder': [
    'COPY src /d/',
    { lines: 'COPY src /d/', files: { ...FILES, 'src/': { mode: 0o755 }, 'src/sub/': { mode: 0o700 } } },
  ],
  'COPY with another owner': ['COPY --chown=1 a.txt /x', 'COPY --chown=2 a.txt /x'],
  'COPY with another group': ['COPY --chown=1:1 a.txt /x', 'COPY --chown=1:2 a.txt /x'],
  'COPY with an owner whose name ends in a number': [
    'COPY --chown=one1 a.txt /x',
    'COPY --chown=two2 a.txt /x',
  ],
  'COPY with an owner whose name begins with a number': [
    'COPY --chown=1one a.txt /x',
    'COPY --chown=2two a.txt /x',
  ],
  'COPY with an owner by name': ['COPY --chown=one a.txt /x', 'COPY --chown=two a.txt /x'],
  'COPY with another --chmod': ['COPY --chmod=600 a.txt /x', 'COPY --chmod=640 a.txt /x'],
  'COPY with --chmod that counts for the folder too': [
    'COPY --chmod=700 a.txt /x/',
    'COPY --chmod=u=rwx,go= a.txt /x/',
  ],
  'COPY with parents': ['COPY src/one /d/', 'COPY --parents src/one /d/'],
  'COPY without some': ['COPY src /d/', 'COPY --exclude=*.md src /d/'],
  'ADD in place of COPY': ['COPY x.tar /d/', 'ADD x.tar /d/'],
  'ADD that does not unpack': ['ADD x.tar /d/', 'ADD --unpack=false x.tar /d/'],
  'ADD that names an archive of a folder': ['ADD src /d/', 'ADD src src/x.tar /d/'],
  'COPY --from with another --chown': [
    'RUN constant k\nFROM base\nCOPY --from=0 /constant /x',
    'RUN constant k\nFROM base\nCOPY --from=0 --chown=5 /constant /x',
  ],
  'COPY --from with another --chmod': [
    'RUN constant k\nFROM base\nCOPY --from=0 /constant /x',
    'RUN constant k\nFROM base\nCOPY --from=0 --chmod=600 /constant /x',
  ],
  'COPY --from of other content': [
    'RUN constant k\nFROM base\nCOPY --from=0 /constant /x',
    'RUN constant l\nFROM base\nCOPY --from=0 /constant /x',
  ],
  'COPY --from a stage below another root': [
    'RUN constant k\nFROM base\nRUN a\nCOPY --from=0 /constant /x',
    'RUN constant k\nFROM base\nRUN b\nCOPY --from=0 /constant /x',
  ],
  'WORKDIR elsewhere': ['WORKDIR /v', 'WORKDIR /w'],
  'WORKDIR by another user': ['USER 5\nWORKDIR /w', 'USER 6\nWORKDIR /w'],
  'WORKDIR with another epoch': ['WORKDIR /w', { lines: 'WORKDIR /w', options: { sourceDateEpoch: 1 } }],
  'RUN with another epoch': [
    { lines: 'RUN a', options: { sourceDateEpoch: 1 } },
    { lines: 'RUN a', options: { sourceDateEpoch: 2 } },
  ],
  'COPY with another epoch': [
    { lines: 'COPY a.txt /x', options: { sourceDateEpoch: 1 } },
    { lines: 'COPY a.txt /x', options: { sourceDateEpoch: 2 } },
  ],
  'any step without a cache': ['RUN a', { lines: 'RUN a', options: { noCache: true } }],
};

describe('the cache', () => {
  for (const [name, pair] of Object.entries(CACHED)) {
    it(`finds ${name}`, async () => assert.equal(await lastState(pair), 'CACHED'));
  }
  for (const [name, pair] of Object.entries(RUNS)) {
    it(`does not take for the same: ${name}`, async () => assert.notEqual(await lastState(pair), 'CACHED'));
  }
});

async function lastState([before, after]: Pair): Promise<string | undefined> {
  const cache = new MemoryCache();
  await checkedBuild(requestOf(before), cache);
  const { steps } = await checkedBuild(requestOf(after), cache);
  return steps.at(-1)?.state;
}

function requestOf(project: string | Project): BuildRequest {
  const { lines, files = FILES, options = {} } = typeof project === 'string' ? { lines: project } : project;
  const ignore = files['.dockerignore'];
  return {
    dockerfile: `FROM base AS first\n${lines}\n`,
    context: contextTree(
      memoryTree(files),
      readIgnoreFile(typeof ignore === 'string' ? ignore : '').value.matcher,
    ),
    images: baseImages(),
    options: { ...defaultBuildOptions(PLATFORM), ...options },
  };
}
