/**
 * Installs what test/e2e needs into the cache: VS Code's server and web workbench (from the npm package code-server), Chromium and a CJK font (from Debian).
 * Idempotent; root is needed only for the first `apt-get install`. Prints one line per step and the folder at the end.
 * Only `lib/vscode` of code-server is used, so its own dependencies are never installed.
 */

import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** VS Code 1.139.1; code-server numbers its releases 4.x for VS Code 1.x. */
const CODE_SERVER = {
  version: '4.139.1',
  integrity:
    'sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==',
};

/** Chromium as Debian installs it; the wrapper in /usr/bin reads the user's settings, which a test must not. */
const CHROMIUM = '/usr/lib/chromium/chromium';

/** Dependencies of the workbench server that no extension test loads: they are large, native or want the network. */
const UNUSED_DEPENDENCIES = [
  '@devcontainers/cli',
  '@github/copilot-sdk',
  '@microsoft/mxc-sdk',
  '@vscode/copilot-api',
  '@vscode/sandbox-runtime',
  '@vscode/sqlite3',
  '@vscode/windows-process-tree',
  '@vscode/windows-registry',
  'kerberos',
  'ssh2',
];

/** Built-in extensions that only want to sign in or to reach the network. */
const UNUSED_EXTENSIONS =
  /^(copilot|mermaid-.*|microsoft-authentication|github.*|tunnel-forwarding|ms-vscode\..*)$/;

/** Where the bed's parts lie. */
export interface VscodeBed {
  readonly node: string;
  readonly serverMain: string;
  readonly chromium: string;
}

/** The bed's paths, whether or not it is installed. */
export function vscodeBed(): VscodeBed {
  return { node: process.execPath, serverMain: join(workbench(), 'out/server-main.js'), chromium: CHROMIUM };
}

/** Installs what is missing. Cheap when everything is there. */
export function setUpVscodeBed(): VscodeBed {
  installDebianPackages();
  installCodeServer();
  return vscodeBed();
}

function bedFolder(): string {
  const cache = process.env['NARU_CACHE'] ?? join(homedir(), '.cache', 'naru');
  return join(cache, 'vscode-bed', CODE_SERVER.version);
}

function workbench(): string {
  return join(bedFolder(), 'code-server/lib/vscode');
}

function installDebianPackages(): void {
  const wanted = [
    { name: 'chromium', isThere: existsSync(CHROMIUM) },
    { name: 'fonts-noto-cjk', isThere: existsSync('/usr/share/fonts/opentype/noto') },
    { name: 'g++', isThere: existsSync('/usr/bin/g++') },
    { name: 'make', isThere: existsSync('/usr/bin/make') },
    { name: 'python3', isThere: existsSync('/usr/bin/python3') },
  ];
  const missing = wanted.filter((entry) => !entry.isThere).map((entry) => entry.name);
  if (missing.length === 0) return;
  console.log(`bed: apt-get install ${missing.join(' ')}`);
  const options = ['-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300'];
  run('apt-get', ['update', '-qq'], '/');
  run('apt-get', ['install', ...options, ...missing], '/');
}

/** Unpacks, trims, installs and compiles in a temporary folder that is renamed when it is complete. */
function installCodeServer(): void {
  if (existsSync(join(workbench(), '.installed'))) return;
  const folder = bedFolder();
  mkdirSync(folder, { recursive: true });
  const staging = mkdtempSync(join(folder, 'staging-'));
  try {
    unpackCodeServer(staging);
    const vscode = join(staging, 'package/lib/vscode');
    trimWorkbench(vscode);
    console.log('bed: npm install of the workbench server');
    run('npm', ['install', '--ignore-scripts', '--omit=dev', '--no-save', '--no-audit', '--no-fund'], vscode);
    compileNatives(vscode);
    writeFileSync(join(vscode, '.installed'), '');
    rmSync(join(folder, 'code-server'), { recursive: true, force: true });
    renameSync(join(staging, 'package'), join(folder, 'code-server'));
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function unpackCodeServer(staging: string): void {
  const name = `code-server@${CODE_SERVER.version}`;
  console.log(`bed: ${name}`);
  run('npm', ['pack', '--silent', '--ignore-scripts', name], staging);
  const tarball = readdirSync(staging).find((file) => file.endsWith('.tgz'));
  if (tarball === undefined) throw new Error(`npm pack ${name} made no file`);
  const digest = createHash('sha512')
    .update(readFileSync(join(staging, tarball)))
    .digest('base64');
  if (`sha512-${digest}` !== CODE_SERVER.integrity) {
    throw new Error(`${name} has integrity sha512-${digest}, expected ${CODE_SERVER.integrity}`);
  }
  run('tar', ['-xzf', tarball], staging);
}

function trimWorkbench(vscode: string): void {
  editJson(join(vscode, 'package.json'), (manifest) => {
    const dependencies = manifest['dependencies'];
    if (typeof dependencies !== 'object' || dependencies === null) return;
    for (const name of UNUSED_DEPENDENCIES) Reflect.deleteProperty(dependencies, name);
  });
  // Without a default chat agent nothing asks for a sign-in; without automatic updates nothing asks for the gallery.
  editJson(join(vscode, 'product.json'), (product) => {
    product['builtInExtensionsEnabledWithAutoUpdates'] = [];
    product['enableTelemetry'] = false;
    delete product['voiceWsUrl'];
  });
  const extensions = join(vscode, 'extensions');
  for (const name of readdirSync(extensions)) {
    if (UNUSED_EXTENSIONS.test(name)) rmSync(join(extensions, name), { recursive: true });
  }
}

/** node-pty and @parcel/watcher bring binaries; the watchdog does not, and the server does not start without it. */
function compileNatives(vscode: string): void {
  console.log('bed: compiling native-watchdog');
  const gyp = join(npmFolder(), 'node_modules/node-gyp/bin/node-gyp.js');
  const headers = join(process.execPath, '../..');
  run(
    process.execPath,
    [gyp, 'rebuild', `--nodedir=${headers}`],
    join(vscode, 'node_modules/@vscode/native-watchdog'),
  );
}

/** npm brings node-gyp with it; `npm root -g` would answer for the Node that runs this script, not for npm's own. */
function npmFolder(): string {
  const program = process.env['npm_execpath'] ?? execFileSync('which', ['npm'], { encoding: 'utf8' }).trim();
  return join(realpathSync(program), '../..');
}

function editJson(file: string, edit: (value: Record<string, unknown>) => void): void {
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (typeof value !== 'object' || value === null) throw new Error(`${file} is not a JSON object`);
  // A JSON object that is no array has string keys.
  const record = value as Record<string, unknown>;
  edit(record);
  writeFileSync(file, JSON.stringify(record, undefined, 1));
}

/** Runs to its end; the output is shown only when it fails. */
function run(command: string, args: readonly string[], cwd: string): void {
  const outcome = spawnSync(command, [...args], { cwd, encoding: 'utf8', maxBuffer: 64 << 20 });
  if (outcome.status === 0) return;
  const lastLines = `${outcome.stdout}${outcome.stderr}`.split('\n').slice(-20).join('\n');
  throw new Error(`${command} ${args.join(' ')} failed: ${outcome.error?.message ?? ''}\n${lastLines}`);
}

if (import.meta.main) {
  setUpVscodeBed();
  console.log(`bed: ready in ${bedFolder()}`);
}
