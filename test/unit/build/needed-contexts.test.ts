/** Which contexts a build reads: those of what the target needs, and what the text alone tells is never too much. */

import assert from 'node:assert/strict';

import { isContextRead, neededContexts } from '../../../core/build/needed-contexts.ts';
import { type BuildOptions, defaultBuildOptions } from '../../../core/build/options.ts';
import { planBuild } from '../../../core/build/plan.ts';
import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { digestOf } from '../../../core/oci/digest.ts';

const PLATFORM = { os: 'linux', architecture: 'amd64' };
const CONTEXTS = new Map([
  ['x', '../x'],
  ['y', '../y'],
]);
/** The image `hooked` brings them. */
const TRIGGERS: Readonly<Record<string, readonly string[]>> = {
  hooked: ['COPY --from=x f /', 'RUN --mount=target=/m true'],
};

async function needed(lines: string, options: Partial<BuildOptions>): Promise<readonly string[]> {
  const whole = { ...defaultBuildOptions(PLATFORM), ...options };
  const { value } = await planBuild(readDockerfile(lines).value, whole, async (reference) => ({
    reference,
    digest: digestOf(reference),
    config: {
      ...PLATFORM,
      config: { OnBuild: TRIGGERS[reference] ?? [] },
      rootfs: { type: 'layers', diff_ids: [] },
    },
    isLocal: true,
    pullBytes: 0,
  }));
  assert.ok(value);
  return [...neededContexts(value)].sort();
}

/** A Dockerfile, what it needs with x and y given, and whether the text tells that it needs the main context when none is given. */
const CASES: readonly (readonly [
  lines: string,
  names: readonly string[],
  isRead: boolean,
  target?: string,
])[] = [
  ['FROM scratch', [], false],
  ['FROM i\nRUN true', [], false],
  ['FROM i\nCOPY a /', [''], true],
  ['FROM i\nADD --chown=1 a b /c/', [''], true],
  ['FROM i\nCOPY ["a", "/"]', [''], true],
  ['FROM i\nCOPY <<E /f\ntext\nE', [], false],
  ['FROM i\nCOPY <<E a /d/\ntext\nE', [''], true],
  ['FROM i\nADD https://example.com/f /', [], false],
  ['FROM i\nADD https://example.com/x.git /', [], false],
  ['FROM i\nARG A=https://example.com/f\nADD $A /', [], false],
  ['FROM i\nARG A=f\nADD $A /', [''], false],
  ['FROM i\nCOPY --from=x f /', ['x'], false],
  ['FROM i\nCOPY --from=other f /', [], false],
  ['FROM x\nRUN true', ['x'], false],
  ['ARG N=y\nFROM $N', ['y'], false],
  ['FROM i\nRUN --mount=type=bind,target=/m true', [''], false],
  ['FROM i\nRUN --mount=from=x,target=/m true', ['x'], false],
  ['FROM i\nRUN --mount=type=cache,from=y,target=/m true', ['y'], false],
  ['FROM i\nRUN --mount=type=cache,target=/m true', [], false],
  ['FROM i AS one\nCOPY a /\nFROM i\nCOPY --from=one / /', [''], true],
  ['FROM i AS one\nCOPY a /\nFROM ONE', [], false],
  ['FROM i AS one\nCOPY a /\nFROM one AS two\nFROM two', [''], true],
  ['FROM i AS one\nCOPY a /\nCOPY --from=x f /\nFROM i AS two\nCOPY --from=y f /', ['y'], false],
  ['FROM i AS one\nCOPY a /\nCOPY --from=x f /\nFROM i AS two\nCOPY --from=y f /', ['', 'x'], true, 'ONE'],
  ['FROM i AS one\nCOPY a /\nFROM i\nRUN --mount=from=one,target=/m true', [''], false],
  ['FROM i AS x\nCOPY a /\nFROM x', ['x'], true],
  ['FROM hooked\nRUN true', ['', 'x'], false],
];

describe('needed contexts', () => {
  for (const [lines, names, isRead, target] of CASES) {
    it(JSON.stringify(lines), async () => {
      const options = target === undefined ? {} : { target };
      assert.deepEqual(await needed(lines, { ...options, buildContexts: CONTEXTS }), names);
      assert.equal(isContextRead(readDockerfile(lines).value, target), isRead);
      if (isRead) assert.ok((await needed(lines, options)).includes(''));
    });
  }

  it('are none of files where the main context is at an address', async () => {
    const context = { kind: 'http', url: 'http://example.com/c.tar', isArchive: true } as const;
    assert.deepEqual(await needed('FROM i\nCOPY a /', { context }), []);
  });

  it('are told by the text in time, however the stages lean on each other', () => {
    const stages = Array.from({ length: 60 }, (_, nth) =>
      nth === 0
        ? 'FROM i AS s0'
        : `FROM s${nth - 1} AS s${nth}\nCOPY --from=s${nth - 1} a /\nCOPY --from=s${Math.max(0, nth - 2)} a /`,
    );
    assert.equal(isContextRead(readDockerfile(stages.join('\n')).value, undefined), false);
  });
});
