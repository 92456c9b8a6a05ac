/** Fixes of rules about the Dockerfile itself: what they write, and where they keep their hands off. */

import assert from 'node:assert/strict';

import { fixed } from './marked.ts';

/** Rule, file, and the file after the fix; undefined: no fix. */
const CASES: readonly (readonly [string, string, string | undefined])[] = [
  ['DL3020', 'FROM a:1\nADD x /y\n', 'FROM a:1\nCOPY x /y\n'],
  ['DL3020', 'from a:1\nadd --chown=1:1 x /y\n', 'from a:1\ncopy --chown=1:1 x /y\n'],
  ['DL3020', 'FROM a:1\nADD x z.tar /y/\n', undefined],
  ['DL3020', 'FROM a:1\nADD --unpack=true x /y/\n', undefined],
  ['DL3021', 'FROM a:1\nCOPY x z /y\n', 'FROM a:1\nCOPY x z /y/\n'],
  ['DL3021', 'FROM a:1\nCOPY x z "/y"\n', 'FROM a:1\nCOPY x z "/y/"\n'],
  ['DL3021', 'FROM a:1\nCOPY x z /y"\n', undefined],
  ['DL3021', 'FROM a:1\nCOPY ["x", "z", "/y"]\n', 'FROM a:1\nCOPY ["x", "z", "/y/"]\n'],
  ['DL3025', 'FROM a:1\nCMD nginx -g x\n', 'FROM a:1\nCMD ["nginx", "-g", "x"]\n'],
  ['DL3025', "FROM a:1\nCMD ['nginx', '-g']\n", 'FROM a:1\nCMD ["nginx", "-g"]\n'],
  ['DL3025', 'FROM a:1\nCMD exec nginx\n', undefined],
  ['DL3025', 'FROM a:1\nENTRYPOINT echo a\n', 'FROM a:1\nENTRYPOINT ["echo", "a"]\n'],
  // Only an array is given CMD.
  ['DL3025', 'FROM a:1\nENTRYPOINT echo a\nCMD ["x"]\n', undefined],
  ['DL3025', 'FROM a:1\nCMD ["x"]\nENTRYPOINT echo a\n', undefined],
  ['DL3025', 'FROM a:1 AS s\nENTRYPOINT echo a\nFROM s\nCMD ["x"]\n', undefined],
  ['JSONArgsRecommended', 'FROM a:1\nENTRYPOINT echo a\nCMD ["x"]\n', undefined],
  [
    'DL3025',
    'FROM a:1\nCMD ["x"]\nFROM b:1\nENTRYPOINT echo a\n',
    'FROM a:1\nCMD ["x"]\nFROM b:1\nENTRYPOINT ["echo", "a"]\n',
  ],
  ['DL3025', 'FROM a:1\nCMD A=1 nginx\n', undefined],
  ['StageNameCasing', 'FROM a:1 AS Scratch\n', undefined],
  ['DL3025', 'FROM a:1\nCMD nginx | cat\n', undefined],
  ['DL3025', 'FROM a:1\nCMD echo $HOME\n', undefined],
  ['DL3025', 'FROM a:1\nCMD cat *\n', undefined],
  ['DL3025', 'FROM a:1\nCMD nginx \\\n  -g\n', undefined],
  ['DL3065', 'FROM --platform=$TARGETPLATFORM a:1\n', 'FROM a:1\n'],
  [
    'DL4000',
    'FROM a:1\nMAINTAINER me <a@b.c>\n',
    'FROM a:1\nLABEL org.opencontainers.image.authors="me <a@b.c>"\n',
  ],
  ['DL4000', 'FROM a:1\nMAINTAINER "me"\n', 'FROM a:1\nLABEL org.opencontainers.image.authors="me"\n'],
  ['DL4000', 'FROM a:1\nMAINTAINER me "x" y\n', undefined],
  ['DL4000', 'FROM a:1\nMAINTAINER $me\n', undefined],
  ['StageNameCasing', 'FROM a:1 AS Build\n', 'FROM a:1 AS build\n'],
  ['ConsistentInstructionCasing', 'FROM a:1\nRUN echo "a\nlimit = 5" >f\n', undefined],
  ['ConsistentInstructionCasing', 'from a:1\nrun echo "a\nLIMIT = 5" >f\n', undefined],
  ['NR119', 'FROM a:1\nCOPY a /b/  # c\n', 'FROM a:1\nCOPY a /b/\n'],
  ['DL3021', 'FROM a:1\nCOPY a /b # c\n', undefined],
  ['NR117', 'FROM a:1\nRUN b && \\\n\nCOPY c /d\n', 'FROM a:1\nRUN b\n\nCOPY c /d\n'],
  ['NR117', '# escape=`\nFROM a:1\nRUN b ` \n# c\nUSER 1\n', '# escape=`\nFROM a:1\nRUN b\n# c\nUSER 1\n'],
  ['NR117', 'FROM a:1\r\nRUN b; \\\r\nUSER 1\r\n', 'FROM a:1\r\nRUN b\r\nUSER 1\r\n'],
  ['NoEmptyContinuation', 'FROM a:1\nRUN b \\\n\nCOPY c /d\n', undefined],
  ['FromAsCasing', 'FROM a:1 as b\n', 'FROM a:1 AS b\n'],
  ['FromAsCasing', 'from a:1 AS b\n', 'from a:1 as b\n'],
  ['NoEmptyContinuation', 'FROM a:1\nRUN x \\\n\n \n  y\n', 'FROM a:1\nRUN x \\\n  y\n'],
  ['ConsistentInstructionCasing', 'FROM a:1\nrun x\nRUN y\n', 'FROM a:1\nRUN x\nRUN y\n'],
  ['JSONArgsRecommended', 'FROM a:1\nENTRYPOINT app\n', 'FROM a:1\nENTRYPOINT ["app"]\n'],
  ['JSONArgsRecommended', 'FROM a:1\nENTRYPOINT app "x"\n', undefined],
  [
    'MaintainerDeprecated',
    'from a:1\nmaintainer me\n',
    'from a:1\nlabel org.opencontainers.image.authors="me"\n',
  ],
  ['UndefinedArgInFrom', 'ARG TAG=1\nFROM a:${TGA}\n', 'ARG TAG=1\nFROM a:${TAG}\n'],
  ['UndefinedArgInFrom', 'ARG TAG=1\nFROM a:${NOTHING}\n', undefined],
  ['UndefinedVar', 'FROM a:1\nENV NAME=1\nUSER $NMAE\n', 'FROM a:1\nENV NAME=1\nUSER $NAME\n'],
  ['UndefinedVar', 'FROM a:1\nUSER $NOTHING\n', undefined],
  ['LegacyKeyValueFormat', 'FROM a:1\nENV MODE x # the mode\n', undefined],
  ['LegacyKeyValueFormat', 'FROM a:1\nENV MODE x#y\n', 'FROM a:1\nENV MODE=x#y\n'],
  ['UndefinedVar', 'FROM golang:1\nWORKDIR $GOPATH/src\n', undefined],
  ['UndefinedVar', 'FROM a:1\nENV JAVAHOME=/x\nWORKDIR $JAVA_HOME\n', undefined],
  ['UndefinedVar', 'FROM a:1\nENV P=1\nCOPY a $X\n', undefined],
  ['UndefinedVar', 'FROM a:1\nENV APP=1\nCOPY a $APT\n', undefined],
  ['LegacyKeyValueFormat', 'FROM a:1\nENV A b\n', 'FROM a:1\nENV A=b\n'],
  ['LegacyKeyValueFormat', 'FROM a:1\nENV A b c\n', 'FROM a:1\nENV A="b c"\n'],
  ['LegacyKeyValueFormat', 'FROM a:1\nENV A   "b c"\n', 'FROM a:1\nENV A="b c"\n'],
  ['LegacyKeyValueFormat', 'FROM a:1\nENV A b=c\n', 'FROM a:1\nENV A=b=c\n'],
  ['LegacyKeyValueFormat', 'FROM a:1\nENV A b "c"\n', undefined],
  ['LegacyKeyValueFormat', 'FROM a:1\nENV A b\\ c\n', undefined],
  ['LegacyKeyValueFormat', 'FROM a:1\nENV A b \\\n c\n', undefined],
  ['RedundantTargetPlatform', 'FROM --platform=${TARGETPLATFORM}  a:1\n', 'FROM a:1\n'],
  ['ExposeProtoCasing', 'FROM a:1\nEXPOSE 80/TCP 81\n', 'FROM a:1\nEXPOSE 80/tcp 81\n'],
  ['ExposeProtoCasing', 'FROM a:1\nENV P=80/TCP\nEXPOSE $P\n', undefined],
  ['ExposeInvalidFormat', 'FROM a:1\nEXPOSE 127.0.0.1:8080:80/udp\n', 'FROM a:1\nEXPOSE 80/udp\n'],
];

describe('fixes about the Dockerfile itself', () => {
  for (const [id, text, wanted] of CASES) {
    it(`${id}: ${JSON.stringify(text)}`, () => {
      assert.equal(fixed(id, text), wanted);
    });
  }
});
