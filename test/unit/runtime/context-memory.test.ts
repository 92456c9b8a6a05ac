/** What an engine remembers of synced contexts: a second plan reads nothing, and nothing is mistaken for something else. */

import assert from 'node:assert/strict';

import { defaultBuildOptions } from '../../../core/build/options.ts';
import { planBuild } from '../../../core/build/plan.ts';
import { type ContextMemory, type PreparedVertex, preparePlan } from '../../../core/build/requests.ts';
import type { FileTree } from '../../../core/context/file-tree.ts';
import { memoryTree } from '../../../core/context/memory-tree.ts';
import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { RememberedOps } from '../../../runtime/build/context-memory.ts';

const DOCKERFILE = `FROM scratch
COPY src /src
RUN --mount=type=bind,source=src,target=/s --mount=type=bind,from=other,target=/o cat /s/a
COPY missing /m
COPY --from=other /b /b
`;
const FILES = { 'src/a': 'one', 'src/b': 'two' };
const OTHER = { b: 'three' };

describe('what is remembered of synced contexts', () => {
  let memories = new RememberedOps();
  beforeEach(() => (memories = new RememberedOps()));

  function memoryOf(main: string, other = 'other 1'): ContextMemory {
    const ids = [
      ['', main],
      ['other', other],
    ] as const;
    return memories.memoryOf(new Map(ids));
  }

  it('answers the requests and faults of the first time without reading', async () => {
    const first = await prepare(DOCKERFILE, memoryOf('1'), memoryTree(FILES));
    const second = await prepare(DOCKERFILE, memoryOf('1'), unreadable());
    assert.deepEqual(shown(second), shown(first));
    assert.deepEqual(recalled(first), [false, false, false, false, false]);
    assert.deepEqual(recalled(second), [false, true, true, true, true]);
    assert.equal(first[3]?.faults[0]?.kind, 'missing');
    const without = await prepare(DOCKERFILE, undefined, memoryTree(FILES));
    assert.deepEqual(shown(first), shown(without));
  });

  for (const [what, memory] of [
    ['another main context', () => memoryOf('2')],
    ['another named context', () => memoryOf('1', 'other 2')],
    ['a named context of that name that is not there', () => memories.memoryOf(new Map([['', '1']]))],
  ] as const) {
    it(`reads again for ${what}`, async () => {
      const mount =
        'FROM scratch\nRUN --mount=type=bind,target=/s --mount=type=bind,from=other,target=/o x\n';
      await prepare(mount, memoryOf('1'), memoryTree(FILES));
      const changed = memoryTree({ 'src/a': 'changed' });
      const [, prepared] = await prepare(mount, memory(), changed);
      const [, expected] = await prepare(mount, undefined, changed);
      assert.deepEqual(prepared?.request.local, expected?.request.local);
    });
  }

  for (const [what, line] of [
    ['destination', 'COPY src /other'],
    ['mode', 'COPY --chmod=600 src /src'],
    ['environment', 'ENV A=2\nRUN --mount=type=bind,target=/s x'],
    ['heredoc', 'COPY src/a <<END /src/\n2\nEND'],
  ] as const) {
    it(`tells ops of another ${what} apart`, async () => {
      const memory = memoryOf('1');
      const tree = memoryTree(FILES);
      const before = 'FROM scratch\nCOPY src /src\nENV A=1\n';
      const same = line.replace('/other', '/src').replace('--chmod=600 ', '').replace('2', '1');
      await prepare(`${before}${same}\n`, memory, tree);
      const prepared = await prepare(`${before}${line}\n`, memory, tree);
      const expected = await prepare(`${before}${line}\n`, undefined, tree);
      assert.deepEqual(shown(prepared), shown(expected));
      const unlike = await prepare(`${before}${same}\n`, undefined, tree);
      assert.notDeepEqual(prepared.at(-1)?.request.local, unlike.at(-1)?.request.local);
    });
  }

  it('forgets what was not asked for longest', async () => {
    const memory = new RememberedOps(2).memoryOf(new Map([['', '1']]));
    const prepared = async (...names: readonly string[]): Promise<readonly boolean[]> => {
      const copies = names.map((name) => `COPY src /${name}\n`).join('');
      return recalled(await prepare(`FROM scratch\n${copies}`, memory, memoryTree(FILES))).slice(1);
    };
    assert.deepEqual(await prepared('a', 'b'), [false, false]);
    assert.deepEqual(await prepared('a', 'c'), [true, false]);
    assert.deepEqual(await prepared('a', 'c', 'b'), [true, true, false]);
  });
});

async function prepare(
  text: string,
  memory: ContextMemory | undefined,
  tree: FileTree,
): Promise<readonly PreparedVertex[]> {
  const options = defaultBuildOptions({ os: 'linux', architecture: 'amd64' });
  const named = { ...options, buildContexts: new Map([['other', 'directory']]) };
  const { value: plan, problems } = await planBuild(readDockerfile(text).value, named, async () => undefined);
  assert.ok(plan, problems.map(({ message }) => message).join());
  const prepared = await preparePlan(plan, {
    project: 'p',
    contexts: (name) => (name === '' ? tree : memoryTree(OTHER)),
    ...(memory === undefined ? {} : { memory }),
  });
  return [...prepared.values()];
}

function unreadable(): FileTree {
  const refuse = (): never => assert.fail('nothing is read');
  return { stat: refuse, walk: refuse, digests: refuse, read: refuse };
}

function shown(prepared: readonly PreparedVertex[]): readonly unknown[] {
  return prepared.map(({ request, faults }) => ({ request, faults }));
}

function recalled(prepared: readonly PreparedVertex[]): readonly boolean[] {
  return prepared.map(({ isRecalled }) => isRecalled === true);
}
