/**
 * One edit at a time, and the steps that run again after it: what BuildKit of dockerd 28.5.2 did (measured), or what we do instead and why.
 * Facts only; the fixture and the words are ours.
 */

import { CONTEXT, DOCKERFILE, type Files } from './fixture.ts';

export interface OracleEdit {
  readonly name: string;
  readonly context?: Files;
  readonly dockerfile?: string;
  readonly base?: 'base' | 'other' | 'same' | 'onbuild';
  readonly buildArgs?: Readonly<Record<string, string>>;
  readonly extraHost?: string;
  readonly network?: 'none' | 'host';
  readonly shmSizeBytes?: number;
  readonly ulimit?: boolean;
  readonly target?: string;
  readonly noCache?: boolean;
  readonly noCacheFilter?: string;
  readonly epoch?: number;
  /** Names of the steps that run. */
  readonly runs: readonly string[];
  /** Where BuildKit answers otherwise, and why we do not follow. */
  readonly otherwise?: string;
}

const SRC = ['build.copysrc', 'build.wild', 'build.run', 'build.copyall'];
const FINAL = ['final.copyfrom', 'final.chown', 'final.run', 'final.run2'];
const RUNS_AND_AFTER = ['deps.run', 'build.run', 'build.copyall', 'final.run', 'final.run2'];
/** Everything below a change of the base; the copies from stages that run again turn out with the base changed under them. */
const ALL = ['base.workdir', 'deps.copy', 'deps.run', 'build.copyfrom', ...SRC, ...FINAL];

function files(change: Files): Files {
  return { ...CONTEXT, ...change };
}

function without(path: string): Files {
  const { [path]: _, ...rest } = CONTEXT;
  return rest;
}

function text(from: string | RegExp, to: string): string {
  return DOCKERFILE.replace(from, to);
}

function lowerCaseKeywords(): string {
  return DOCKERFILE.replace(/^(?:RUN|COPY|ENV|ARG)/gm, (word) => word.toLowerCase());
}

