/** Definition, references, highlights and rename of stages and variables. */

import assert from 'node:assert/strict';

import type { Location, Range, TextEdit } from 'vscode-languageserver';

import { LspSession, markRanges } from './session.ts';

/** Name, the text with the cursor as `|`, and the text with the answer in brackets. */
type Case = readonly [string, string, string];

const DEFINITIONS: readonly Case[] = [
  [
    'a stage in COPY --from',
    'FROM a AS b\nFROM c\nCOPY --from=|b x y',
    'FROM a AS [b]\nFROM c\nCOPY --from=b x y',
  ],
  [
    'a stage by its index',
    'FROM a AS b\nFROM c\nCOPY --from=|0 x y',
    'FROM a AS [b]\nFROM c\nCOPY --from=0 x y',
  ],
  ['a stage in FROM, any case', 'FROM a AS Base\nFROM ba|se', 'FROM a AS [Base]\nFROM base'],
  [
    'a stage in a mount',
    'FROM a AS b\nFROM c\nRUN --mount=type=bind,from=|b,target=/x ls',
    'FROM a AS [b]\nFROM c\nRUN --mount=type=bind,from=b,target=/x ls',
  ],
  [
    'the later of two equal stages',
    'FROM a AS b\nFROM a AS b\nFROM |b',
    'FROM a AS b\nFROM a AS [b]\nFROM b',
  ],
  ['a global ARG in FROM', 'ARG V=1\nFROM a:$|V', 'ARG [V]=1\nFROM a:$V'],
  [
    'an ARG of the stage',
    'ARG V=1\nFROM a\nARG V\nRUN echo ${|V}',
    'ARG V=1\nFROM a\nARG [V]\nRUN echo ${V}',
  ],
  ['what a redeclared ARG stands for', 'ARG V=1\nFROM a\nARG |V', 'ARG [V]=1\nFROM a\nARG V'],
  [
    'an ENV of the parent stage',
    'FROM a AS b\nENV X=1\nFROM b\nRUN echo $|X',
    'FROM a AS b\nENV [X]=1\nFROM b\nRUN echo $X',
  ],
  [
    'the newest declaration',
    'FROM a\nENV X=1\nENV X=2\nWORKDIR $|X',
    'FROM a\nENV X=1\nENV [X]=2\nWORKDIR $X',
  ],
  [
    'an ENV in a trigger above it',
    'FROM a\nONBUILD RUN x $|V\nENV V=1\nENV V=2',
    'FROM a\nONBUILD RUN x $V\nENV V=1\nENV [V]=2',
  ],
  [
    'nothing for an ARG in a trigger',
    'FROM a\nARG V=1\nONBUILD RUN x $|V',
    'FROM a\nARG V=1\nONBUILD RUN x $V',
  ],
  ['nothing for a use above the ARG', 'FROM a\nRUN x $|V\nARG V', 'FROM a\nRUN x $V\nARG V'],
  [
    'nothing for a use above the ENV',
    'FROM a AS b\nFROM c\nUSER $|V\nENV V=1',
    'FROM a AS b\nFROM c\nUSER $V\nENV V=1',
  ],
  ['nothing for a FROM above the ARG', 'FROM a:$|V\nARG V\n', 'FROM a:$V\nARG V\n'],
];

