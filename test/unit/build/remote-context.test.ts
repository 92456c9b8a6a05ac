/** A main context that is an address: what is asked for, and the operations its files come from. */

import assert from 'node:assert/strict';

import type { Op } from '../../../core/build/ops.ts';
import { defaultBuildOptions } from '../../../core/build/options.ts';
import { planBuild } from '../../../core/build/plan.ts';
import { type RemoteContext, remoteContextOf } from '../../../core/build/remote-context.ts';
import { isCommit } from '../../../core/build/remote-source.ts';
import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { digestOf } from '../../../core/oci/digest.ts';

const REPOSITORY = { kind: 'git', remote: 'https://h/r.git', ref: 'b', subdirectory: 'd' } as const;
const GIT: RemoteContext = { ...REPOSITORY, keepsGitDirectory: false };

/** Every vertex but those of FROM, as the operation and whether it is hidden. */
async function opsOf(lines: string, context: RemoteContext): Promise<readonly (readonly [Op, boolean])[]> {
  const options = { ...defaultBuildOptions({ os: 'linux', architecture: 'amd64' }), context };
  const { value } = readDockerfile(`FROM scratch\n${lines}\n`);
  const { value: plan, problems } = await planBuild(value, options, async () => undefined);
  assert.deepEqual(problems, []);
  return (plan?.vertices ?? [])
    .filter(({ instruction }) => !instruction.startsWith('FROM'))
    .map(({ op, isImplicit, root }) => {
      assert.equal(root === undefined, isImplicit);
      return [op, isImplicit] as const;
    });
}

describe('a context at an address', () => {
  it('is a file until somebody asked what it is', () => {
    assert.deepEqual(
      remoteContextOf({ kind: 'http', url: 'https://h/x.tar', fileName: 'x.tar' }, new Map()),
      {
        kind: 'http',
        url: 'https://h/x.tar',
        isArchive: false,
      },
    );
  });

  it('keeps its .git where the address or the build argument says so', () => {
    const keeps = (given: boolean | undefined, argument: string | undefined): boolean | undefined => {
      const source = given === undefined ? REPOSITORY : { ...REPOSITORY, keepsGitDirectory: given };
      const args = argument === undefined ? [] : [['BUILDKIT_CONTEXT_KEEP_GIT_DIR', argument] as const];
      const { keepsGitDirectory, ...rest } = {
        keepsGitDirectory: undefined,
        ...remoteContextOf(source, new Map(args)),
      };
      assert.deepEqual(rest, REPOSITORY);
      return keepsGitDirectory;
    };
    assert.equal(keeps(undefined, undefined), false);
    assert.equal(keeps(false, undefined), false);
    assert.equal(keeps(true, undefined), true);
    assert.equal(keeps(true, '0'), true);
    for (const argument of ['1', 't', 'T', 'true', 'TRUE']) assert.equal(keeps(undefined, argument), true);
    for (const argument of ['', '0', 'false', 'yes', '1 ']) assert.equal(keeps(undefined, argument), false);
  });

  it('is checked out once for all who read it', async () => {
    const ops = await opsOf('COPY a /b\nRUN --mount=target=/c d\nCOPY --from=scratch e /f', GIT);
    const [first, copy, run] = ops;
    assert.deepEqual(first, [GIT, true]);
    assert.deepEqual(
      ops.map(([{ kind }, isImplicit]) => `${kind}${isImplicit ? ' hidden' : ''}`),
      ['git hidden', 'copy', 'run', 'scratch hidden', 'copy'],
    );
    const from = { kind: 'vertex', vertex: 1, isContext: true };
    assert.deepEqual(copy?.[0].kind === 'copy' ? copy[0].from : undefined, from);
    assert.deepEqual(
      run?.[0].kind === 'run' ? run[0].mounts.map((mount) => ('source' in mount ? mount.source : mount)) : [],
      [from],
    );
  });

  it('is not fetched where nothing reads it', async () => {
    assert.deepEqual(
      (await opsOf('RUN a\nWORKDIR /b', GIT)).map(([{ kind }]) => kind),
      ['run', 'mkdir'],
    );
  });

  it('is one file, or what an archive holds', async () => {
    const url = 'https://h/x';
    const checksum = digestOf('x');
    const file = { kind: 'http', url, fileName: 'context' } as const;
    assert.deepEqual((await opsOf('COPY context /b', { kind: 'http', url, isArchive: false }))[0], [
      file,
      true,
    ]);
    const archive = await opsOf('COPY a /b', { kind: 'http', url, checksum, isArchive: true });
    assert.deepEqual(archive.slice(0, 2), [
      [{ ...file, checksum }, true],
      [
        {
          kind: 'copy',
          instruction: 'ADD',
          from: { kind: 'vertex', vertex: 1 },
          sources: [{ kind: 'path', path: 'context' }],
          destination: '/',
          isDestinationDirectory: true,
          excludes: [],
          keepsParents: false,
          isLink: false,
          unpacks: true,
        },
        true,
      ],
    ]);
    const copy = archive[2]?.[0];
    assert.deepEqual(copy?.kind === 'copy' ? copy.from : undefined, {
      kind: 'vertex',
      vertex: 2,
      isContext: true,
    });
  });
});

describe('a commit', () => {
  it('is written whole, by SHA-1 or SHA-256', () => {
    const taken = ['a'.repeat(40), '0123456789abcdef'.repeat(4)];
    const refused = [
      '',
      'main',
      'a'.repeat(39),
      'a'.repeat(41),
      'a'.repeat(63),
      'a'.repeat(65),
      'A'.repeat(40),
      'g'.repeat(40),
      'g'.repeat(64),
    ];
    assert.deepEqual([...taken, ...refused].filter(isCommit), taken);
  });
});
