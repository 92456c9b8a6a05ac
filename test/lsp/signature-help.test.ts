/** Signature help marks what is being written, at every position of every instruction. */

import assert from 'node:assert/strict';

import type { SignatureHelp } from 'vscode-languageserver';

import { LspSession } from './session.ts';

/** What is written, and the marked part of each form that fits, the shown one first; nothing where there is no help. */
const CASES: readonly (readonly [string, ...string[]])[] = [
  ['FROM |', '<image>', '<stage>', 'scratch'],
  ['FROM sc|', '<image>', '<stage>', 'scratch'],
  ['FROM a|', '<image>', '<stage>'],
  ['FROM a:|', '<tag>', '<stage>'],
  ['FROM host:5000/a|', '<image>', '<stage>'],
  ['FROM host:5000/a@s|', '<digest>', '<stage>'],
  ['FROM --platform=|', '<platform>', '', ''],
  ['FROM --platform=x |', '<image>', '<stage>', 'scratch'],
  ['FROM a:1 |', 'AS', 'AS'],
  ['FROM a:1 AS |', '<stage>', '<stage>'],
  ['FROM a:1 AS b |'],
  ['ARG |', '<name>'],
  ['ARG A=|', '<default>'],
  ['ARG A=1 |', '<name>'],
  ['ENV |', '<name>'],
  ['ENV A|', '<name>'],
  ['ENV A=|', '<value>'],
  ['ENV A=1 |', '<name>'],
  ['ENV A=1 B=|', '<value>'],
  ['ENV A |', '<value>'],
  ['LABEL a=b |', '<name>'],
  ['LABEL a=b c=|', '<value>'],
  ['COPY |', '<source>', '<source>'],
  ['COPY a |', '<destination>'],
  ['COPY a b |', '<destination>'],
  ['COPY --chmod=755 x |', '<destination>'],
  ['COPY --chmod=|', ''],
  ['COPY [|', '<source>'],
  ['COPY ["a, b|', '<source>'],
  ['COPY ["a", |', '<destination>'],
  ['COPY ["a", "b", "|', '<destination>'],
  ['ADD a |', '<destination>'],
  ['EXPOSE |', '<port>'],
  ['EXPOSE 80 |', '<port>'],
  ['HEALTHCHECK |', 'CMD', 'NONE'],
  ['HEALTHCHECK --interval=1s |', 'CMD', 'NONE'],
  ['HEALTHCHECK C|', 'CMD'],
  ['HEALTHCHECK CMD |', '<command>'],
  ['HEALTHCHECK NONE |'],
  ['MAINTAINER |', '<name>'],
  ['ONBUILD |', '<instruction>'],
  ['ONBUILD COPY a |', '<destination>'],
  ['SHELL |', '<program>'],
  ['SHELL ["a", |', '<argument>'],
  ['SHELL ["a", "b", |', '<argument>'],
  ['STOPSIGNAL |', '<signal>'],
  ['STOPSIGNAL 9 |'],
  ['USER |', '<user>'],
  ['USER a:|', '<group>'],
  ['VOLUME |', '<path>', '<path>'],
  ['VOLUME /a |', '<path>'],
  ['VOLUME ["/a", |', '<path>'],
  ['WORKDIR |', '<path>'],
  ['RUN a |'],
];

describe('signature help', () => {
  let session: LspSession;
  before(async () => {
    session = await LspSession.start();
  });
  after(() => session.stop());

  for (const [marked, ...expected] of CASES) {
    it(marked, async () => {
      const file = await session.open(`FROM x\n${marked}`);
      const help = await session.at<SignatureHelp | null>('textDocument/signatureHelp', file);
      const active = (help?.signatures ?? []).map(({ activeParameter, label, parameters }) => {
        const range = parameters?.[activeParameter ?? -1]?.label;
        return Array.isArray(range) ? label.slice(...range) : '';
      });
      assert.deepEqual(active, expected);
      if (help === null) return;
      assert.equal(help.activeSignature, 0);
      assert.equal(help.activeParameter, help.signatures[0]?.activeParameter);
    });
  }
});