const RENAMES: readonly Case[] = [
  [
    'a variable that triggers use',
    'FROM a\nONBUILD USER $V\nENV |V=1\nONBUILD RUN echo "$V" \'$V\'; V=2; echo $V\nONBUILD COPY --chown=$V $V /x\nONBUILD ENV Q=$V\nONBUILD WORKDIR /$V\nONBUILD CMD echo $V\nONBUILD RUN ["sh", "-c", "x $V"]',
    'FROM a\nONBUILD USER $[new]\nENV [new]=1\nONBUILD RUN echo "$[new]" \'$V\'; V=2; echo $V\nONBUILD COPY --chown=$[new] $[new] /x\nONBUILD ENV Q=$[new]\nONBUILD WORKDIR /$[new]\nONBUILD CMD echo $[new]\nONBUILD RUN ["sh", "-c", "x $[new]"]',
  ],
  [
    'a variable in the heredocs of triggers',
    'FROM a\nENV |V=1\nONBUILD COPY <<EOF /x\n$V\nEOF\nONBUILD RUN <<EOF\necho $V\nEOF',
    'FROM a\nENV [new]=1\nONBUILD COPY <<EOF /x\n$[new]\nEOF\nONBUILD RUN <<EOF\necho $[new]\nEOF',
  ],
  [
    'an ARG of a stage, which its triggers do not see',
    'FROM a\nARG |V=1\nRUN x $V\nONBUILD RUN x $V',
    'FROM a\nARG [new]=1\nRUN x $[new]\nONBUILD RUN x $V',
  ],
  [
    'an ARG of the triggers alone',
    'ARG V=0\nFROM a\nARG V=1\nRUN x $V\nONBUILD RUN x $V\nONBUILD ARG |V\nONBUILD RUN x $V',
    'ARG V=0\nFROM a\nARG V=1\nRUN x $V\nONBUILD RUN x $V\nONBUILD ARG [new]\nONBUILD RUN x $[new]',
  ],
  [
    'what triggers set for a stage of the file',
    'FROM a AS b\nONBUILD ENV |V=1\nRUN x $V\nFROM b\nRUN x $V',
    'FROM a AS b\nONBUILD ENV [new]=1\nRUN x $V\nFROM b\nRUN x $[new]',
  ],
  [
    'a global ARG and no ENV of its name',
    'ARG |V=1\nFROM a:$V AS b\nENV V=2\nCMD x $V\nFROM b\nRUN x $V\nFROM c\nARG V\nRUN x $V',
    'ARG [new]=1\nFROM a:$[new] AS b\nENV V=2\nCMD x $V\nFROM b\nRUN x $V\nFROM c\nARG [new]\nRUN x $[new]',
  ],
  [
    'an ENV and no global ARG of its name',
    'ARG V=1\nFROM a:$V\nENV V=${V:-2}\nRUN x $|V',
    'ARG V=1\nFROM a:$V\nENV [new]=${[new]:-2}\nRUN x $[new]',
  ],
  [
    'an ENV that a command above it uses',
    'FROM a\nCMD x $V\nRUN x $V\nENV |V=1',
    'FROM a\nCMD x $[new]\nRUN x $V\nENV [new]=1',
  ],
  [
    'a variable in health checks',
    'FROM a\nENV |V=1\nHEALTHCHECK CMD x $V\nFROM a\nENV V=1\nHEALTHCHECK --interval=1s CMD ["sh", "-c", "x $V"]\nFROM a\nHEALTHCHECK NONE',
    'FROM a\nENV [new]=1\nHEALTHCHECK CMD x $[new]\nFROM a\nENV V=1\nHEALTHCHECK --interval=1s CMD ["sh", "-c", "x $V"]\nFROM a\nHEALTHCHECK NONE',
  ],
  [
    'a variable in the array of a health check',
    'FROM a\nENV |V=1\nHEALTHCHECK --interval=1s CMD ["sh", "-c", "x $V"]',
    'FROM a\nENV [new]=1\nHEALTHCHECK --interval=1s CMD ["sh", "-c", "x $[new]"]',
  ],
  [
    'a variable in a script that an array hands to a shell',
    'FROM a\nENV |V=1\nRUN ["sh", "-ec", "x \\"$V\\" \'$V\'"]\nCMD ["/bin/bash", "-o", "pipefail", "-c", "echo $V"]\nENTRYPOINT ["echo", "$V"]',
    'FROM a\nENV [new]=1\nRUN ["sh", "-ec", "x \\"$[new]\\" \'$V\'"]\nCMD ["/bin/bash", "-o", "pipefail", "-c", "echo $[new]"]\nENTRYPOINT ["echo", "$V"]',
  ],
  [
    'a stage',
    'FROM a AS |b\nFROM b\nCOPY --from=b x y',
    'FROM a AS [new]\nFROM [new]\nCOPY --from=[new] x y',
  ],
  [
    'a variable in all its scopes',
    'ARG V=1\nFROM a:$V\nARG V\nRUN echo "$V" ${|V:-x}\nFROM b\nRUN echo $V',
    'ARG [new]=1\nFROM a:$[new]\nARG [new]\nRUN echo "$[new]" ${[new]:-x}\nFROM b\nRUN echo $V',
  ],
  [
    'a variable in a heredoc, not in single quotes',
    "FROM a\nENV V=1\nRUN <<EOF\necho $|V '$V'\nEOF",
    "FROM a\nENV [new]=1\nRUN <<EOF\necho $[new] '$V'\nEOF",
  ],
  [
    'what the shell has not set yet',
    'ARG G=0\nFROM a\nARG |V=1\nRUN echo $V; V=$(cat v-$V) && curl x/$V\nRUN x $V $$V $((V + 1)) && export V',
    'ARG G=0\nFROM a\nARG [new]=1\nRUN echo $[new]; V=$(cat v-$[new]) && curl x/$V\nRUN x $[new] $$V $(([new] + 1)) && export [new]',
  ],
  [
    'what no loop and no read has set',
    'FROM a\nENV |V=1\nRUN for V in $V; do echo $V; done\nRUN read V; echo $V\nRUN export V=2 && x $V',
    'FROM a\nENV [new]=1\nRUN for V in $[new]; do echo $V; done\nRUN read V; echo $V\nRUN export V=2 && x $V',
  ],
  [
    'a variable into a name of another stage',
    'FROM a\nARG new\nRUN x $new\nFROM b\nARG |V\nRUN x $V',
    'FROM a\nARG new\nRUN x $new\nFROM b\nARG [new]\nRUN x $[new]',
  ],
];

