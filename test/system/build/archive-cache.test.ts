/** A folder and an archive of it are one context to the cache, as to BuildKit (buildx with dockerd 28.5.2: `CACHED` in each direction). Needs root. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { busyboxArchive } from '../../../scripts/base-images.ts';
import { loadIntoNaru } from '../../conformance/load-image.ts';
import { type EngineUnderTest, startEngine } from '../../support/engine.ts';
import { runNaru } from '../../support/naru-cli.ts';
import { requireRoot } from '../../support/skip.ts';

interface Case {
  readonly step: string;
  readonly again?: string;
  readonly tar?: readonly string[];
  readonly edit?: (folder: string) => void;
  readonly state: 'CACHED' | 'RUN';
}

/** `step` is built from one kind of context, then (`again`) from the other. */
const CASES: Readonly<Record<string, Case>> = {
  'COPY of a file': { step: 'COPY f /f', state: 'CACHED' },
  'COPY of files into a folder': { step: 'COPY f src/a /x/', state: 'CACHED' },
  'COPY of a folder': { step: 'COPY src /x', state: 'CACHED' },
  'COPY of all': { step: 'COPY . /x/', state: 'CACHED' },
  'COPY --chown --chmod': { step: 'COPY --chown=5:6 --chmod=600 f /x', state: 'CACHED' },
  'COPY --link': { step: 'COPY --link src /x/', state: 'CACHED' },
  'ADD of a file': { step: 'ADD f /x/', state: 'CACHED' },
  'ADD of an archive': { step: 'ADD src/x.tar /x/', state: 'CACHED' },
  'members with other names': { step: 'COPY f /f', tar: ['Dockerfile', 'f'], state: 'CACHED' },
  'members with other times': { step: 'COPY f /f', tar: ['--mtime=@5', '.'], state: 'CACHED' },
  'members with other owners': { step: 'COPY f /f', tar: ['--owner=5', '--group=5', '.'], state: 'RUN' },
  'a file with another mode': {
    step: 'COPY f /f',
    edit: (folder) => fs.chmodSync(join(folder, 'f'), 0o600),
    state: 'RUN',
  },
  'a file that changed': {
    step: 'COPY src /x',
    edit: (folder) => fs.writeFileSync(join(folder, 'src/a'), 'b'),
    state: 'RUN',
  },
  'another place': { step: 'COPY f /f', again: 'COPY f /g', state: 'RUN' },
  'another owner': { step: 'COPY --chown=5 f /f', again: 'COPY --chown=6 f /f', state: 'RUN' },
  'another mode': { step: 'COPY --chmod=600 f /f', again: 'COPY --chmod=640 f /f', state: 'RUN' },
  'ADD in place of COPY': { step: 'COPY src/x.tar /x/', again: 'ADD src/x.tar /x/', state: 'RUN' },
  'an archive that is named as well': { step: 'ADD src /x/', again: 'ADD src src/x.tar /x/', state: 'RUN' },
};

describe('the cache between a folder and an archive of it', function () {
  this.timeout(120_000);
  let engine: EngineUnderTest;
  const folder = fs.mkdtempSync(join(tmpdir(), 'naru-archive-cache-'));

  before(async function () {
    requireRoot(this);
    engine = await startEngine();
    await loadIntoNaru(engine.socketPath, await busyboxArchive());
  });
  after(async () => {
    await engine?.stop();
    fs.rmSync(folder, { recursive: true });
  });

  /** The state of the last step, which is what the preview said before. */
  async function build(kind: 'folder' | 'archive', tar: readonly string[] = ['.']): Promise<string> {
    const from =
      kind === 'folder' ? '.' : { input: execFileSync('tar', ['-cf', '-', ...tar], { cwd: folder }) };
    const [path, options] = typeof from === 'string' ? [from, {}] : ['-', from];
    const run = (...argv: string[]): ReturnType<typeof runNaru> =>
      runNaru(engine.host, [...argv, path], { cwd: folder, ...options });
    const said = lastState((await run('preview', '--json')).stdout);
    const built = await run('build', '--progress', 'json');
    assert.equal(built.status, 0, built.stderr);
    assert.equal(lastState(built.stdout), said);
    return said;
  }

  function lastState(json: string): string {
    return [...json.matchAll(/"instruction":"[^"]*","state":"([A-Z]+)/g)].at(-1)?.[1] ?? json;
  }

  function write(marker: string, step: string): void {
    const files = { f: 'f', 'src/a': 'a', Dockerfile: `FROM busybox\nWORKDIR /${marker}\n${step}\n` };
    fs.rmSync(join(folder, 'src'), { recursive: true, force: true });
    for (const [path, text] of Object.entries(files)) {
      fs.mkdirSync(dirname(join(folder, path)), { recursive: true });
      fs.writeFileSync(join(folder, path), text);
      fs.chmodSync(join(folder, path), 0o644);
    }
    execFileSync('tar', ['-cf', 'src/x.tar', '--mtime=@1', 'f'], { cwd: folder });
  }

  for (const [name, { step, again = step, tar, edit, state }] of Object.entries(CASES)) {
    for (const [first, second] of [
      ['folder', 'archive'],
      ['archive', 'folder'],
    ] as const) {
      it(`${state === 'CACHED' ? 'finds' : 'does not take for the same'}: ${name}, ${first} first`, async () => {
        const marker = `${name}-${first}`.replaceAll(' ', '-');
        write(marker, step);
        await build(first, tar);
        write(marker, again);
        edit?.(folder);
        assert.equal(await build(second, tar), state);
      });
    }
  }
});
