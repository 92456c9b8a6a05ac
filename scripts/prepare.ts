/**
 * What the test folders need before they can run on a bare machine: the bundles, the native tools, Debian packages.
 * Each need is met once and cached, so a second run costs nothing.
 */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

import { setUpVscodeBed } from './setup-vscode-bed.ts';

/** Debian packages by the command that shows whether they are there. */
const PACKAGES: Readonly<Record<string, string>> = {
  nft: 'nftables',
  ip: 'iproute2',
  busybox: 'busybox-static',
  mmdebstrap: 'mmdebstrap',
  curl: 'curl',
  sshd: 'openssh-server',
};

/** For test/clients alone; docker-py comes with docker-compose in Debian 12. */
const CLIENT_PACKAGES: Readonly<Record<string, string>> = {
  'docker-compose': 'docker-compose',
};

const NEEDS_BUNDLES: ReadonlySet<string> = new Set([
  'lsp',
  'api',
  'system',
  'clients',
  'conformance',
  'hosts',
  'e2e',
]);
const NEEDS_ROOT: ReadonlySet<string> = new Set(['api', 'system', 'clients', 'conformance', 'hosts', 'e2e']);

/** Meets the needs of the given test folders; ends the process with a sentence when one can't be met. */
export function prepare(folders: readonly string[]): void {
  if (folders.some((folder) => NEEDS_ROOT.has(folder))) installPackages(PACKAGES);
  if (folders.includes('clients')) installPackages(CLIENT_PACKAGES);
  if (folders.some((folder) => NEEDS_BUNDLES.has(folder)))
    run('npm', ['run', '--silent', 'build'], 'building the bundles');
  // Here and not in a test: on a cold machine it takes minutes, which would count as the test's own.
  if (folders.includes('e2e') && isLinuxRoot()) setUpVscodeBed();
}

/** What the demo needs: packages, bundles and native tools. */
export function prepareDemo(): void {
  installPackages(PACKAGES);
  run('npm', ['run', '--silent', 'build'], 'building the bundles');
}

function installPackages(packages: Readonly<Record<string, string>>): void {
  if (!isLinuxRoot()) return;
  const missing = Object.entries(packages)
    .filter(([command]) => !isOnPath(command))
    .map(([, name]) => name);
  if (missing.length === 0) return;
  run('apt-get', ['update', '-qq'], 'reading the package lists');
  run(
    'apt-get',
    ['install', '-y', '-qq', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', ...missing],
    `installing ${missing.join(', ')}`,
  );
}

function isLinuxRoot(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0;
}

function isOnPath(command: string): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin'];
  return folders.some((folder) => existsSync(`${folder}/${command}`));
}

function run(command: string, args: readonly string[], what: string): void {
  console.log(`prepare: ${what}`);
  const { status, error } = spawnSync(command, [...args], {
    stdio: 'inherit',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status === 0) return;
  console.error(`prepare: ${what} failed${error ? `: ${error.message}` : ''}`);
  process.exit(1);
}
