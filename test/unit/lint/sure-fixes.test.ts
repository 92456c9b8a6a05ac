/** Which fixes `--fix` may apply unasked: not those after which a build may fail that did not. */

import assert from 'node:assert/strict';

import { findingsOf } from './rules/marked.ts';

/** The rule, whether its fix is sure (undefined: there is none), the text. */
const CASES: readonly (readonly [id: string, isSure: boolean | undefined, text: string])[] = [
  ['DL3021', undefined, 'FROM a:1\nCOPY a /b --chown=1'],
  ['UndefinedVar', undefined, 'FROM a:1\nENV APP_A=1\nENV APP_B=2 D=$APP_B'],
  ['DL3014', true, 'FROM a:1\nRUN apt-get install x=1'],
  ['DL3015', false, 'FROM a:1\nRUN apt-get install -y x=1'],
  ['DL3047', false, 'FROM a:1\nRUN wget http://e.com/a'],
  ['DL3047', true, 'FROM debian:12\nRUN apt-get install -y curl wget=1 && wget http://e.com/a'],
  ['DL3047', true, 'FROM a:1 AS s\nRUN apt-get install wget\nFROM s\nRUN wget http://e.com/a'],
  ['DL3047', false, 'FROM alpine:3.20\nRUN wget http://e.com/a\nRUN apk add wget'],
  ['DL3047', false, 'FROM a:1 AS s\nRUN apk add wget\nFROM s\nRUN wget http://e.com/a'],
  ['DL3047', false, 'FROM a:1 AS s\nRUN apt-get install wget\nFROM a:1\nRUN wget http://e.com/a'],
  ['DL3047', false, 'FROM a:1\nRUN apt-get install libwget-dev && wget http://e.com/a'],
  ['DL3047', undefined, 'FROM alpine:3.20\nRUN wget http://e.com/a'],
  ['DL3047', undefined, 'FROM docker.io/library/busybox\nRUN wget http://e.com/a'],
  ['DL3047', undefined, 'FROM node:20-alpine AS s\nFROM s\nRUN wget http://e.com/a'],
  ['DL3025', true, 'FROM a:1\nCMD nginx -g x'],
  ['DL3025', undefined, 'FROM a:1\nSHELL ["/bin/bash", "-lc"]\nCMD node app.js'],
  [
    'DL3025',
    undefined,
    'FROM a:1 AS s\nSHELL ["conda", "run", "bash", "-c"]\nFROM s\nENTRYPOINT python run.py',
  ],
  ['DL3025', false, 'FROM a:1\nENTRYPOINT ["sh", "-c"]\nCMD echo hi'],
  ['JSONArgsRecommended', false, 'FROM a:1 AS s\nENTRYPOINT ["x"]\nFROM s\nCMD echo hi'],
  ['DL3019', true, 'FROM a:1\nRUN apk add x=1'],
  ['DL3019', undefined, 'FROM a:1\nRUN apk add --no-network x=1'],
  ['DL3042', undefined, 'FROM python:3\nRUN pip install --cache-dir /c a==1'],
  ['DL3042', true, 'FROM python:3\nRUN --mount=type=cache,target=/root/.cachet pip install a==1'],
  ['DL3020', true, 'FROM a:1\nADD . /app/'],
  ['DL3020', true, 'FROM a:1\nADD app.js /app/'],
  ['DL3020', true, 'FROM a:1\nADD a/*.js /app/'],
  ['DL3020', false, 'FROM a:1\nADD app.* /app/'],
  ['DL3020', false, 'FROM a:1\nADD a* /app/'],
  ['DL3020', false, 'FROM a:1\nADD $F /app/'],
  ['DL3020', true, 'FROM a:1\nADD app /app/'],
  ['DL3047', undefined, 'FROM docker:27\nRUN wget http://e.com/a'],
  ['DL3047', false, 'FROM docker.example/caddyshack:1\nRUN wget http://e.com/a'],
  ['NR107', true, 'FROM a:1 AS build\nFROM Build'],
  ['NR005', false, 'FROM a:1\nRUN <<E\na\nb\nE'],
  ['NR024', true, 'FROM a:1\nCMD ["npm start"]'],
  ['NR024', true, 'FROM a:1\nCMD ["/usr/bin/npm start"]'],
  ['NR024', false, 'FROM a:1\nCMD ["/opt/My Tool/run"]'],
  ['NR028', true, 'ARG V=1\nFROM scratch\nLABEL v=$V'],
  ['NR028', false, 'ARG APP_TAG=16\nFROM base:${APP_TAG}\nLABEL v=$APP_TAG'],
  ['NR029', false, 'FROM a:1\nRUN curl http://e.com/a'],
  ['UndefinedVar', false, 'FROM a:1\nENV NAME=1\nUSER $NMAE'],
];

describe('fixes that are sure', () => {
  for (const [id, isSure, text] of CASES) {
    it(`${id}: ${JSON.stringify(text)}`, () => {
      const [finding] = findingsOf(id, text);
      assert.ok(finding !== undefined);
      assert.equal(finding.fix && finding.fix.needsReview !== true, isSure);
    });
  }
});
