/** A context that is not the Dockerfile's own folder: what is offered, linked and linted once the editor has told of it, and again without it. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { CompletionItem, Diagnostic, DocumentLink } from 'vscode-languageserver';

import { LSP_CONTEXT_FOLDERS, type LspContextFoldersParams } from '../../core/protocol/lsp.ts';
import { LspSession, type OpenFile } from './session.ts';

describe('the context folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'naru-lsp-'));
  const own = join(folder, 'docker');
  let session: LspSession;
  let file: OpenFile;

  before(async () => {
    mkdirSync(join(folder, 'src'));
    mkdirSync(own);
    writeFileSync(join(folder, 'src/main.c'), '');
    writeFileSync(join(folder, '.dockerignore'), 'src/main.c\n');
    writeFileSync(join(own, 'beside.txt'), '');
    session = await LspSession.start(own, { rules: 'all' });
    const uri = pathToFileURL(join(own, 'app.Dockerfile')).href;
    // Told for the first time when it is opened; what is told afterwards answers a change.
    await session.diagnosticsAfter(uri, async () => {
      file = await session.open('FROM a:1\nCOPY src/main.c /\nCOPY |', 'app.Dockerfile');
    });
  });
  after(async () => {
    await session.stop();
    rmSync(folder, { recursive: true });
  });

  /** Labels offered, targets of links, ids of findings about the ignored file. */
  async function seenAfter(contexts: LspContextFoldersParams['contexts']): Promise<object> {
    const { uri } = file;
    const findings: readonly Diagnostic[] = await session.diagnosticsAfter(uri, () => {
      return session.connection.sendNotification(LSP_CONTEXT_FOLDERS, { contexts });
    });
    const items = await session.at<CompletionItem[]>('textDocument/completion', file);
    const links = await session.request<DocumentLink[]>('textDocument/documentLink', {
      textDocument: { uri },
    });
    return {
      offered: ['src/', 'beside.txt'].filter((name) => items.some(({ label }) => label === name)),
      linked: links.flatMap(({ target }) => (target?.startsWith('file:') ? [target] : [])),
      found: findings.flatMap(({ code }) => (code === 'CopyIgnoredFile' ? [code] : [])),
    };
  }

  it('is the one that the editor tells, and the own folder where it tells none', async () => {
    const told = await seenAfter([{ uri: file.uri, contextDirectory: folder }]);
    const target = pathToFileURL(join(folder, 'src/main.c')).href;
    assert.deepEqual(told, { offered: ['src/'], linked: [target], found: ['CopyIgnoredFile'] });
    const withoutAny = { offered: ['beside.txt'], linked: [], found: [] };
    assert.deepEqual(await seenAfter([]), withoutAny);
    assert.deepEqual(await seenAfter([{ uri: `${file.uri}.b`, contextDirectory: folder }]), withoutAny);
  });

  it('may have others beside it, which are no images', async () => {
    const text = [
      'FROM base:latest AS a',
      'COPY --from=assets a /',
      'COPY --from=more a /',
      'COPY --from=b:latest a /',
      'COPY --from=later a /',
      'FROM scratch AS later',
    ].join('\n');
    const uri = file.uri.replace('app.', 'named.');
    await session.diagnosticsAfter(uri, () => session.open(text, 'named.Dockerfile'));
    const idsWith = async (...names: readonly string[]): Promise<readonly string[]> => {
      const buildContexts = Object.fromEntries(names.map((name) => [name, '/somewhere']));
      const contexts = [{ uri, contextDirectory: folder, buildContexts }];
      const findings: readonly Diagnostic[] = await session.diagnosticsAfter(uri, () =>
        session.connection.sendNotification(LSP_CONTEXT_FOLDERS, { contexts }),
      );
      const wanted = ['DL3007', 'DL3022', 'NR022', 'NR118'];
      return findings
        .filter(({ code }) => wanted.includes(String(code)))
        .map(({ code, range }) => `${range.start.line} ${code}`)
        .sort();
    };
    assert.deepEqual(await idsWith(), ['0 DL3007', '1 DL3022', '2 DL3022', '3 NR022', '4 DL3022', '4 NR118']);
    assert.deepEqual(await idsWith('base', 'assets', 'b', 'later'), ['2 DL3022']);
  });
});
