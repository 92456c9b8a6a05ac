/** What is said about a COPY whose file did not reach the build, with a real directory and its ignore file. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { missingSourceSpan } from '../../../core/build/missing-source.ts';
import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { openBuildContext } from '../../../local/build-context.ts';
import { missingSourceHint } from '../../../local/missing-source.ts';

describe('a missing source', () => {
  let folder = '';

  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'naru-missing-')));
    mkdirSync(join(folder, 'src'));
    for (const path of ['hello.sh', 'kept-out', 'src/main.go', 'src/Readme'])
      writeFileSync(join(folder, path), '');
    symlinkSync('nowhere', join(folder, 'dang'));
    symlinkSync('/etc/hostname', join(folder, 'outside'));
    symlinkSync('src', join(folder, 'code'));
    writeFileSync(join(folder, '.dockerignore'), '# what is kept out\n\nkept-*\n!nothing\n');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function hint(instruction: string, path: string): Promise<string | undefined> {
    const { tree, ignoreFile } = await (await openBuildContext(join(folder, 'Dockerfile'), folder)).view();
    return missingSourceHint(
      { message: `"/${path}": not found`, line: 2 },
      readDockerfile(`FROM busybox\n${instruction}\n`).value,
      { directory: folder, tree, ignoreFile },
    );
  }

  for (const [instruction, path, wanted] of [
    [
      'COPY kept-out /',
      'kept-out',
      'it is in app, but line 3 of .dockerignore (kept-*) keeps it out of the build',
    ],
    ['COPY dang /', 'dang', 'dang is a link to nowhere, which leads to nothing in the context, app'],
    [
      'COPY outside/a /',
      'outside/a',
      'outside is a link to /etc/hostname, which leads to nothing in the context, app',
    ],
    ['COPY code/maim.go /', 'code/maim.go', 'it was looked for in the context, app'],
    ['COPY hello.txt /', 'hello.txt', 'did you mean hello.sh? Paths start in the context, app'],
    ['COPY helo.sh /', 'helo.sh', 'did you mean hello.sh? Paths start in the context, app'],
    ['COPY src/mian.go /', 'src/mian.go', 'did you mean src/main.go? Paths start in the context, app'],
    ['COPY src/README /', 'src/README', 'did you mean src/Readme? Paths start in the context, app'],
    ['COPY nothing-like-it /', 'nothing-like-it', 'it was looked for in the context, app'],
    ['COPY no/such /', 'no/such', 'it was looked for in the context, app'],
    ['COPY --from=other hello.txt /', 'hello.txt', undefined],
    [
      'RUN --mount=source=hello.txt,target=/m x',
      'hello.txt',
      'did you mean hello.sh? Paths start in the context, app',
    ],
    ['RUN --mount=type=cache,from=other,source=hello.txt,target=/m x', 'hello.txt', undefined],
  ] as const) {
    it(`${instruction}: ${wanted ?? 'nothing of the context'}`, async () =>
      assert.equal((await hint(instruction, path))?.replace(folder, 'app'), wanted));
  }

  for (const [marked, path] of [
    ['COPY a |b| c /x/', 'b'],
    ['ADD --chmod=755 |./b/../a| /x', 'a'],
    ['COPY ["a", "|b|", "/x/"]', 'b'],
    ['COPY |$WHERE| /x', 'somewhere'],
    ['|COPY $ONE $OTHER /x/|', 'somewhere'],
    ['|RUN --mount=type=bind,source=b,target=/b true|', 'b'],
  ] as const) {
    it(`is at the word in ${marked}`, () => {
      const before = 'FROM busybox\nARG WHERE ONE OTHER\n';
      const text = `${before}${marked.replaceAll('|', '')}\n`;
      const { value } = readDockerfile(text);
      const found = value.stages[0]?.instructions.at(-1);
      assert.ok(found !== undefined);
      for (const message of [`"/${path}": not found`, `lstat /${path}: no such file or directory`]) {
        const { start, end } = missingSourceSpan(value, found.span, message);
        assert.equal(
          text.slice(start, end).replaceAll('"', ''),
          (marked.split('|')[1] ?? '').replaceAll('"', ''),
        );
      }
    });
  }
});
