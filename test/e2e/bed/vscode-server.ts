/**
 * VS Code's server with the packaged extension installed, on a free loopback port, with everything it writes in one temporary folder.
 * Its environment holds nothing of the caller's but what a fresh machine has, so the extension cannot lean on a checkout.
 */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { vscodeBed } from '../../../scripts/setup-vscode-bed.ts';
import { endEngine } from './engine.ts';

const run = promisify(execFile);

/** Settings that keep the workbench quiet, offline and readable for a test. */
const SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'window.autoDetectColorScheme': false,
  'window.confirmBeforeClose': 'never',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'security.workspace.trust.enabled': false,
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'git.enabled': false,
  // The DOM renderer's rows are text that a test can read.
  'terminal.integrated.gpuAcceleration': 'off',
  'terminal.integrated.shellIntegration.enabled': false,
  'terminal.integrated.enablePersistentSessions': false,
  'editor.hover.delay': 50,
  'editor.minimap.enabled': false,
  'editor.acceptSuggestionOnEnter': 'off',
  'files.hotExit': 'off',
};

export interface VscodeServerOptions {
  readonly vsix: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** `ko` shows the extension in Korean; the workbench itself stays English. */
  readonly locale?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface VscodeServer {
  readonly url: string;
  /** Root of the engine that the extension starts; its socket is `naru.sock` in there. */
  readonly engineRoot: string;
  /** What the server has written so far, for the report of a failed test. */
  log(): string;
  /** Ends the server, the engine that the extension started, and all containers, and removes their folder. */
  stop(): Promise<void>;
}

/** Installs the extension and starts the server; fulfilled when it listens. */
export async function startVscodeServer(options: VscodeServerOptions): Promise<VscodeServer> {
  const { node, serverMain } = vscodeBed();
  const root = mkdtempSync(join(tmpdir(), 'naru-vscode-'));
  const folders = makeFolders(root, options);
  const env = {
    PATH: `${dirname(node)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    HOME: join(root, 'home'),
    LANG: 'C.UTF-8',
    SHELL: '/bin/bash',
    TMPDIR: tmpdir(),
    ...options.env,
  };
  await run(node, [serverMain, ...folders, '--install-extension', options.vsix, '--force'], { env });
  const flags = [
    '--host',
    '127.0.0.1',
    '--port',
    '0',
    '--without-connection-token',
    '--disable-workspace-trust',
  ];
  const locale = options.locale === undefined ? [] : ['--locale', options.locale];
  const child = spawn(node, [serverMain, ...folders, ...flags, ...locale], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const output: string[] = [];
  const port = await listeningPort(child, output);
  return {
    url: `http://127.0.0.1:${port}`,
    engineRoot: join(root, 'engine'),
    log: () => output.join(''),
    async stop() {
      await endGroup(child);
      await endEngine(join(root, 'engine'));
      rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

function makeFolders(root: string, { settings, locale }: VscodeServerOptions): string[] {
  const userData = join(root, 'user-data');
  for (const folder of [
    join(userData, 'User'),
    join(root, 'extensions'),
    join(root, 'server'),
    join(root, 'home'),
  ]) {
    mkdirSync(folder, { recursive: true });
  }
  writeFileSync(join(userData, 'User/settings.json'), JSON.stringify({ ...SETTINGS, ...settings }));
  // Settings of scope "machine" count only where the extension runs.
  const machine = join(userData, 'Machine');
  mkdirSync(machine, { recursive: true });
  writeFileSync(join(machine, 'settings.json'), JSON.stringify({ 'naru.engine.root': join(root, 'engine') }));
  if (locale !== undefined) writeLanguagePack(root, userData, locale);
  return [
    '--user-data-dir',
    userData,
    '--extensions-dir',
    join(root, 'extensions'),
    '--server-data-dir',
    join(root, 'server'),
    '--telemetry-level',
    'off',
    '--accept-server-license-terms',
  ];
}

/** What the desktop writes when a language pack is installed; an empty one is enough to switch the extension's texts. */
function writeLanguagePack(root: string, userData: string, locale: string): void {
  const translations = join(root, `main.${locale}.json`);
  writeFileSync(translations, JSON.stringify({ version: '1.0.0', contents: {} }));
  const pack = {
    hash: `naru-${locale}`,
    label: locale,
    extensions: [{ extensionIdentifier: { id: 'naru-test.language-pack' }, version: '1.0.0' }],
    translations: { vscode: translations },
  };
  writeFileSync(join(userData, 'languagepacks.json'), JSON.stringify({ [locale]: pack }));
}

function listeningPort(child: ChildProcess, output: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`the server did not start:\n${output.join('')}`)),
      60_000,
    );
    const read = (chunk: Buffer): void => {
      output.push(chunk.toString());
      const match = /agent listening on (\d+)/.exec(output.join(''));
      if (match === null) return;
      clearTimeout(timer);
      resolve(Number(match[1]));
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${output.join('')}`)));
  });
}

/** The server starts helpers of its own, so its whole process group is ended. */
async function endGroup(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null) return;
  const gone = new Promise((resolve) => {
    child.once('exit', resolve);
  });
  process.kill(-pid, 'SIGTERM');
  const timer = setTimeout(() => process.kill(-pid, 'SIGKILL'), 5_000);
  await gone;
  clearTimeout(timer);
}
