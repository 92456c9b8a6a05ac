/** Completion at the cursor: what is offered, and that it replaces exactly what was typed. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { CompletionItem, TextEdit } from 'vscode-languageserver';

import { LspSession } from './session.ts';

/** What is offered, the text, labels that must be there, labels that must not. */
const CASES: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
  ['keywords on an empty line', 'FROM a\n|', ['RUN', 'COPY'], ['MAINTAINER']],
  ['keywords in the case of the others', 'FROM a\nru|', ['RUN'], ['run']],
  ['keywords in the lower case of the others', 'from a\nRU|', ['run'], ['RUN']],
  ['keywords in the case of most others', 'from a\nRUN x\nRUN y\nco|\nfrom b\nrun x', ['copy'], ['COPY']],
  ['keywords in the case that was typed', 'fr|', ['from'], ['FROM']],
  ['keywords in the capitals that were typed', '# x\nFR|', ['FROM'], ['from']],
  ['keywords in the case that was typed, between one of each', 'from a\nRUN b\nru|', ['run'], ['RUN']],
  ['triggers in the case of the others', 'FROM a\nonbuild ru|', ['RUN'], ['run']],
  ['flags', 'FROM a\nCOPY --|', ['--from', '--chmod'], ['--mount']],
  ['flags after a continuation', 'FROM a\nRUN --network=none \\\n  --m|', ['--mount'], ['--from']],
  ['no flags behind arguments', 'FROM a\nCOPY x --|', [], ['--from']],
  ['values of a flag', 'FROM a\nRUN --network=|', ['none', 'host'], ['--mount']],
  ['keys of a mount', 'FROM a\nRUN --mount=type=cache,|', ['target', 'sharing'], ['type', 'required']],
  ['values of a key', 'FROM a\nRUN --mount=type=|', ['cache', 'secret'], []],
  ['stages in --from', 'FROM a AS one\nFROM b AS two\nCOPY --from=|', ['one'], ['two']],
  ['stages in a mount', 'FROM a AS one\nFROM b\nRUN --mount=type=bind,from=|', ['one'], []],
  ['stages in FROM', 'FROM a AS one\nFROM |', ['one', 'scratch'], []],
  ['variables of the stage', 'ARG G=1\nFROM a\nARG V\nENV W=1\nRUN echo $|', ['V', 'W', 'HTTP_PROXY'], ['G']],
  ['variables in FROM', 'ARG G=1\nFROM a:${|', ['G', 'TARGETARCH'], ['HTTP_PROXY']],
  ['inherited variables', 'FROM a AS b\nENV X=1\nFROM b\nWORKDIR $|', ['X'], []],
  ['variables of triggers', 'FROM a\nARG A\nONBUILD ARG B\nONBUILD COPY $|\nENV E=1', ['E', 'B'], ['A']],
  ['no variables of triggers in the stage', 'FROM a\nONBUILD ARG B\nRUN x $|', [], ['B']],
  ['what a container has', 'FROM a\nARG A\nENV E=1\nCMD x $|\nENV F=1', ['E', 'F'], ['A']],
  ['triggers', 'FROM a\nONBUILD |', ['RUN'], ['FROM', 'ONBUILD']],
  ['signals', 'FROM a\nSTOPSIGNAL |', ['SIGTERM'], []],
  ['paths of the context', 'FROM a\nCOPY |', ['src/', 'a.txt'], ['.git']],
  ['paths in a folder', 'FROM a\nCOPY src/|', ['main.c'], ['a.txt']],
  ['nothing above the context', 'FROM a\nCOPY ../../|', ['src/', 'a.txt'], []],
  ['no paths of the context for another stage', 'FROM a AS b\nFROM c\nCOPY --from=b |', [], ['a.txt']],
  ['no keywords in a continued RUN', 'FROM a\nRUN a && \\\n |', [], ['RUN', 'COPY']],
  ['no keywords behind a comment in it', 'FROM a\nRUN a && \\\n# c\n\n |', [], ['RUN']],
  ['flags behind a continuation', 'FROM a\nCOPY \\\n--|', ['--from'], ['RUN']],
  ['keywords behind a doubled escape', 'FROM a\nRUN a \\\\\n|', ['RUN'], []],
  ['no path that is ignored', 'FROM a\nCOPY |', ['src/', 'docs/'], ['secret.env', 'dist/', 'Dockerfile']],
  ['what is let in again of a folder', 'FROM a\nCOPY docs/|', ['kept.md'], ['left.md']],
  ['no path with a blank in words', 'FROM a\nCOPY |', ['a.txt'], ['with space.txt', 'a[1].txt']],
  ['a path with a blank in an array', 'FROM a\nCOPY ["|', ['a.txt', 'with space.txt'], ['a[1].txt']],
  ['nothing behind a string', 'FROM a\nCOPY ["a.txt"|', [], ['a.txt']],
  [
    'directives at the top',
    '# |',
    ['syntax=docker/dockerfile:1', 'check=', 'escape=', 'hadolint ignore='],
    ['RUN'],
  ],
  [
    'directives behind another',
    '# syntax=docker/dockerfile:1\n# |\nFROM a',
    ['check=', 'escape='],
    ['syntax=docker/dockerfile:1'],
  ],
  ['directives while one is written', '# sy|\nFROM a', ['syntax=docker/dockerfile:1'], []],
  [
    'no directives behind a line that is none',
    '# escape=`\n\n# |\nFROM a',
    ['hadolint ignore='],
    ['syntax=docker/dockerfile:1', 'escape='],
  ],
  [
    'no directives behind an instruction',
    'FROM a\n# |',
    ['hadolint ignore=', 'naru ignore='],
    ['syntax=docker/dockerfile:1'],
  ],
  ['escape characters', '# escape=|', ['\\', '`'], ['skip=']],
  ['options of checks', '# check=|\nFROM a', ['skip=', 'error=true'], ['RUN']],
  ['names of checks', '# check=skip=|\nFROM a', ['all', 'StageNameCasing'], ['DL3006', 'NR001']],
  [
    'further names of checks',
    '# check=error=true;skip=JSONArgsRecommended,|\nFROM a',
    ['StageNameCasing'],
    [],
  ],
  ["hadolint's rules", 'FROM a\n# hadolint ignore=|', ['DL3006', 'SC2086'], ['NR001', 'StageNameCasing']],
  ["further of hadolint's rules", '# hadolint global ignore=DL3006,|\nFROM a', ['DL3008'], []],
  ['all rules', 'FROM a\n# naru ignore=|', ['NR001', 'DL3006', 'StageNameCasing'], []],
  ['nothing in a comment of a continued RUN', 'FROM a\nRUN a && \\\n# |', [], ['hadolint ignore=']],
  ['nothing in a remark', 'FROM a\n# see https://|', [], ['RUN', 'hadolint ignore=']],
  ['nothing in a comment of a heredoc', 'FROM a\nRUN <<E\n# |\nE', [], ['hadolint ignore=']],
];

