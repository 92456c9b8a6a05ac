/** Hover over instructions, flags, variables, stages and directives. */

import assert from 'node:assert/strict';

import type { Hover } from 'vscode-languageserver';

import { LspSession } from './session.ts';

const CASES: readonly (readonly [string, string, RegExp | undefined])[] = [
  ['an instruction', 'FR|OM a', /FROM.*\n[^]*reference\/dockerfile\/#from/],
  ['an instruction in lower case', 'from a\nco|py a b', /COPY/],
  ['a trigger', 'FROM a\nONBUILD RU|N make', /RUN/],
  ['a flag', 'FROM a\nCOPY --cho|wn=1 a b', /--chown/],
  ['a key of a mount', 'FROM a\nRUN --mount=ty|pe=cache,target=/x ls', /type/],
  ['a variable', 'FROM a\nARG V=12\nRUN echo $|V', /ARG V=12[^]*line 2, used once/],
  ['a stage', 'FROM a AS b\nFROM |b', /FROM a AS b[^]*Stage of line 1/],
  ['a predefined variable', 'FROM --platform=$BUILD|PLATFORM a', /machine that builds/],
  ['a directive', '# syn|tax=docker/dockerfile:1\nFROM a', /frontend/],
  ['nothing', 'FROM a\n|\nRUN x', undefined],
  ['a shell word', 'FROM a\nRUN ma|ke', undefined],
  ['what a rule found', 'FROM a\nRUN cd| /app', /NR018.*WORKDIR/],
  ['a variable and what a rule found', 'FROM a\nENV A=1 B=$|A', /ENV A=1[^]*DL3044/],
  ['no fault of the reader', 'FROM a:1\nRUN --foo=|1 make', undefined],
];

describe('hover', () => {
  let session: LspSession;
  before(async () => {
    session = await LspSession.start();
  });
  after(() => session.stop());

  for (const [name, marked, expected] of CASES) {
    it(`explains ${name}`, async () => {
      const file = await session.open(marked);
      const hover = await session.at<Hover | null>('textDocument/hover', file);
      const text = hover === null ? undefined : JSON.stringify(hover.contents).replaceAll('\\n', '\n');
      if (expected === undefined) assert.equal(text, undefined);
      else assert.match(text ?? '', expected);
    });
  }
});
