/**
 * A language server session over stdio, as an editor has it: the built server, one process per test file.
 * A test's text carries its position as `|`; `open` takes it out and answers where it was.
 */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import rpc, {
  type Diagnostic,
  type InitializeResult,
  type MessageConnection,
  type Position,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver/node';

const SERVER = join(import.meta.dirname, '../../dist/server.cjs');

export interface OpenFile {
  readonly uri: string;
  readonly text: string;
  /** Of every `|`, in file order. */
  readonly positions: readonly Position[];
  /** Of the first `|`. */
  readonly position: Position;
}

export class LspSession {
  readonly connection: MessageConnection;
  readonly #process: ChildProcess;
  readonly #waiting = new Map<string, (diagnostics: Diagnostic[]) => void>();
  readonly #folder: string;
  #nFiles = 0;

  private constructor(process: ChildProcess, connection: MessageConnection, folder: string) {
    this.#process = process;
    this.connection = connection;
    this.#folder = folder;
    connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.#waiting.get(params.uri)?.(params.diagnostics);
    });
  }

  /** Starts the server, which asks no shellcheck unless the options say so; `folder` is where the opened files pretend to lie. `prepare` adds what this editor answers. */
  static async start(
    folder = '/naru-lsp-test',
    initializationOptions: object = {},
    prepare: (connection: MessageConnection) => void = () => undefined,
    env: NodeJS.ProcessEnv = process.env,
    capabilities: object = {},
  ): Promise<LspSession> {
    const child = spawn(process.execPath, [SERVER, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'], env });
    assert.ok(child.stdout !== null && child.stdin !== null);
    const connection = rpc.createMessageConnection(
      new rpc.StreamMessageReader(child.stdout),
      new rpc.StreamMessageWriter(child.stdin),
    );
    const session = new LspSession(child, connection, folder);
    prepare(connection);
    connection.listen();
    await session.request<InitializeResult>('initialize', {
      processId: process.pid,
      rootUri: pathToFileURL(folder).href,
      capabilities,
      initializationOptions: { asksShellcheck: false, ...initializationOptions },
    });
    await connection.sendNotification('initialized', {});
    return session;
  }

  /** Opens a new file and waits for nothing. */
  async open(marked: string, name = `Dockerfile.${(this.#nFiles += 1)}`): Promise<OpenFile> {
    const parts = marked.split('|');
    const text = parts.join('');
    const uri = pathToFileURL(join(this.#folder, name)).href;
    const positions = parts.slice(0, -1).map((_, index) => positionAfter(parts.slice(0, index + 1).join('')));
    const position = positions[0] ?? { line: 0, character: 0 };
    await this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'dockerfile', version: 1, text },
    });
    return { uri, text, positions, position };
  }

  /** The next diagnostics published for the file, after `act` has run. */
  async diagnosticsAfter(uri: string, act: () => Promise<unknown>): Promise<Diagnostic[]> {
    const published = new Promise<Diagnostic[]>((resolve) => {
      this.#waiting.set(uri, resolve);
    });
    await act();
    return published;
  }

  request<T>(method: string, params: unknown): Promise<T> {
    return this.connection.sendRequest<T>(method, params);
  }

  /** A request about the marked position of a file. */
  at<T>(method: string, file: OpenFile, extra: object = {}): Promise<T> {
    return this.request<T>(method, { textDocument: { uri: file.uri }, position: file.position, ...extra });
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => {
      this.#process.once('exit', resolve);
    });
    await this.request('shutdown', undefined);
    await this.connection.sendNotification('exit');
    await gone;
    this.connection.dispose();
  }
}

/** `text` with every range replaced by `[` … `]`, so that a test shows where something is. */
export function markRanges(
  text: string,
  ranges: readonly { readonly start: Position; readonly end: Position }[],
): string {
  const lines = text.split('\n');
  const offsetOf = (position: Position): number =>
    lines.slice(0, position.line).reduce((sum, line) => sum + line.length + 1, 0) + position.character;
  const marks = ranges.flatMap((range) => [
    { at: offsetOf(range.start), mark: '[' },
    { at: offsetOf(range.end), mark: ']' },
  ]);
  let result = text;
  for (const { at, mark } of marks.toSorted((a, b) => b.at - a.at || (a.mark < b.mark ? -1 : 1))) {
    result = result.slice(0, at) + mark + result.slice(at);
  }
  return result;
}

function positionAfter(text: string): Position {
  const lines = text.split('\n');
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
}