/** What is said, the text, the new name. */
const REFUSALS: readonly (readonly [RegExp, string, string])[] = [
  [/no stage name/, 'FROM a AS |b\n', '2 x'],
  [/no variable name/, 'FROM a\nARG |V\n', '2x'],
  [/^scratch is no base image at all/, 'FROM a AS |b\nFROM b', 'scratch'],
  [/^other is the name of another stage, of line 1$/, 'FROM a AS other\nFROM a AS |b', 'other'],
  [
    /^debian names an image in line 2, which would be this stage then$/,
    'FROM a AS |b\nFROM debian\nCOPY --from=b x y',
    'debian',
  ],
  [/^W is declared in line 3$/, 'FROM a\nARG |V\nENV W=1\nRUN x $V', 'W'],
  [/^W is declared in line 1$/, 'ARG W\nARG |V\nFROM a:$V$W', 'W'],
  [/^W is declared in line 4$/, 'FROM a AS b\nARG |V\nFROM b\nENV W=1', 'W'],
  [/^W is used in line 3$/, 'FROM a\nARG |V\nRUN x $V $W', 'W'],
  [/^W is used in line 3$/, 'FROM a\nENV |V=1\nONBUILD RUN x $W', 'W'],
  [/^W is declared in line 3$/, 'FROM a\nENV |V=1\nONBUILD ARG W', 'W'],
  [/^W is used in line 3$/, 'FROM a\nARG |V\nRUN W=1; x $V', 'W'],
  [/^TARGETARCH gets its value from Docker$/, 'FROM a\nARG |TARGETARCH', 'ARCH'],
  [/^http_proxy gets its value from Docker$/, 'FROM a\nARG |http_proxy', 'proxy'],
  [/^PATH gets its value from Docker$/, 'FROM a\nENV |PATH=/x:$PATH', 'paths'],
  [/^TARGETOS gets its value from Docker$/, 'FROM a\nARG |V', 'TARGETOS'],
  [
    /^the shell in line 3 may have set V itself before it uses it$/,
    'FROM a\nARG |V\nRUN test "$V" && V=1; x $V',
    'new',
  ],
];

describe('navigation', () => {
  let session: LspSession;
  before(async () => {
    session = await LspSession.start();
  });
  after(() => session.stop());

  for (const [name, marked, expected] of DEFINITIONS) {
    it(`finds the definition of ${name}`, async () => {
      const file = await session.open(marked);
      const found = await session.at<Location | null>('textDocument/definition', file);
      assert.equal(markRanges(file.text, found === null ? [] : [found.range]), expected);
    });
  }

  for (const [name, marked, expected] of RENAMES) {
    it(`renames ${name}`, async () => {
      const file = await session.open(marked);
      const edit = await session.at<{ changes: Record<string, TextEdit[]> }>('textDocument/rename', file, {
        newName: 'new',
      });
      assert.equal(apply(file.text, edit.changes[file.uri] ?? []), expected.replaceAll('[new]', 'new'));
    });
  }

  it('lists references with and without the declaration', async () => {
    const file = await session.open('FROM a AS |b\nFROM b\n');
    const ask = (includeDeclaration: boolean): Promise<Location[]> =>
      session.at('textDocument/references', file, { context: { includeDeclaration } });
    assert.equal(markRanges(file.text, (await ask(true)).map(rangeOf)), 'FROM a AS [b]\nFROM [b]\n');
    assert.equal(markRanges(file.text, (await ask(false)).map(rangeOf)), 'FROM a AS b\nFROM [b]\n');
  });

  for (const [message, marked, newName] of REFUSALS) {
    it(`refuses to rename to ${newName}: ${JSON.stringify(marked)}`, async () => {
      const file = await session.open(marked);
      await assert.rejects(session.at('textDocument/rename', file, { newName }), { code: -32803, message });
    });
  }

  it('says at once of a name that nobody may change', async () => {
    const file = await session.open('FROM a\nARG |TARGETARCH');
    await assert.rejects(session.at('textDocument/prepareRename', file), /TARGETARCH/);
  });

  it('finds nothing to rename in a name that the shell has set', async () => {
    const file = await session.open('FROM a\nARG V\nRUN V=1; echo $|V');
    for (const method of ['prepareRename', 'definition', 'documentHighlight'])
      assert.equal(await session.at(`textDocument/${method}`, file), null);
  });
});

function rangeOf(location: Location): Range {
  return location.range;
}

function apply(text: string, edits: readonly TextEdit[]): string {
  const lines = text.split('\n');
  for (const { range, newText } of edits.toSorted(
    (a, b) => b.range.start.character - a.range.start.character,
  )) {
    const line = lines[range.start.line] ?? '';
    lines[range.start.line] =
      line.slice(0, range.start.character) + newText + line.slice(range.end.character);
  }
  return lines.join('\n');
}