describe('completion', () => {
  let session: LspSession;
  const folder = mkdtempSync(join(tmpdir(), 'naru-lsp-'));
  before(async () => {
    mkdirSync(join(folder, 'src'));
    mkdirSync(join(folder, '.git'));
    writeFileSync(join(folder, 'src/main.c'), '');
    for (const name of ['docs', 'dist']) mkdirSync(join(folder, name));
    for (const name of ['a.txt', 'with space.txt', 'a[1].txt', 'secret.env', 'docs/kept.md', 'docs/left.md'])
      writeFileSync(join(folder, name), '');
    writeFileSync(join(folder, '.dockerignore'), '*.env\ndist\ndocs\n!docs/kept.md\n');
    session = await LspSession.start(folder);
  });
  after(async () => {
    await session.stop();
    rmSync(folder, { recursive: true });
  });

  for (const [name, marked, wanted, unwanted] of CASES) {
    it(`offers ${name}`, async () => {
      const file = await session.open(marked);
      const items = await session.at<CompletionItem[]>('textDocument/completion', file);
      const labels = new Set(items.map((item) => item.label));
      assert.deepEqual(
        wanted.filter((label) => !labels.has(label)),
        [],
      );
      assert.deepEqual(
        unwanted.filter((label) => labels.has(label)),
        [],
      );
    });
  }

  const EDITS: readonly (readonly [string, string, string])[] = [
    ['FROM a\nRU|', 'RUN', 'FROM a\nRUN '],
    ['FROM a\nCOPY --ch|', '--chmod', 'FROM a\nCOPY --chmod='],
    ['FROM a\nENV VAR=1\nRUN echo ${VA|', 'VAR', 'FROM a\nENV VAR=1\nRUN echo ${VAR'],
    ['FROM a\nCOPY src/ma|', 'main.c', 'FROM a\nCOPY src/main.c'],
    ['FROM a\nRUN --mount=type=ca|', 'cache', 'FROM a\nRUN --mount=type=cache'],
    ['FROM a\nCOPY [|', 'a.txt', 'FROM a\nCOPY ["a.txt"'],
    ['FROM a\nCOPY ["|', 'a.txt', 'FROM a\nCOPY ["a.txt'],
    ['FROM a\nCOPY ["with s|', 'with space.txt', 'FROM a\nCOPY ["with space.txt'],
    ['FROM a\nCOPY ["a.txt", "|"]', 'src/', 'FROM a\nCOPY ["a.txt", "src/"]'],
    ['FROM a\nCOPY ["a.txt", "src/m|"]', 'main.c', 'FROM a\nCOPY ["a.txt", "src/main.c"]'],
    ['#|', 'escape=', '# escape='],
    ['# sy|', 'syntax=docker/dockerfile:1', '# syntax=docker/dockerfile:1'],
    ['# hadolint ig|', 'hadolint ignore=', '# hadolint ignore='],
    ['# hadolint ignore=DL3006,DL|', 'DL3008', '# hadolint ignore=DL3006,DL3008'],
    ['# check=skip=Sta|', 'StageNameCasing', '# check=skip=StageNameCasing'],
  ];
  for (const [marked, label, expected] of EDITS) {
    it(`replaces what was typed: ${JSON.stringify(marked)}`, async () => {
      const file = await session.open(marked);
      const items = await session.at<CompletionItem[]>('textDocument/completion', file);
      const edit = items.find((item) => item.label === label)?.textEdit as TextEdit; // the server answers no InsertReplaceEdit
      const start = file.text.lastIndexOf('\n') + 1 + edit.range.start.character;
      const end = start + edit.range.end.character - edit.range.start.character;
      assert.equal(file.text.slice(0, start) + edit.newText + file.text.slice(end), expected);
    });
  }
});

describe('completion in an editor that shows text alone', () => {
  it('documents without marks', async () => {
    const textDocument = { completion: { completionItem: { documentationFormat: ['plaintext'] } } };
    const session = await LspSession.start(undefined, {}, undefined, undefined, { textDocument });
    try {
      const items = await session.at<CompletionItem[]>(
        'textDocument/completion',
        await session.open('FROM a\nAR|'),
      );
      const texts = items.map(({ documentation }) => documentation);
      assert.ok(texts.length > 10 && texts.every((text) => typeof text === 'string' && !text.includes('`')));
    } finally {
      await session.stop();
    }
  });
});
