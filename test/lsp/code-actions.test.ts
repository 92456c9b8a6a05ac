/** Code actions: the fix of a finding, the comment that ignores it, and all fixes of a file at once. */

import assert from 'node:assert/strict';

import type { CodeAction, TextEdit } from 'vscode-languageserver';

import { LspSession, type OpenFile } from './session.ts';

describe('code actions', () => {
  let session: LspSession;
  before(async () => {
    session = await LspSession.start();
  });
  after(() => session.stop());

  /** `[marked text, what the title begins with, the text afterwards]`; undefined: there is no such action. */
  const CASES: readonly (readonly [marked: string, title: string, expected: string | undefined])[] = [
    ['FROM a:1\nCMD [|"npm start"]\n', 'Split into words', 'FROM a:1\nCMD ["npm", "start"]\n'],
    ['FROM a:1\nENV |MODE = x\n', 'Take the blanks out', 'FROM a:1\nENV MODE=x\n'],
    ['FROM a:1\nRUN |<<E\na\nb\nE\n', 'Add set -e', 'FROM a:1\nRUN <<E\nset -e\na\nb\nE\n'],
    ['FROM a:1\nrun| a\nRUN b\n', 'Write RUN', 'FROM a:1\nRUN a\nRUN b\n'],
    ['FROM a:1\nRUN |sudo id\n', 'Ignore DL3004', 'FROM a:1\n# hadolint ignore=DL3004\nRUN sudo id\n'],
    ['FROM a:1\nRUN |cd /app\n', 'Ignore NR018', 'FROM a:1\n# naru ignore=NR018\nRUN cd /app\n'],
    [
      'FROM a:1\n# naru ignore=NR001\nRUN |cd /app\n',
      'Ignore NR018',
      'FROM a:1\n# naru ignore=NR001,NR018\nRUN cd /app\n',
    ],
    [
      'FROM a:1\nEXPOSE |80/TCP\n',
      'Ignore ExposeProtoCasing',
      'FROM a:1\n# naru ignore=ExposeProtoCasing\nEXPOSE 80/TCP\n',
    ],
    [
      '# syntax=docker/dockerfile:1\nFROM a:1\nEXPOSE |80/TCP\n',
      'Ignore ExposeProtoCasing',
      '# syntax=docker/dockerfile:1\nFROM a:1\n# check=skip=ExposeProtoCasing\nEXPOSE 80/TCP\n',
    ],
    [
      '# syntax=docker/dockerfile:1.7\nFROM a:1\nEXPOSE |80/TCP\n',
      'Ignore ExposeProtoCasing',
      '# syntax=docker/dockerfile:1.7\nFROM a:1\n# naru ignore=ExposeProtoCasing\nEXPOSE 80/TCP\n',
    ],
    [
      'FROM a:1\n# check=skip=UndefinedVar\nEXPOSE |80/TCP\n',
      'Ignore ExposeProtoCasing',
      'FROM a:1\n# check=skip=UndefinedVar,ExposeProtoCasing\nEXPOSE 80/TCP\n',
    ],
    [
      '# syntax=docker/dockerfile:1\nFROM a:1 AS |B\n',
      'Ignore StageNameCasing',
      '# syntax=docker/dockerfile:1\n# naru ignore=StageNameCasing\nFROM a:1 AS B\n',
    ],
    [
      '# syntax=docker/dockerfile:1\nFROM a:1\n|CMD ["a"]\nCMD ["b"]\n',
      'Ignore MultipleInstructionsDisallowed',
      '# syntax=docker/dockerfile:1\nFROM a:1\n# naru ignore=MultipleInstructionsDisallowed\nCMD ["a"]\nCMD ["b"]\n',
    ],
    [
      '# syntax=docker/dockerfile:1\nFROM a:1 AS b\nFROM a:1 AS |b\n',
      'Ignore DuplicateStageName',
      '# syntax=docker/dockerfile:1\nFROM a:1 AS b\n# naru ignore=DuplicateStageName\nFROM a:1 AS b\n',
    ],
    ['FROM a:1\nCOPY |a\n', 'Ignore E_', undefined],
  ];

  for (const [marked, title, expected] of CASES) {
    it(`${title}: ${marked.replaceAll('\n', ' ⏎ ')}`, async () => {
      const file = await session.open(marked);
      const found = (await actions(file)).find((action) => action.title.startsWith(title));
      assert.equal(found && edited(file, found), expected);
    });
  }

  it('takes the finding away, and the ignored one too', async () => {
    for (const title of ['Take the blanks out', 'Ignore NR027']) {
      const file = await session.open('FROM a:1\nENV |MODE = x\n');
      const found = (await actions(file)).find((action) => action.title.startsWith(title));
      assert.ok(found !== undefined, title);
      const after = await session.open(edited(file, found).replace('ENV ', 'ENV |'));
      const titles = (await actions(after)).map((action) => action.title);
      assert.deepEqual(
        titles.filter((name) => name.includes('NR027')),
        [],
      );
    }
  });

  it('fixes all that go together at once', async () => {
    const file = await session.open('|FROM a:1 as b\nrun x\nENV MODE x\nEXPOSE 80/TCP\nRUN y\n');
    const all = await actions(file, ['source.fixAll']);
    assert.deepEqual(
      all.map(({ kind }) => kind),
      ['source.fixAll.naru'],
    );
    const [first] = all;
    assert.equal(first && edited(file, first), 'FROM a:1 AS b\nRUN x\nENV MODE=x\nEXPOSE 80/tcp\nRUN y\n');
  });

  it('says of all that it changes what is built, where one of them does', async () => {
    const titleOf = async (text: string): Promise<string | undefined> =>
      (await actions(await session.open(`|${text}`), ['source.fixAll']))[0]?.title;
    assert.equal(await titleOf('FROM a:1 as b\n'), 'Fix all');
    const CHANGING = 'FROM a:1 as b\nRUN apt-get install x=1\n';
    assert.equal(await titleOf(CHANGING), 'Fix all (changes what is built)');
  });

  for (const title of ['Ignore NR005', 'Add set -e']) {
    it(`ends lines as the file does: ${title}`, async () => {
      const file = await session.open('FROM a:1\r\nRUN |<<E\r\na\r\nb\r\nE\r\n');
      const action = (await actions(file)).find((one) => one.title.startsWith(title));
      assert.ok(action);
      assert.doesNotMatch(edited(file, action), /[^\r]\n/);
    });
  }

  it('fixes also what another fix makes room for, and touches nothing else', async () => {
    const file = await session.open('|FROM a:1\nEXPOSE 8080:80/TCP\nUSER 1\n');
    const [first] = await actions(file, ['source.fixAll']);
    const fixed = 'FROM a:1\nEXPOSE 80/tcp\nUSER 1\n';
    assert.equal(first && edited(file, first), fixed);
    assert.deepEqual(
      first?.edit?.changes?.[file.uri]?.map(({ range }) => [range.start, range.end]),
      [
        [
          { line: 1, character: 7 },
          { line: 1, character: 18 },
        ],
      ],
    );
  });

  it('offers a guess by itself, and leaves it out of fixAll', async () => {
    const file = await session.open('FROM a:1\nENV NAME=1\nUSER |$NMAE\n');
    assert.equal((await actions(file))[0]?.title, 'Change to NAME (changes what is built)');
    assert.deepEqual(await actions(file, ['source.fixAll']), []);
  });

  it('offers no fixAll where nothing can be fixed', async () => {
    assert.deepEqual(await actions(await session.open('|FROM a:1\n'), ['source.fixAll']), []);
  });

  async function actions(file: OpenFile, only?: readonly string[]): Promise<CodeAction[]> {
    return session.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri: file.uri },
      range: { start: file.position, end: file.position },
      context: { diagnostics: [], ...(only === undefined ? {} : { only }) },
    });
  }

  function edited(file: OpenFile, action: CodeAction): string {
    const edits = action.edit?.changes?.[file.uri] ?? [];
    return [...edits].reverse().reduce(withEdit, file.text);
  }
});

/** Edits come in file order, so they are made from the last to the first. */
function withEdit(text: string, { newText, range }: TextEdit): string {
  const lines = text.split('\n');
  const offset = (line: number, character: number): number =>
    lines.slice(0, line).join('\n').length + (line === 0 ? 0 : 1) + character;
  const start = offset(range.start.line, range.start.character);
  const end = offset(range.end.line, range.end.character);
  return text.slice(0, start) + newText + text.slice(end);
}
