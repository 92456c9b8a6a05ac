/** The shellcheck of this machine in the editor: its findings come after the others, when it has answered, and the server survives whatever it does. */

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Diagnostic } from 'vscode-languageserver';

import { until } from '../support/until.ts';
import { LspSession, markRanges } from './session.ts';

const TEXT = 'FROM debian:12\nRUN true && \\\n  echo $WORDS\n';

describe('shellcheck in the editor', () => {
  const root = mkdtempSync(join(tmpdir(), 'naru-lsp-shellcheck-'));
  let session: LspSession | undefined;
  let nPrograms = 0;
  afterEach(async () => {
    await session?.stop();
    session = undefined;
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  /** A session whose PATH begins with a shellcheck that does this. */
  async function start(body: string, options: object = { asksShellcheck: true }): Promise<LspSession> {
    const folder = join(root, String((nPrograms += 1)));
    mkdirSync(folder);
    writeFileSync(join(folder, 'shellcheck'), `#!/bin/sh\n${body}\n`);
    chmodSync(join(folder, 'shellcheck'), 0o755);
    const env = { ...process.env, PATH: `${folder}:/usr/bin:/bin` };
    session = await LspSession.start('/naru-lsp-test', options, undefined, env);
    return session;
  }

  const answer = (column: number, endColumn: number): string =>
    `{"file":"0.sh","line":11,"endLine":11,"column":${column},"endColumn":${endColumn},"level":"error","code":9999,"message":"m"}`;

  it('underlines its words once it has answered', async () => {
    const editor = await start(`echo '{"comments":[${answer(7, 13)}]}'`);
    const found = await published(editor, (diagnostics) => diagnostics.some(({ code }) => code === 'SC9999'));
    const own = found.filter(({ code }) => code === 'SC9999');
    assert.equal(
      markRanges(
        TEXT,
        own.map(({ range }) => range),
      ),
      'FROM debian:12\nRUN true && \\\n  echo [$WORDS]\n',
    );
    assert.deepEqual(
      own.map(({ codeDescription, severity }) => [severity, codeDescription?.href]),
      [[1, 'https://www.shellcheck.net/wiki/SC9999']],
    );
  });

  it('is asked once for a script, however often the file is linted', async () => {
    const log = join(root, 'asked');
    const editor = await start(`echo asked >> ${log}; echo '{"comments":[${answer(7, 13)}]}'`);
    await published(editor, (diagnostics) => diagnostics.some(({ code }) => code === 'SC9999'));
    const uri = 'file:///naru-lsp-test/Dockerfile.sc';
    const again = await editor.diagnosticsAfter(uri, () =>
      editor.connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version: 2 },
        contentChanges: [{ text: `# a comment\n${TEXT}` }],
      }),
    );
    // The answer is known: it is there at once, one line below.
    assert.deepEqual(
      again.filter(({ code }) => code === 'SC9999').map(({ range }) => range.start.line),
      [3],
    );
    assert.equal(readFileSync(log, 'utf8'), 'asked\n');
  });

  it('that fails is given up after three times, and everything else goes on', async () => {
    const log = join(root, 'failed');
    const editor = await start(`echo failed >> ${log}; exit 7`);
    await published(editor, () => true);
    await until('three attempts', () => readAll(log).length === 'failed\n'.length * 3);
    const other = await published(editor, () => true, 'Dockerfile.other', 'FROM debian:12\nRUN sudo id\n');
    assert.ok(other.some(({ code }) => code === 'DL3004'));
    assert.equal(readAll(log), 'failed\n'.repeat(3));
  });

  it('is not asked when the user does not want it', async () => {
    const log = join(root, 'unwanted');
    const editor = await start(`echo asked >> ${log}; exit 7`, { asksShellcheck: false });
    await published(editor, () => true);
    await editor.stop();
    session = undefined;
    assert.equal(readAll(log), '');
  });
});

/** Opens a file and waits for diagnostics that are as wanted. */
async function published(
  session: LspSession,
  isWanted: (diagnostics: readonly Diagnostic[]) => boolean,
  name = 'Dockerfile.sc',
  text = TEXT,
): Promise<Diagnostic[]> {
  const uri = `file:///naru-lsp-test/${name}`;
  let found = await session.diagnosticsAfter(uri, () => session.open(text, name));
  while (!isWanted(found)) found = await session.diagnosticsAfter(uri, () => Promise.resolve());
  return found;
}

function readAll(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // it was never started
  }
}
