/** Documents that lie on no path of this machine, and mistakes inside the server: neither may end it. */

import assert from 'node:assert/strict';

import type { CodeLens, CompletionItem, Hover } from 'vscode-languageserver';

import { LspSession } from './session.ts';

/** Each cannot be a path here: another machine's, a `/` inside a name, no encoding at all, a NUL. */
const URIS = [
  ['untitled:Untitled-1'],
  ['git:/x/Dockerfile?{}'],
  ['file://server/share/Dockerfile'],
  ['file:///tmp/a%2Fb/Dockerfile'],
  ['file:///x/%zz/Dockerfile'],
  ['file:///x/a%00b/Dockerfile'],
] as const;

const SAVE_FIRST = 'Save this file first: its folder is what a build may read';

describe('a document without a path', () => {
  let session: LspSession;
  before(async () => {
    session = await LspSession.start('/naru-lsp-test', { isPreviewEnabled: true });
  });
  after(() => session.stop());

  for (const [uri] of URIS) {
    it(`is served: ${uri}`, async () => {
      const text = 'FROM debian:12\nRUN sudo id\nCOPY a.txt \n';
      const textDocument = { uri, languageId: 'dockerfile', version: 1, text };
      const found = await session.diagnosticsAfter(uri, () =>
        session.connection.sendNotification('textDocument/didOpen', { textDocument }),
      );
      assert.ok(found.some(({ code }) => code === 'DL3004'));
      const about = { textDocument: { uri } };
      const hover = await session.request<Hover | null>('textDocument/hover', {
        ...about,
        position: { line: 0, character: 1 },
      });
      assert.ok(hover !== null);
      const completions = await session.request<CompletionItem[]>('textDocument/completion', {
        ...about,
        position: { line: 2, character: 11 },
      });
      assert.deepEqual(completions, []);
      await session.request('textDocument/documentLink', about);
      // A build would take whatever folder the editor runs in for its context.
      const lenses = await session.request<CodeLens[]>('textDocument/codeLens', about);
      assert.deepEqual(
        lenses.map(({ command }) => [command?.title, command?.command]),
        uri.startsWith('untitled:') ? [[SAVE_FIRST, 'workbench.action.files.save']] : [],
      );
    });
  }
});

describe('a document with a lone CR', () => {
  let session: LspSession;
  before(async () => {
    session = await LspSession.start();
  });
  after(() => session.stop());

  it('has the lines that LSP counts', async () => {
    const uri = 'file:///naru-lsp-test/Dockerfile';
    const text = 'FROM a\n# x\ry\nRUN sudo id\n';
    const textDocument = { uri, languageId: 'dockerfile', version: 1, text };
    const found = await session.diagnosticsAfter(uri, () =>
      session.connection.sendNotification('textDocument/didOpen', { textDocument }),
    );
    const sudo = found.find(({ code }) => code === 'DL3004');
    assert.deepEqual(sudo?.range.start, { line: 3, character: 4 });
    const position = { line: 3, character: 1 };
    const hover = await session.request<Hover | null>('textDocument/hover', {
      textDocument: { uri },
      position,
    });
    assert.deepEqual(hover?.range?.start, { line: 3, character: 0 });
  });
});

describe('a mistake inside the server', () => {
  /** Throws once, where nothing of the server is on the stack, after its first answer. */
  const stray =
    'const write = process.stdout.write; let n = 0;' +
    'process.stdout.write = function (...all) {' +
    " if (!n++) setImmediate(() => { throw new Error('stray'); });" +
    ' return write.apply(this, all); };';

  it('is told in the log, and the server goes on', async () => {
    const options = `--import=data:text/javascript,${encodeURIComponent(stray)}`;
    let tell: (message: string) => void = () => undefined;
    const told = new Promise<string>((resolve) => {
      tell = resolve;
    });
    const session = await LspSession.start(
      undefined,
      {},
      (connection) =>
        connection.onNotification('window/logMessage', ({ message }: { message: string }) => tell(message)),
      { ...process.env, NODE_OPTIONS: options },
    );
    try {
      assert.match(await told, /stray/);
      const file = await session.open('FR|OM a');
      assert.ok((await session.at<Hover | null>('textDocument/hover', file)) !== null);
    } finally {
      await session.stop();
    }
  });
});
