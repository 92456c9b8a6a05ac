/** A program in pieces: what is apart has a file of its own, and both see the same modules. */

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { buildSplit } from '../../scripts/split-bundle.ts';

const SOURCES = {
  'main.ts': `import { add, total } from './shared.ts';
add('main');
if (process.argv[2] === 'apart') void import('./apart.ts').then(({ act }) => act()).then(() => console.log(total()));
else void import('./often.ts').then(({ act }) => act()).then(() => console.log(total()));
`,
  'shared.ts': `import { basename } from 'node:path';
const seen: string[] = [];
export function add(text: string): void { seen.push(basename('x/' + text)); }
export function total(): string { return seen.join(); }
`,
  'often.ts': `import { add } from './shared.ts';
export function act(): void { add('often'); }
`,
  'apart.ts': `import { add } from './shared.ts';
import { only } from './only-apart.ts';
export async function act(): Promise<void> { add(only()); (await import('./often.ts')).act(); add(new URL('./w', import.meta.url).pathname); }
`,
  'only-apart.ts': `export function only(): string { return 'only apart'; }
`,
};

/** Instead of the main source; `soon` is early. */
const EARLY_SOURCES = {
  'soon.ts': `import { add } from './shared.ts';
export function act(): void { add('soon'); }
`,
  'main.ts': `${SOURCES['main.ts'].replace('if (process', "if (process.argv[2] === 'soon') void soon();\nelse if (process")}
async function soon(): Promise<void> {
  (await import('./soon.ts')).act();
  console.log(total());
  (await import('./often.ts')).act();
  console.log(total());
}
`,
};

/** Says which of its modules Node has loaded before and after something of them is used. */
const SLOW_SOURCE = `import { spawnSync } from 'node:child_process';
import zlib, { crc32 } from 'node:zlib';
const loaded = () => (process as any).moduleLoadList.includes('NativeModule child_process');
const before = loaded();
const { status } = spawnSync(process.execPath, ['-e', 'process.exit(3)']);
console.log(before, loaded(), status, crc32('x') === zlib.crc32('x'));
`;

describe('split bundle', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'naru-split-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('reads what is apart only when it is imported', async function () {
    this.timeout(20_000);
    for (const [name, text] of Object.entries(SOURCES)) writeFileSync(join(folder, name), text);
    const dist = join(folder, 'dist');
    mkdirSync(dist);
    const bundle = {
      name: 'p',
      entry: 'main.ts',
      target: 'node20',
      external: [],
      apart: ['apart.ts'],
    } as const;
    const { outputFiles } = await buildSplit(bundle, folder, dist);
    const names = outputFiles.map(({ path }) => basename(path)).toSorted();
    assert.deepEqual(
      names.map((name) => name.replace(/-[A-Z0-9]{8}\./, '.')),
      ['p-apart.cjs', 'p.cjs'],
    );
    for (const { path, contents } of outputFiles) writeFileSync(path, contents);
    const run = (...args: string[]): string =>
      execFileSync(process.execPath, [join(dist, 'p.cjs'), ...args], { encoding: 'utf8' });
    assert.equal(run('apart'), 'main,only apart,often,w\n');
    rmSync(join(dist, names[0] ?? ''));
    assert.equal(run(), 'main,often\n');
  });

  it('reads what is neither early nor apart from a second file', async function () {
    this.timeout(20_000);
    for (const [name, text] of Object.entries(SOURCES)) writeFileSync(join(folder, name), text);
    for (const [name, text] of Object.entries(EARLY_SOURCES)) writeFileSync(join(folder, name), text);
    const early = {
      name: 'p',
      entry: 'main.ts',
      target: 'node20',
      external: [],
      apart: ['apart.ts'],
      early: ['soon.ts'],
    } as const;
    const { outputFiles } = await buildSplit(early, folder, folder);
    for (const { path, contents } of outputFiles) writeFileSync(path, contents);
    const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
    for (const [file, inside, outside] of [
      ['p.cjs', 'soon', 'often'],
      ['p-rest.cjs', 'often', 'soon'],
    ] as const) {
      assert.match(text(file), new RegExp(`add\\)?\\(["']${inside}["']\\)`));
      assert.doesNotMatch(text(file), new RegExp(`add\\)?\\(["']${outside}["']\\)`));
    }
    const run = (...args: string[]): string =>
      spawnSync(process.execPath, [join(folder, 'p.cjs'), ...args], { encoding: 'utf8' }).stdout;
    assert.equal(run('apart'), 'main,only apart,often,w\n');
    assert.equal(run(), 'main,often\n');
    assert.equal(run('soon'), 'main,soon\nmain,soon,often\n');
    rmSync(join(folder, 'p-rest.cjs'));
    assert.equal(run('soon'), 'main,soon\n', 'the rest is read when something of it is imported');
  });

  it('loads slow modules of Node when something of them is used', async function () {
    this.timeout(20_000);
    writeFileSync(join(folder, 'main.ts'), SLOW_SOURCE);
    const bundle = { name: 'p', entry: 'main.ts', target: 'node20', external: [] } as const;
    const { outputFiles } = await buildSplit(bundle, folder, folder);
    for (const { path, contents } of outputFiles) writeFileSync(path, contents);
    const said = execFileSync(process.execPath, [join(folder, 'p.cjs')], { encoding: 'utf8' });
    assert.equal(said, 'false true 3 true\n');
  });
});
