/** Diagnostics follow the text: what is wrong appears on its words, and goes when it is mended. */

import assert from 'node:assert/strict';

import type { Diagnostic, PublishDiagnosticsParams } from 'vscode-languageserver';

import { LspSession, markRanges } from './session.ts';

describe('diagnostics', () => {
  let session: LspSession;
  before(async () => {
    session = await LspSession.start();
  });
  after(() => session.stop());

  it('underlines the word of a lint finding', async () => {
    const text = 'FROM debian:12\nRUN sudo id\n';
    const found = await diagnose(session, text, 'lint');
    const sudo = found.filter((diagnostic) => diagnostic.code === 'DL3004');
    assert.equal(
      markRanges(
        text,
        sudo.map((diagnostic) => diagnostic.range),
      ),
      'FROM debian:12\nRUN [sudo] id\n',
    );
    assert.deepEqual(
      sudo.map(({ severity, source }) => ({ severity, source })),
      [{ severity: 2, source: 'naru' }],
    );
  });

  it('reports what the reader cannot understand', async () => {
    const found = await diagnose(session, 'FROM debian:12\nRUNN id\n', 'unknown');
    assert.ok(
      found.some(
        (diagnostic) => diagnostic.severity === 1 && /RUNN/.test(JSON.stringify(diagnostic.message)),
      ),
    );
  });

  it('answers an edit of one range', async () => {
    const uri = 'file:///naru-lsp-test/Dockerfile.edit';
    const before = await session.diagnosticsAfter(uri, () =>
      session.open('FROM debian:12\nRUN sudo id\n', 'Dockerfile.edit'),
    );
    assert.ok(before.some((diagnostic) => diagnostic.code === 'DL3004'));
    const after = await session.diagnosticsAfter(uri, () =>
      session.connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version: 2 },
        contentChanges: [
          { range: { start: { line: 1, character: 4 }, end: { line: 1, character: 9 } }, text: '' },
        ],
      }),
    );
    assert.ok(!after.some((diagnostic) => diagnostic.code === 'DL3004'));
  });

  it('answers edits that wait in the queue together, and what is asked meanwhile soon', async () => {
    const { uri } = await session.open(`FROM debian:12\n${'RUN sudo id\n'.repeat(1000)}`, 'Dockerfile.long');
    const versions: (number | undefined)[] = [];
    const done = new Promise<void>((resolve) => {
      session.connection.onNotification(
        'textDocument/publishDiagnostics',
        (params: PublishDiagnosticsParams) => {
          if (params.uri !== uri) return;
          versions.push(params.version);
          if (params.version === N_EDITS + 1) resolve();
        },
      );
    });
    for (let version = 2; version <= N_EDITS + 1; version += 1) {
      const start = { line: 1, character: 11 };
      void session.connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges: [{ range: { start, end: start }, text: 'x' }],
      });
    }
    await session.request('textDocument/hover', {
      textDocument: { uri },
      position: { line: 0, character: 1 },
    });
    assert.ok(versions.length <= N_EDITS / 10, `${versions.length} before the hover`);
    await done;
    assert.ok(versions.length <= N_EDITS / 10, `${versions.length} in all`);
  });
});

const N_EDITS = 300;

function diagnose(session: LspSession, text: string, name: string): Promise<Diagnostic[]> {
  return session.diagnosticsAfter(`file:///naru-lsp-test/Dockerfile.${name}`, () =>
    session.open(text, `Dockerfile.${name}`),
  );
}
