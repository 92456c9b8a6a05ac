/** RUN --mount of every kind: each alone in a stage, and all in a chain. */

import * as fs from 'node:fs';
import { join } from 'node:path';

import type { Files, OracleEdit, OracleFixture } from './oracle-edit.ts';

interface MountStep {
  readonly name: string;
  readonly flags: string;
}

const STEPS: readonly MountStep[] = [
  { name: 'm.secret', flags: '--mount=type=secret,id=s1,target=/secret' },
  { name: 'm.cache', flags: '--mount=type=cache,id=c1,target=/c' },
  { name: 'm.cachedef', flags: '--mount=type=cache,target=/d' },
  { name: 'm.bind', flags: '--mount=type=bind,source=src,target=/m' },
  { name: 'm.bindrw', flags: '--mount=type=bind,target=/w,rw' },
  { name: 'm.bindfrom', flags: '--mount=type=bind,from=lib,source=/lib,target=/l' },
  { name: 'm.tmpfs', flags: '--mount=type=tmpfs,target=/t,size=1m' },
];

const LIB = `FROM base AS lib
# lib.copy
COPY libsrc /lib/
# lib.run
RUN constant lib
`;

const CONTEXT: Files = { 'src/a.txt': 'a', 'libsrc/l.txt': 'l', 'other.txt': 'o' };

/** Every mount in a stage of its own, and the network step that has no mount. */
const ALONE = [
  LIB,
  ...STEPS.map(({ name, flags }) => `FROM base AS ${stageOf(name)}\n${stepLines(name, flags)}`),
  `FROM base AS mnet\n${stepLines('m.net', '--network=none')}`,
  'FROM base\n',
  ...[...STEPS.map(({ name }) => stageOf(name)), 'mnet'].map(
    (stage) => `COPY --from=${stage} /seen /${stage}/\n`,
  ),
].join('');

const CHAINED = [
  LIB,
  'FROM base\n',
  ...STEPS.map(({ name, flags }) => stepLines(name, flags)),
  stepLines('m.tail', ''),
].join('');

function stageOf(name: string): string {
  return name.replace('.', '');
}

function stepLines(name: string, flags: string): string {
  return `# ${name}\nRUN ${flags} see ${name}\n`;
}

function write(path: string, content: string): (folder: string) => undefined {
  return (folder) => {
    fs.writeFileSync(join(folder, path), content);
    return undefined;
  };
}

function touch(folder: string): undefined {
  fs.utimesSync(join(folder, 'src/a.txt'), 1_700_000_000, 1_700_000_000);
}

/** The edits that both fixtures have; `runs` are the steps that see the change themselves. */
interface MountEdit {
  readonly name: string;
  readonly runs: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly change?: (folder: string) => undefined;
  readonly secret?: 'other' | 'absent';
}

const SHARED: readonly MountEdit[] = [
  { name: 'nothing', runs: [] },
  { name: 'content of a secret', secret: 'other', runs: [] },
  { name: 'id of a secret', from: 'id=s1', to: 'id=s2', runs: ['m.secret'] },
  { name: 'a secret that is absent', secret: 'absent', runs: [] },
  { name: 'id of a cache', from: 'id=c1', to: 'id=c2', runs: ['m.cache'] },
  { name: 'sharing of a cache', from: 'id=c1', to: 'id=c1,sharing=locked', runs: ['m.cache'] },
  { name: 'target of a cache', from: 'target=/c ', to: 'target=/cc ', runs: ['m.cache'] },
  {
    name: 'the default id of a cache, written',
    from: 'cache,target=/d',
    to: 'cache,id=/d,target=/d',
    runs: [],
  },
  {
    name: 'another id than the default',
    from: 'cache,target=/d',
    to: 'cache,id=d9,target=/d',
    runs: ['m.cachedef'],
  },
  { name: 'content of a bound folder', change: write('src/a.txt', 'other'), runs: ['m.bind', 'm.bindrw'] },
  { name: 'content beside a bound folder', change: write('other.txt', 'more'), runs: ['m.bindrw'] },
  { name: 'time of a bound file', change: touch, runs: [] },
  {
    name: 'content of a bound folder of a stage',
    change: write('libsrc/l.txt', 'other'),
    runs: ['lib.copy', 'lib.run', 'm.bindrw', 'm.bindfrom'],
  },
];

const ALONE_ONLY: readonly MountEdit[] = [
  {
    name: 'a stage that ran again, its bound folder as before',
    from: 'constant lib',
    to: 'constant lib again',
    runs: ['lib.run'],
  },
  { name: 'size of tmpfs', from: 'size=1m', to: 'size=2m', runs: ['m.tmpfs'] },
  { name: 'the network that is the default', from: '--network=none', to: '--network=default', runs: [] },
  {
    name: 'options of a mount in another order',
    from: 'type=bind,source=src',
    to: 'source=src,type=bind',
    runs: [],
  },
  { name: 'a secret as a variable', from: 'target=/secret', to: 'env=SECRET', runs: ['m.secret'] },
];

const STORAGE = 'ids and sharing name storage, whose contents are no input';

/** 28.5.2 keeps ids of caches out of the key, except where the default is replaced. */
function alone({ name, runs, from = '', to = '', change, secret }: MountEdit): OracleEdit {
  const isStorage = name === 'id of a cache' || name === 'sharing of a cache';
  const isDefault = name === 'another id than the default';
  return {
    name,
    buildkit: isStorage ? [] : runs,
    ...(isDefault ? { ours: { kind: 'fewer', runs: [], because: STORAGE } } : {}),
    dockerfile: ALONE.replace(from, to),
    ...(change === undefined ? {} : { change }),
    ...(secret === undefined ? {} : { secret }),
  };
}

/** In a chain everything after the first step that runs, runs. */
function chained({ name, runs, from = '', to = '', change, secret }: MountEdit): OracleEdit {
  const inOrder = [...STEPS.map((step) => step.name), 'm.tail'];
  const first = inOrder.findIndex((step) => runs.includes(step));
  const before = runs.filter((step) => step.startsWith('lib.'));
  const isStorage = /^(?:id|sharing) of a cache$|^another id/.test(name);
  return {
    name,
    buildkit: first < 0 ? before : [...before, ...inOrder.slice(first)],
    measuredWith: '20.10.24',
    ...(isStorage ? { ours: { kind: 'fewer', runs: [], because: STORAGE } } : {}),
    dockerfile: CHAINED.replace(from, to),
    ...(change === undefined ? {} : { change }),
    ...(secret === undefined ? {} : { secret }),
  };
}

export const MOUNTS_ALONE: OracleFixture = {
  name: 'mounts, each alone',
  dockerfile: ALONE,
  context: CONTEXT,
  options: { network: 'none' },
  edits: [...SHARED, ...ALONE_ONLY].map(alone),
};

export const MOUNTS_CHAINED: OracleFixture = {
  name: 'mounts in a chain',
  dockerfile: CHAINED,
  context: CONTEXT,
  options: { network: 'none' },
  edits: SHARED.map(chained),
};
