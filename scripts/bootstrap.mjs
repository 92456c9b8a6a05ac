// Runs one of our TypeScript scripts from a bare checkout: `node scripts/bootstrap.mjs test.ts …`.
// Installs the locked packages when they are absent or older than the lockfile, then hands over to the pinned Node 24 that came with them (it runs TypeScript as it is).
// Plain JavaScript for any Node >= 20, because at this point nothing else is there.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [script, ...args] = process.argv.slice(2);
installPackages();
const node = findNode();
const bin = join(root, 'node_modules', '.bin');
const { status, signal } = spawnSync(node, [join(root, 'scripts', script), ...args], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PATH: `${dirname(node)}${delimiter}${bin}${delimiter}${process.env.PATH}` },
});
process.exit(signal ? 1 : (status ?? 1));

function installPackages() {
  const stamp = join(root, 'node_modules', '.naru-lock');
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  const folder = join(root, 'node_modules');
  // A linked or hand-made folder that is newer than the lockfile is somebody's own and stays.
  if (
    existsSync(folder) &&
    !existsSync(stamp) &&
    statSync(folder).mtimeMs > statSync(join(root, 'package-lock.json')).mtimeMs
  )
    return;
  console.log('installing the locked packages');
  // Not `npm ci`: it insists on lockfile entries for the optional packages of every other platform, which a mirror may not carry.
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { status: code } = spawnSync(
    npm,
    ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
      stdio: 'inherit',
      shell: process.platform === 'win32',
    },
  );
  if (code !== 0) {
    console.error('npm install failed; see the lines above');
    process.exit(1);
  }
  writeFileSync(stamp, lock);
}

function findNode() {
  const bundled = join(root, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');
  if (existsSync(bundled)) return bundled;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  console.error(`Node ${process.versions.node} can't run TypeScript; install Node 24 or newer`);
  process.exit(1);
}
