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
  [
    'a mount of a type',
    'FROM a\nRUN --mount=ty|pe=cache,target=/x ls',
    /What is mounted[^]*later builds find again/,
  ],
  ['the type itself', 'FROM a\nRUN --mount=type=tm|pfs,target=/x ls', /directory in memory/],
  [
    'a value of a key',
    'FROM a\nRUN --mount=type=cache,target=/x,sharing=lo|cked ls',
    /waits until it is free/,
  ],
  ['a value of a flag', 'FROM a\nRUN --network=no|ne ls', /No network but loopback/],
  ['a flag with its values', 'FROM a\nRUN --net|work=x ls', /`none`: No network[^]*`host`/],
  ['the word AS', 'FROM a A|S b', /names the stage/],
  ['scratch', 'FROM scr|atch', /begins empty/],
  ['a stop signal', 'FROM a\nSTOPSIGNAL SIGQ|UIT', /SIGQUIT.*\(3\).*nginx/],
  ['a stop signal by number', 'FROM a\nSTOPSIGNAL 1|5', /SIGTERM/],
  ['the words of a health check', 'FROM a\nHEALTHCHECK NO|NE', /also none of the base image/],
  [
    'the value of an ARG that is repeated',
    'ARG V=1.2\nFROM a\nARG V\nRUN x $|V',
    /ARG V\n[^]*`1.2` here, unless `--build-arg`/,
  ],
  ['the repeated ARG itself', 'ARG V=1.2\nFROM a\nARG |V', /`1.2` here/],
  ['a value made of others', 'FROM a\nARG V=1\nENV W=v$V-$X W2=$W\nRUN x $|W', /`v1-\$X` here, unless/],
  ['an ARG over an earlier ENV', 'FROM a\nENV V=1\nARG V=2\nRUN x $|V', /ARG V=2\n[^]*`2` here, unless/],
  [
    'an ENV below the stage over its ARG',
    'FROM a AS b\nENV V=1\nARG V=2\nFROM b\nRUN x $|V',
    /ENV V=1\n[^]*`1` here\./,
  ],
  [
    'an ARG that is declared again',
    'ARG V=1\nFROM a:$V\nARG |V=99\nRUN x $V',
    /ARG V=99\n[^]*line 3.*`99` here/s,
  ],
  [
    'an ARG that no container has',
    'FROM a\nARG PORT=8080\nCMD echo "[$PO|RT]"',
    /ARG PORT=8080\n[^]*Not set when the container runs[^]*`ENV PORT=\$PORT`(?![^]*`8080`)/,
  ],
  [
    'an ARG in a health check',
    'FROM a\nARG PORT=8080\nHEALTHCHECK --interval=1s CMD curl :$PO|RT',
    /Not set when the container runs/,
  ],
  [
    'an ARG in an array that starts a shell',
    'FROM a\nARG PORT=8080\nENTRYPOINT ["sh", "-c", "x $PO|RT"]',
    /Not set when the container runs/,
  ],
  [
    'an ENV in a command, whatever comes later',
    'FROM a\nENV PORT=1\nARG PORT=2\nCMD x $PO|RT\nENV PORT=3',
    /ENV PORT=3\n[^]*`3` here\./,
  ],
  [
    'an ENV from an ARG in a command',
    'FROM a\nARG P=8\nENV P=$P\nCMD x $|P',
    /ENV P=\$P\n[^]*`8` here, unless/,
  ],
  [
    'an ENV below an ARG in a command',
    'FROM a AS b\nENV P=1\nFROM b\nARG P=2\nENTRYPOINT x $|P',
    /ENV P=1\n[^]*`1` here\./,
  ],
  ['an ENV in a trigger', 'FROM a\nENV APP=/srv\nONBUILD COPY . $A|PP', /ENV APP=\/srv\n[^]*`\/srv` here\./],
  [
    'an ENV below a trigger',
    'FROM a\nONBUILD RUN ls $A|PP\nENV APP=/srv',
    /ENV APP=\/srv\n[^]*`\/srv` here\./,
  ],
  ['no ARG of the stage in a trigger', 'FROM a\nARG APP=/srv\nONBUILD RUN ls $A|PP', undefined],
  [
    'a value made in a trigger',
    'FROM a\nENV V=1\nONBUILD ENV W=v$V\nONBUILD WORKDIR /$|W',
    /ONBUILD ENV W=v\$V\n[^]*`v1` here\./,
  ],
  [
    'an ARG of the trigger',
    'FROM a\nARG V=1\nONBUILD ARG V=2\nONBUILD RUN x $|V',
    /ONBUILD ARG V=2\n[^]*`2` here, unless/,
  ],
  [
    'a predefined variable in a trigger',
    'FROM a\nONBUILD ARG TARGET|ARCH\nONBUILD RUN x $TARGETARCH',
    /line 2/,
  ],
  [
    'an ENV that has no global ARG',
    'ARG V=1\nFROM a:$V\nENV V=${|V:-7}',
    /ENV V=.*\n[^]*Nothing above sets it[^]*base image(?![^]* here\.)/,
  ],
  ['an ENV that goes on from the one of the image', 'FROM a\nENV PATH=/x:$PA|TH', /Nothing above sets it/],
  ['what that makes', 'FROM a\nENV PATH=/x:$PATH\nRUN echo $PA|TH', /`\/x:\$PATH` here\./],
  ['an ENV that goes on from one above', 'FROM a\nENV V=1\nENV V=$|V:2', /ENV V=1\n[^]*`1` here\./],
  [
    'an ARG made of one beside it',
    'FROM a\nARG A=0\nARG A=1 B=${A}2\nRUN x $|B',
    /ARG A=1 B=.*\n[^]*`12` here, unless/,
  ],
  ['the one beside it', 'FROM a\nARG A=0\nARG A=1 B=$|A', /ARG A=1 B=.*\n[^]*`1` here, unless/],
  ['an ENV that does not see itself', 'FROM a\nENV V=1\nENV V=$V:2\nRUN x $|V', /`1:2` here\./],
  [
    'an ARG made of the global one, which it does not see',
    'ARG V=1.0\nFROM a:$V\nARG V=${|V}',
    /Nothing above sets it(?![^]* here\.)/,
  ],
  [
    'a default, where an ARG stands further down',
    'ARG A=1\nFROM a\nENV A=7 X=${|A:-d}\nARG A',
    /Nothing above sets it(?![^]* here\.)/,
  ],
  ['a default for that', 'ARG V=1.0\nFROM a:$V\nARG V=${V:-def}\nRUN x $|V', /`\$\{V:-def\}` here, unless/],
  ['what a stage declares again', 'ARG V=1.0\nFROM a:$V\nARG V\nENV W=$|V', /`1.0` here, unless/],
  ['an ARG that is given again below an ENV', 'FROM a\nENV V=2\nARG V\nRUN x $|V', /`2` here, unless/],
  ['an empty value', 'FROM a\nENV V=\nRUN x $|V', /Empty here\./],
  ['an ARG without a value', 'FROM a\nARG V\nRUN x $|V', /Variable of line 2, used once\.\\?"?/],
  ['no variable that is declared below', 'FROM a\nRUN x "$|V"\nARG V=1', undefined],
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

  describe('hover in an editor that shows text alone', () => {
    it('has no marks', async () => {
      const capabilities = { textDocument: { hover: { contentFormat: ['plaintext'] } } };
      const session = await LspSession.start(undefined, {}, undefined, undefined, capabilities);
      const ask = async (marked: string): Promise<unknown> =>
        (await session.at<Hover>('textDocument/hover', await session.open(marked))).contents;
      assert.deepEqual(await ask('FROM a\nUS|ER b'), {
        kind: 'plaintext',
        value:
          'USER <user>[:<group>]\nThe user (and group) of the following RUN steps and of the containers, by name or number. Names are looked up in the image.\n\nReference: https://docs.docker.com/reference/dockerfile/#user',
      });
      assert.deepEqual(await ask('FROM a\nRUN cd| /app'), {
        kind: 'plaintext',
        value: ((await ask('FROM a\nRUN c|d /app')) as { value: string }).value.replaceAll(/[`*]/g, ''),
      });
      assert.deepEqual(await ask('FROM a\nENV A=x`y\nRUN x $|A'), {
        kind: 'plaintext',
        value: 'ENV A=x`y\nVariable of line 2, used once.\n\nx`y here.',
      });
      await session.stop();
    });
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
