/**
 * Files that other linters complain about for no reason, from the issues their users filed: `naru` has nothing to say about the line in question.
 * And the two the other way round: what they miss.
 */

import assert from 'node:assert/strict';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { fileFindings } from '../../../core/lint/file-findings.ts';

const PIPEFAIL = 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\n';

/** `[issue, text]`: no finding at all. */
const QUIET: readonly (readonly [issue: string, text: string])[] = [
  ['hadolint#219: the tag is in a variable', 'ARG TAG=12.11\nFROM debian:${TAG}\nUSER 1000\n'],
  ['hadolint#339: the image is in a variable', 'ARG BASE=debian:12.11\nFROM ${BASE}\nUSER 1000\n'],
  ['hadolint#858: the image has a default', 'ARG BASE\nFROM ${BASE:-debian:12.11}\nUSER 1000\n'],
  [
    'hadolint#1078: a stage of this file',
    'FROM debian:12.11 AS base\nUSER 1000\nFROM base AS app\nFROM app\n',
  ],
  [
    'hadolint#806: a heredoc with an interpreter of its own',
    'FROM python:3.13\nRUN <<EOF\n#!/usr/bin/env python3\nprint(1 | 2)\nprint(3)\nEOF\nUSER 1000\n',
  ],
  [
    'hadolint#1137: a heredoc handed to a shell',
    'FROM debian:12.11\nRUN <<EOF bash -eo pipefail\necho a | tee /b\necho c\nEOF\nUSER 1000\n',
  ],
  [
    'hadolint#923: a heredoc with quotes in it',
    "FROM debian:12.11\nRUN <<'EOF'\nset -e\necho \"it's\"\necho done\nEOF\nUSER 1000\n",
  ],
  [
    'hadolint#1019: a heredoc of COPY',
    'FROM debian:12.11\nCOPY <<-"EOF" /etc/app.conf\n\tRUN cd / | sudo\n\tEOF\nUSER 1000\n',
  ],
  [
    'hadolint#805: heredocs one after another',
    'FROM debian:12.11\nRUN <<EOF\nset -e\nmake a\nmake b\nEOF\nRUN <<EOF\nset -e\nmake c\nmake d\nEOF\nUSER 1000\n',
  ],
  [
    'hadolint#1084: ash knows pipefail',
    'FROM alpine:3.22\nSHELL ["/bin/ash", "-eo", "pipefail", "-c"]\nRUN echo a | tee /b\nUSER 1000\n',
  ],
  [
    'hadolint#928: a version in a variable',
    `FROM debian:12.11\n${PIPEFAIL}ARG CURL_VERSION=7.88.1\nRUN apt-get update && apt-get install -y --no-install-recommends "curl=\${CURL_VERSION}" && rm -rf /var/lib/apt/lists/*\nUSER 1000\n`,
  ],
  ['buildkit#5504: a public key', 'FROM debian:12.11\nENV PUBLIC_KEY=abc TOKEN_FILE=/run/token\nUSER 1000\n'],
  [
    'dockerfile-utils: ADD --unpack',
    'FROM debian:12.11\nADD --unpack=true https://example.com/a.git#v1 /a/\nUSER 1000\n',
  ],
  [
    'comments between continued lines',
    'FROM debian:12.11\nRUN make \\\n  # sudo cd /\n  install\nUSER 1000\n',
  ],
];

describe('complaints of users', () => {
  for (const [issue, text] of QUIET) {
    it(issue, () => {
      assert.deepEqual(said(text), []);
    });
  }

  it('EXPOSE 70000 is found', () => {
    assert.deepEqual(said('FROM debian:12.11\nEXPOSE 70000\nUSER 1000\n'), ['2 error DL3011']);
  });

  it('hadolint#882: a heredoc without errexit is found', () => {
    const text = 'FROM debian:12.11\nRUN <<EOF\nmake\nmake install\nEOF\nUSER 1000\n';
    assert.deepEqual(said(text), ['2 warning NR005']);
  });
});

function said(text: string): readonly string[] {
  const findings = fileFindings(readDockerfile(text));
  return findings
    .filter(({ ruleId }) => ruleId !== 'DL3066')
    .map(({ line, ruleId, severity }) => `${line + 1} ${severity} ${ruleId}`);
}
