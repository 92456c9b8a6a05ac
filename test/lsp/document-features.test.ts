/** Features that answer for the whole document or a range of it: outline, folding, formatting, links, tokens, actions, signatures. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type {
  CodeAction,
  DocumentLink,
  DocumentSymbol,
  FoldingRange,
  SemanticTokens,
  SignatureHelp,
  TextEdit,
} from 'vscode-languageserver';

import { LspSession, markRanges } from './session.ts';

describe('document features', () => {
  let session: LspSession;
  const folder = mkdtempSync(join(tmpdir(), 'naru-lsp-'));
  before(async () => {
    writeFileSync(join(folder, 'a.txt'), '');
    session = await LspSession.start(folder);
  });
  after(async () => {
    await session.stop();
    rmSync(folder, { recursive: true });
  });

  async function ask<T>(method: string, text: string): Promise<{ uri: string; text: string; answer: T }> {
    const { uri } = await session.open(text);
    return { uri, text, answer: await session.request<T>(method, { textDocument: { uri }, options: {} }) };
  }

  it('shows stages with their instructions in the outline', async () => {
    const { answer } = await ask<DocumentSymbol[]>(
      'textDocument/documentSymbol',
      'ARG V\nFROM a AS base\nRUN x\nFROM b\nCMD y\n',
    );
    const tree = answer.map((symbol) => [symbol.name, (symbol.children ?? []).map((child) => child.name)]);
    assert.deepEqual(tree, [
      ['ARG', []],
      ['base', ['RUN']],
      ['b', ['CMD']],
    ]);
  });

  it('folds stages, long instructions and comments', async () => {
    const text = '# a\n# b\nFROM a\nRUN x \\\n  y\nRUN <<EOF\nz\nEOF\n';
    const { answer } = await ask<FoldingRange[]>('textDocument/foldingRange', text);
    const lines = answer.map(({ startLine, endLine }) => `${startLine}-${endLine}`).toSorted();
    assert.deepEqual(lines, ['0-1', '2-7', '3-4', '5-7']);
  });

  it('formats', async () => {
    const { answer } = await ask<TextEdit[]>('textDocument/formatting', 'from a\n run x');
    assert.deepEqual(
      answer.map((edit) => edit.newText),
      ['FROM', '', 'RUN', '\n'],
    );
  });

  it('links images to their registry and files to themselves', async () => {
    const { text, answer } = await ask<DocumentLink[]>(
      'textDocument/documentLink',
      'FROM debian:12 AS b\nFROM b\nFROM quay.io/x/y@sha256:0\nFROM $V\nCOPY a.txt none.txt /\n',
    );
    assert.equal(
      markRanges(
        text,
        answer.map((link) => link.range),
      ),
      'FROM [debian:12] AS b\nFROM b\nFROM [quay.io/x/y@sha256:0]\nFROM $V\nCOPY [a.txt] none.txt /\n',
    );
    assert.deepEqual(
      answer.map((link) => link.target),
      [
        'https://hub.docker.com/_/debian',
        'https://quay.io/repository/x/y',
        pathToFileURL(join(folder, 'a.txt')).href,
      ],
    );
  });

  it('colours names, flags and commands', async () => {
    const { text, answer } = await ask<SemanticTokens>(
      'textDocument/semanticTokens/full',
      'FROM a AS b\nARG V\nRUN --network=none echo $V && ls\n',
    );
    assert.equal(
      markRanges(text, tokenRanges(answer.data)),
      'FROM a AS [b]\nARG [V]\nRUN [--network]=none [echo] $[V] && [ls]\n',
    );
  });

  it('offers to ignore a rule, and adds to the comment that is there', async () => {
    const file = await session.open('FROM a\n# hadolint ignore=DL3059\nRUN |sudo id\n');
    const range = { start: file.position, end: file.position };
    const actions = await session.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri: file.uri },
      range,
      context: { diagnostics: [] },
    });
    const ignore = actions.find((action) => action.title.includes('DL3004'));
    const at = { line: 1, character: 24 };
    assert.deepEqual(ignore?.edit?.changes?.[file.uri], [
      { range: { start: at, end: at }, newText: ',DL3004' },
    ]);
  });

  it('shows the forms of an instruction while it is written', async () => {
    const file = await session.open('FROM a\nCOPY --chmod=755 x |');
    const help = await session.at<SignatureHelp>('textDocument/signatureHelp', file);
    assert.match(help.signatures[0]?.label ?? '', /^COPY .*<source>/);
    assert.equal(help.signatures[0]?.activeParameter, 1);
  });

  it('stays quiet in commands', async () => {
    const file = await session.open('FROM a\nRUN apt-get |');
    assert.equal(await session.at('textDocument/signatureHelp', file), null);
  });
});

/** Undoes the relative encoding of LSP's tokens. */
function tokenRanges(data: readonly number[]): Parameters<typeof markRanges>[1] {
  let line = 0;
  let character = 0;
  const ranges = [];
  for (let at = 0; at < data.length; at += 5) {
    const [deltaLine = 0, deltaStart = 0, length = 0] = data.slice(at, at + 3);
    character = deltaLine === 0 ? character + deltaStart : deltaStart;
    line += deltaLine;
    ranges.push({ start: { line, character }, end: { line, character: character + length } });
  }
  return ranges;
}
