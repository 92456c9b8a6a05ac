/**
 * `npm run package`: makes `naru-<version>.vsix` (the extension, with the engine and its native tools) and `naru-cli.tgz` (the command line, installable by npm).
 * `--x64-only` leaves the tools of the other architecture out. What goes into the .vsix is the allow-list in .vscodeignore.
 */

import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { fetchLockedPackage } from './locked-package.ts';
import { thirdPartyNotices } from './third-party.ts';

const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');

interface Manifest {
  readonly version: string;
  readonly description: string;
  readonly license: string;
}

main();

function main(): void {
  const isX64Only = process.argv.includes('--x64-only');
  run(process.execPath, [join(ROOT, 'scripts/build.ts'), ...(isX64Only ? [] : ['--arm64'])], ROOT);
  if (!isX64Only) addKoffi('arm64');
  writeFileSync(join(DIST, 'THIRD-PARTY.txt'), thirdPartyNotices(ROOT));
  // package.json is ours; its shape is checked by test/tidy.
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
  console.log(packExtension(manifest));
  console.log(packCli(manifest));
}

/** The lockfile pins the library of every architecture; npm installs only that of this machine. */
function addKoffi(arch: string): void {
  const target = join(DIST, 'koffi', `linux-${arch}.node`);
  const folder = fetchLockedPackage(ROOT, `@koromix/koffi-linux-${arch}`);
  cpSync(join(folder, `linux_${arch}`, 'koffi.node'), target);
  rmSync(folder, { recursive: true });
}

function packExtension({ version }: Manifest): string {
  const file = join(ROOT, `naru-${version}.vsix`);
  rmSync(file, { force: true });
  const vsce = join(ROOT, 'node_modules/@vscode/vsce/vsce');
  const flags = [
    '--no-dependencies',
    '--allow-missing-repository',
    '--skip-license',
    '--no-rewrite-relative-links',
  ];
  run(process.execPath, [vsce, 'package', ...flags, '--out', file], ROOT);
  return file;
}

function packCli({ version, description, license }: Manifest): string {
  const staging = mkdtempSync(join(tmpdir(), 'naru-cli-'));
  try {
    cpSync(join(ROOT, 'bin'), join(staging, 'bin'), { recursive: true });
    chmodSync(join(staging, 'bin/naru'), 0o755);
    cpSync(DIST, join(staging, 'dist'), { recursive: true });
    for (const name of ['client.cjs', 'server.cjs', 'meta'])
      rmSync(join(staging, 'dist', name), { recursive: true, force: true });
    for (const name of ['README.md', 'LICENSE']) {
      if (existsSync(join(ROOT, name))) cpSync(join(ROOT, name), join(staging, name));
    }
    const manifest = {
      name: 'naru-cli',
      version,
      description,
      license,
      type: 'module',
      bin: { naru: 'bin/naru' },
      engines: { node: '>=20' },
      files: ['bin', 'dist'],
    };
    writeFileSync(join(staging, 'package.json'), JSON.stringify(manifest, undefined, 2));
    run('npm', ['pack', '--silent', '--ignore-scripts'], staging);
    const file = join(ROOT, 'naru-cli.tgz');
    cpSync(join(staging, `naru-cli-${version}.tgz`), file);
    return file;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function run(command: string, args: readonly string[], cwd: string): void {
  const outcome = spawnSync(command, [...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (outcome.status === 0) return;
  throw new Error(`${command} ${args.join(' ')} failed: ${outcome.error?.message ?? ''}\n${outcome.stdout}`);
}