export const EDITS: readonly OracleEdit[] = [
  { name: 'nothing', runs: [] },
  { name: 'times of files', context: files({ 'src/a.txt': { content: 'a', mtimeNs: 5n } }), runs: [] },
  {
    name: 'chmod +x of a file',
    context: files({ 'src/a.txt': { content: 'a', mode: 0o755 } }),
    runs: [...SRC, ...FINAL],
    otherwise: 'the file copied from the stage has the new mode; in the measured fixture it was another file',
  },
  {
    name: 'mode of a directory',
    context: files({ 'src/sub/': { mode: 0o700 } }),
    runs: SRC,
    otherwise: 'BuildKit is stale here (buildkit#7176)',
  },
  {
    name: 'owner of a file',
    context: files({ 'src/a.txt': { content: 'a', uid: 1234, gid: 1234 } }),
    runs: [],
  },
  { name: 'content of a copied file', context: files({ 'src/a.txt': 'A' }), runs: [...SRC, ...FINAL] },
  {
    name: 'content with the same size and time',
    context: files({ 'src/a.txt': { content: 'b', mtimeNs: 0n } }),
    runs: [...SRC, ...FINAL],
    otherwise: 'BuildKit is stale here (buildkit#2592)',
  },
  {
    name: 'package.json',
    context: files({ 'package.json': '{ }' }),
    runs: ['deps.copy', 'deps.run', 'build.copyall'],
  },
  {
    name: 'conf.ini',
    context: files({ 'conf.ini': 'k=w' }),
    runs: ['build.copyall', 'final.chown', 'final.run', 'final.run2'],
  },
  { name: 'docs', context: files({ 'docs/d.md': 'new' }), runs: ['build.copyall'] },
  { name: 'a new file', context: files({ 'src/new.txt': 'n' }), runs: SRC },
  { name: 'a deleted file', context: without('src/sub/c.txt'), runs: SRC },
  { name: 'a new empty directory', context: files({ 'src/empty/': {} }), runs: SRC },
  { name: 'an ignored file', context: files({ 'node_modules/x': '' }), runs: [] },
  { name: 'an ignored log', context: files({ 'x.log': '' }), runs: [] },
  { name: 'a file at the root', context: files({ 'root.txt': '' }), runs: ['build.copyall'] },
  { name: 'target of a symlink', context: files({ 'src/link': { linkTarget: 'sub/c.txt' } }), runs: SRC },
  {
    name: 'a file the wildcard does not match',
    context: files({ 'wild/z.md': '' }),
    runs: ['build.copyall'],
  },
  {
    name: 'a file the wildcard matches',
    context: files({ 'wild/z.txt': '' }),
    runs: ['build.wild', 'build.run', 'build.copyall'],
  },
  {
    name: 'a comment in .dockerignore',
    context: files({ '.dockerignore': '# c\nnode_modules\n*.log\n.dockerignore\nDockerfile\n' }),
    runs: [],
  },
  {
    name: '.dockerignore takes docs out',
    context: files({ '.dockerignore': 'docs\nnode_modules\n*.log\n.dockerignore\nDockerfile\n' }),
    runs: ['build.copyall'],
  },
  {
    name: '.dockerignore takes src/sub out',
    context: files({ '.dockerignore': 'src/sub\nnode_modules\n*.log\n.dockerignore\nDockerfile\n' }),
    runs: SRC,
  },
  { name: 'Dockerfile: a comment', dockerfile: `# c\n${DOCKERFILE}`, runs: [] },
  { name: 'Dockerfile: blank lines and indentation', dockerfile: text(/\n(?=[A-Z])/g, '\n\n  '), runs: [] },
  { name: 'Dockerfile: CRLF', dockerfile: text(/\n/g, '\r\n'), runs: [] },
  { name: 'Dockerfile: keywords in lower case', dockerfile: lowerCaseKeywords(), runs: [] },
  {
    name: 'Dockerfile: blanks inside RUN',
    dockerfile: text('see build', 'see  build'),
    runs: ['build.run', 'build.copyall'],
  },
  {
    name: 'Dockerfile: blanks inside COPY',
    dockerfile: text('COPY src/ src/', 'COPY   src/   src/'),
    runs: [],
  },
  {
    name: 'Dockerfile: continuation without added blanks',
    dockerfile: text('see build', 'see \\\nbuild'),
    runs: [],
  },
  {
    name: 'Dockerfile: RUN text, same output',
    dockerfile: text('constant installed', 'constant installed again'),
    runs: ['deps.run'],
  },
  {
    name: 'Dockerfile: RUN as equal exec form',
    dockerfile: text('RUN see build', 'RUN ["/bin/sh","-c","see build"]'),
    runs: [],
  },
  {
    name: 'Dockerfile: two COPY swapped',
    dockerfile: text(/(# final.copyfrom\n.*\n)(# final.chown\n.*\n)/, '$2$1'),
    runs: FINAL,
  },
  {
    name: 'Dockerfile: a RUN removed',
    dockerfile: text('# final.run\nRUN see final\n', ''),
    runs: ['final.run2'],
  },
  {
    name: 'Dockerfile: LABEL moved',
    dockerfile: text('LABEL a=b\n', '').replace('EXPOSE', 'LABEL a=b\nEXPOSE'),
    runs: [],
  },
  {
    name: 'Dockerfile: ENV before ARG',
    dockerfile: text('ARG UNUSED=x\nENV MODE=prod', 'ENV MODE=prod\nARG UNUSED=x'),
    runs: [],
    otherwise: 'order of variables cannot be observed; BuildKit runs build.run again',
  },
  {
    name: 'Dockerfile: stage renamed',
    dockerfile: text(/\bdeps\b(?!\.)/g, 'd').replace('/d/', '/deps/'),
    runs: [],
  },
  { name: 'Dockerfile: --from by number', dockerfile: text('--from=deps', '--from=1'), runs: [] },
  { name: 'Dockerfile: ./src/', dockerfile: text('COPY src/ src/', 'COPY ./src/ src/'), runs: [] },
  { name: 'Dockerfile: source without slash', dockerfile: text('COPY src/ src/', 'COPY src src/'), runs: [] },
  {
    name: 'Dockerfile: absolute destination',
    dockerfile: text('COPY src/ src/', 'COPY src/ /app/src/'),
    runs: [],
  },
  {
    name: 'Dockerfile: other destination',
    dockerfile: text('COPY src/ src/', 'COPY src/ other/').replace('/app/src/a', '/app/other/a'),
    runs: SRC,
    otherwise: 'build.copyall was measured after another change',
  },
  { name: 'Dockerfile: COPY becomes ADD', dockerfile: text('COPY src/ src/', 'ADD src/ src/'), runs: SRC },
  {
    name: 'Dockerfile: --chown',
    dockerfile: text('1000:1000', '1001:1001'),
    runs: ['final.chown', 'final.run', 'final.run2'],
  },
  { name: 'Dockerfile: RUN of an unused stage', dockerfile: text('see unused', 'see used'), runs: [] },
  {
    name: 'Dockerfile: WORKDIR',
    dockerfile: text('WORKDIR /app', 'WORKDIR /ap2').replace('/app/src', '/ap2/src'),
    runs: ALL,
  },
  {
    name: 'Dockerfile: WORKDIR /app/',
    dockerfile: text('WORKDIR /app', 'WORKDIR /app/'),
    runs: [],
    otherwise: 'the same directory; BuildKit runs every RUN again',
  },
  {
    name: 'Dockerfile: ENV value',
    dockerfile: text('MODE=prod', 'MODE=dev'),
    runs: ['build.run', 'build.copyall'],
  },
  { name: 'Dockerfile: ENV in the old form', dockerfile: text('MODE=prod', 'MODE prod'), runs: [] },
  {
    name: 'Dockerfile: ENV late',
    dockerfile: text('# final.run\n', 'ENV LATE=1\n# final.run\n'),
    runs: ['final.run', 'final.run2'],
  },
  {
    name: 'Dockerfile: metadata',
    dockerfile: text(
      '# final.run\n',
      'LABEL b=c\nEXPOSE 81\nVOLUME /v\nSTOPSIGNAL 9\nENTRYPOINT ["e"]\nHEALTHCHECK NONE\nONBUILD RUN x\nMAINTAINER m\n# final.run\n',
    ),
    runs: [],
  },
  { name: 'Dockerfile: USER', dockerfile: text('USER 1000', 'USER 1001'), runs: ['final.run2'] },
  {
    name: 'Dockerfile: SHELL',
    dockerfile: text('# final.run\n', 'SHELL ["/bin/sh","-ec"]\n# final.run\n'),
    runs: ['final.run', 'final.run2'],
  },
  {
    name: 'Dockerfile: ARG without value',
    dockerfile: text('# final.run\n', 'ARG NONE\n# final.run\n'),
    runs: [],
  },
  {
    name: 'Dockerfile: ARG with default',
    dockerfile: text('# final.run\n', 'ARG SOME=1\n# final.run\n'),
    runs: ['final.run', 'final.run2'],
  },
  {
    name: 'Dockerfile: default of an ARG that is not mentioned',
    dockerfile: text('UNUSED=x', 'UNUSED=y'),
    runs: ['build.run', 'build.copyall'],
  },
  { name: 'Dockerfile: global ARG', dockerfile: text('GLOBAL=g1', 'GLOBAL=g2'), runs: [] },
  {
    name: 'Dockerfile: global ARG declared in a stage',
    dockerfile: text('# final.run\n', 'ARG GLOBAL\n# final.run\n'),
    runs: ['final.run', 'final.run2'],
  },
  { name: '--build-arg VERSION=2', buildArgs: { VERSION: '2' }, runs: ['deps.run'] },
  { name: '--build-arg VERSION=1, its default', buildArgs: { VERSION: '1' }, runs: [] },
  { name: '--build-arg UNUSED', buildArgs: { UNUSED: 'y' }, runs: ['build.run', 'build.copyall'] },
  { name: '--build-arg that is not declared', buildArgs: { NOPE: '1' }, runs: [] },
  { name: '--build-arg HTTP_PROXY', buildArgs: { HTTP_PROXY: 'http://p' }, runs: [] },
  { name: '--target', target: 'build', runs: [] },
  { name: '--add-host', extraHost: 'h', runs: RUNS_AND_AFTER },
  { name: '--network', network: 'host', runs: RUNS_AND_AFTER },
  { name: '--shm-size', shmSizeBytes: 1 << 27, runs: RUNS_AND_AFTER },
  { name: '--ulimit', ulimit: true, runs: RUNS_AND_AFTER },
  { name: '--no-cache', noCache: true, runs: ALL.slice(1) },
  { name: '--no-cache-filter final', noCacheFilter: 'final', runs: FINAL },
  { name: '--no-cache-filter deps', noCacheFilter: 'deps', runs: ['deps.copy', 'deps.run'] },
  { name: 'SOURCE_DATE_EPOCH', epoch: 1, runs: ALL },
  { name: 'base with other layers', base: 'other', runs: ALL },
  { name: 'base with another ENV', base: 'same', runs: RUNS_AND_AFTER },
];
