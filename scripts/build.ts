/**
 * `npm run build`: makes `dist/` from the sources: the bundles, what esbuild knows about them, and on Linux the native parts.
 * `--no-native` leaves the native tools out; `--arm64` adds those of the other architecture. The native tools are cached, so a second run takes a second.
 */

import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

import { build } from 'esbuild';

import { type Bundle, bundleOptions, listBundles } from './bundles.ts';

const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');

await main();

async function main(): Promise<void> {
  const startedAt = performance.now();
  mkdirSync(join(DIST, 'meta'), { recursive: true });
  const bundles = listBundles(ROOT);
  removeStrays(bundles);
  await Promise.all(bundles.map(makeBundle));
  copyKoffi();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`dist: ${bundles.map((bundle) => bundle.name).join(', ')} in ${seconds} s`);
  if (process.platform !== 'linux' || process.argv.includes('--no-native')) return;
  copyNativeTools(process.arch);
  if (process.argv.includes('--arm64')) copyNativeTools('arm64');
}

async function makeBundle(bundle: Bundle): Promise<void> {
  const result = await build(bundleOptions(bundle, ROOT, DIST));
  writeFileSync(join(DIST, 'meta', `${bundle.name}.json`), JSON.stringify(result.metafile));
}

/** A bundle whose source is gone must not live on in a package. */
function removeStrays(bundles: readonly Bundle[]): void {
  const names = new Set(bundles.map((bundle) => `${bundle.name}.cjs`));
  for (const file of readdirSync(DIST)) {
    if (file.endsWith('.cjs') && !names.has(file)) rmSync(join(DIST, file));
  }
  for (const file of readdirSync(join(DIST, 'meta'))) {
    if (!names.has(file.replace(/\.json$/, '.cjs'))) rmSync(join(DIST, 'meta', file));
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
  rmSync(target, { recursive: true, force: true });
  if (status === 0) cpSync(stdout.trim(), target, { recursive: true });
  else console.error(`dist: no native tools for ${arch}; the bundled engine will not start there`);
}
