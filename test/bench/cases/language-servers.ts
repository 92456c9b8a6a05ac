/** From a change to its diagnostics: CPU of the server, beside dockerfile-language-server-nodejs where npm can bring it. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import rpc, { type MessageConnection } from 'vscode-languageserver/node';

import { makeDockerfile } from '../dockerfiles.ts';
import { alternate, type Figure, type Sample } from '../figures.ts';
import { cpuOf } from '../measure.ts';

const OURS = join(import.meta.dirname, '../../../dist/server.cjs');
const PEER = 'dockerfile-language-server-nodejs';
const PEER_VERSION = '0.15.0';
const N_WARM = 5;

export async function benchLanguageServers(folder: string, nRounds: number): Promise<readonly Figure[]> {
  const ours = await Server.start('naru', OURS);
  const peerPath = installPeer(folder);
  const peer = peerPath === undefined ? undefined : await Server.start(`${PEER} ${PEER_VERSION}`, peerPath);
  const servers = peer === undefined ? [ours] : [ours, peer];
  const figures: Figure[] = [];
  try {
    for (const nLines of [50, 500, 5000]) {
      const text = makeDockerfile(nLines);
      for (const server of servers) await server.open(nLines, text);
      const sides = servers.map((server) => ({ name: server.name, run: () => server.change(nLines) }));
      figures.push({
        what: `change to diagnostics, ${nLines} lines`,
        sides: await alternate(sides, { nRounds }),
      });
    }
  } finally {
    for (const server of servers) await server.stop();
  }
  return figures;
}

/** Path of its program; undefined when npm cannot bring it. */
function installPeer(folder: string): string | undefined {
  const install = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error'];
  spawnSync('npm', [...install, `${PEER}@${PEER_VERSION}`], { stdio: 'inherit' });
  const path = join(folder, 'node_modules', PEER, 'bin/docker-langserver');
  return existsSync(path) ? path : undefined;
}

class Server {
  readonly name: string;
  readonly #process: ChildProcess;
  readonly #connection: MessageConnection;
  readonly #waiting = new Map<string, () => void>();
  #version = 1;

  private constructor(name: string, child: ChildProcess, connection: MessageConnection) {
    this.name = name;
    this.#process = child;
    this.#connection = connection;
    connection.onNotification('textDocument/publishDiagnostics', ({ uri }: { readonly uri: string }) =>
      this.#waiting.get(uri)?.(),
    );
    connection.onRequest('workspace/configuration', ({ items }: { readonly items: readonly unknown[] }) =>
      items.map(() => null),
    );
  }

  static async start(name: string, path: string): Promise<Server> {
    const child = spawn(process.execPath, [path, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const connection = rpc.createMessageConnection(
      new rpc.StreamMessageReader(child.stdout),
      new rpc.StreamMessageWriter(child.stdin),
    );
    const server = new Server(name, child, connection);
    connection.listen();
    await connection.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: {} });
    await connection.sendNotification('initialized', {});
    return server;
  }

  async open(nLines: number, text: string): Promise<void> {
    const uri = uriOf(nLines);
    await this.#diagnosticsAfter(uri, 'textDocument/didOpen', {
      textDocument: { uri, languageId: 'dockerfile', version: this.#version, text },
    });
    for (let nth = 0; nth < N_WARM; nth += 1) await this.change(nLines);
  }

  /** One character in the middle of the file. */
  async change(nLines: number): Promise<Sample> {
    const pid = this.#process.pid ?? 0;
    const uri = uriOf(nLines);
    const at = { line: Math.floor(nLines / 2), character: 0 };
    this.#version += 1;
    const cpuBefore = cpuOf([pid]);
    const began = performance.now();
    await this.#diagnosticsAfter(uri, 'textDocument/didChange', {
      textDocument: { uri, version: this.#version },
      // By turns a comment sign comes and goes, so that the file differs each time.
      contentChanges: [
        this.#version % 2 === 0
          ? { range: { start: at, end: at }, text: '#' }
          : { range: { start: at, end: { ...at, character: 1 } }, text: '' },
      ],
    });
    const wallMs = performance.now() - began;
    return { wallMs, clientCpuMs: cpuOf([pid]) - cpuBefore };
  }

  async stop(): Promise<void> {
    const gone = once(this.#process, 'exit');
    await this.#connection.sendRequest('shutdown');
    await this.#connection.sendNotification('exit');
    await gone;
    this.#connection.dispose();
  }

  async #diagnosticsAfter(uri: string, method: string, parameters: object): Promise<void> {
    const published = new Promise<void>((resolve) => this.#waiting.set(uri, resolve));
    await this.#connection.sendNotification(method, parameters);
    await published;
  }
}

function uriOf(nLines: number): string {
  return `file:///bench/Dockerfile.${nLines}`;
}
