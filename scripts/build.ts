/**
 * `npm run build`: makes `dist/` from the sources: the bundles, what esbuild knows about them, and on Linux the native parts.
 * `--no-native` leaves the native tools out; `--arm64` adds those of the other architecture. The native tools are cached, so a second run takes a second.
 */

import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, relative } from 'node:path';
import { performance } from 'node:perf_hooks';

import { build } from 'esbuild';

import { type Bundle, bundleOptions, listBundles } from './bundles.ts';
import { buildSplit } from './split-bundle.ts';

const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');

await main();

async function main(): Promise<void> {
  const startedAt = performance.now();
  mkdirSync(join(DIST, 'meta'), { recursive: true });
  const bundles = listBundles(ROOT);
  const files = await Promise.all(bundles.map(makeBundle));
  removeStrays(bundles, files.flat());
  copyKoffi();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`dist: ${bundles.map((bundle) => bundle.name).join(', ')} in ${seconds} s`);
  if (process.platform !== 'linux' || process.argv.includes('--no-native')) return;
  copyNativeTools(process.arch);
  if (process.argv.includes('--arm64')) copyNativeTools('arm64');
}

/** Names of the files made in `dist/`. */
async function makeBundle(bundle: Bundle): Promise<readonly string[]> {
  const made = bundle.apart
    ? await buildSplit(bundle, ROOT, DIST)
    : await build({ ...bundleOptions(bundle, ROOT, DIST), write: false, metafile: true });
  for (const { path, contents } of made.outputFiles) writeFileSync(path, contents);
  writeFileSync(join(DIST, 'meta', `${bundle.name}.json`), JSON.stringify(made.metafile));
  return made.outputFiles.map(({ path }) => basename(path));
}

/** A bundle whose source is gone, or the chunk of an older build, must not live on in a package. */
function removeStrays(bundles: readonly Bundle[], made: readonly string[]): void {
  const names = new Set(made);
  for (const file of readdirSync(DIST)) {
    if (file.endsWith('.cjs') && !names.has(file)) rmSync(join(DIST, file));
  }
  const metas = new Set(bundles.map((bundle) => `${bundle.name}.json`));
  for (const file of readdirSync(join(DIST, 'meta'))) {
    if (!metas.has(file)) rmSync(join(DIST, 'meta', file));
  }
}

/**
 * Where runtime/host/libc.ts looks for it. The engine's Node is a glibc build, so the musl twin stays out.
 * The old file is taken away, not written over: an engine that runs from here has it mapped, and would crash at its next call.
 */
function copyKoffi(): void {
  const name = `linux-${process.arch}`;
  const binary = join(ROOT, 'node_modules/@koromix', `koffi-${name}`, `linux_${process.arch}`, 'koffi.node');
  if (!existsSync(binary)) return;
  mkdirSync(join(DIST, 'koffi'), { recursive: true });
  const target = join(DIST, 'koffi', `${name}.node`);
  if (existsSync(target) && readFileSync(binary).equals(readFileSync(target))) return;
  rmSync(target, { force: true });
  copyFileSync(binary, target);
}

/** Where runtime/native/locate.ts looks for them. Without them everything but the engine works, so their absence is only said. */
function copyNativeTools(arch: string): void {
  const script = join(ROOT, 'scripts/native.ts');
  const { status, stdout } = spawnSync(process.execPath, [script, '--arch', arch, '--print-dir'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  const target = join(DIST, 'native', `linux-${arch}`);
  // Left alone where they are the same: an engine or a test may be reading them.
  if (status === 0 && isSameFolder(stdout.trim(), target)) return;
  rmSync(target, { recursive: true, force: true });
  if (status === 0) cpSync(stdout.trim(), target, { recursive: true });
  else console.error(`dist: no native tools for ${arch}; the bundled engine will not start there`);
}

/** The same files, byte by byte. */
function isSameFolder(left: string, right: string): boolean {
  if (!existsSync(right)) return false;
  const files = filesOf(left);
  if (files.join('\n') !== filesOf(right).join('\n')) return false;
  return files.every((file) => readFileSync(join(left, file)).equals(readFileSync(join(right, file))));
}

/** Paths below a folder, sorted. */
function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}
