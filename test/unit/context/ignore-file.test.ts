/** Which ignore file applies, and how its bytes are read. */

import assert from 'node:assert/strict';

import { emptyIgnoreFile, findIgnoreFile, readIgnoreFile } from '../../../core/context/ignore.ts';
import { memoryTree } from '../../../core/context/memory-tree.ts';
import { isErrorKind } from '../../../core/errors.ts';

const GENERAL = { '.dockerignore': 'general' };

describe('finding the ignore file', () => {
  it('takes the one beside the Dockerfile before that of the context', async () => {
    const dockerfiles = memoryTree({ 'x/Dockerfile.dockerignore': 'own', ...GENERAL });
    const context = memoryTree(GENERAL);
    assert.deepEqual(await findIgnoreFile(dockerfiles, 'x/Dockerfile', context), {
      tree: 'dockerfile',
      path: 'x/Dockerfile.dockerignore',
      text: 'own',
    });
    assert.deepEqual(await findIgnoreFile(dockerfiles, 'y/Dockerfile', context), {
      tree: 'context',
      path: '.dockerignore',
      text: 'general',
    });
  });

  it('takes an empty one of its own for one that ignores nothing', async () => {
    const dockerfiles = memoryTree({ 'Dockerfile.dockerignore': '' });
    assert.equal((await findIgnoreFile(dockerfiles, 'Dockerfile', memoryTree(GENERAL)))?.text, '');
  });

  it('finds none where there is none', async () => {
    assert.equal(await findIgnoreFile(memoryTree(GENERAL), 'Dockerfile', memoryTree({})), undefined);
    const { lines, matcher } = emptyIgnoreFile();
    assert.deepEqual([lines, matcher.nPatterns, matcher.matches('a')], [[], 0, false]);
  });

  it('reads a mark of byte order, and bytes that are no text', async () => {
    const bytes = Buffer.concat([Buffer.from('\uFEFFa\n'), Buffer.of(0xff)]);
    const found = await findIgnoreFile(memoryTree({}), 'Dockerfile', memoryTree({ '.dockerignore': bytes }));
    assert.equal(found?.text, '\uFEFFa\n\uFFFD');
    assert.deepEqual(
      readIgnoreFile(found.text).value.lines.map(({ pattern }) => pattern),
      ['a', '\uFFFD'],
    );
  });

  it('refuses a file of more than four megabytes', async () => {
    const context = memoryTree({ '.dockerignore': 'a'.repeat((4 << 20) + 1) });
    await assert.rejects(findIgnoreFile(memoryTree({}), 'Dockerfile', context), (error) =>
      isErrorKind(error, 'invalid-argument'),
    );
    const whole = memoryTree({ '.dockerignore': 'a'.repeat(4 << 20) });
    assert.equal((await findIgnoreFile(memoryTree({}), 'Dockerfile', whole))?.text.length, 4 << 20);
  });
});

describe('problems of an ignore file', () => {
  it('are errors with a code, at the pattern', () => {
    assert.deepEqual(readIgnoreFile('a\n  b[  \n').problems, [
      {
        code: 'E_IGNORE_PATTERN',
        severity: 'error',
        message: 'invalid ignore pattern "b[": syntax error in pattern',
        span: { start: 4, end: 6 },
      },
    ]);
  });

  it('are none for one line without an end, or with nothing before it', () => {
    assert.deepEqual(
      ['a', '\na', 'a\n\n'].map((text) => readIgnoreFile(text).value.lines),
      [
        [{ pattern: 'a', span: { start: 0, end: 1 } }],
        [{ pattern: 'a', span: { start: 1, end: 2 } }],
        [{ pattern: 'a', span: { start: 0, end: 1 } }],
      ],
    );
  });
});
