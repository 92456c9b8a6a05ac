/** NR012: a password or token is part of a command. */

import type { Rule } from '../rule.ts';

export const NR012: Rule = {
  id: 'NR012',
  family: 'naru',
  severity: 'warning',
  message: 'pass credentials with RUN --mount=type=secret',
  why: 'Commands are kept in the history of the image with the values of the arguments they use. A secret mount leaves no trace.',
  examples: {
    bad: [
      'FROM node:22\nARG NPM_AUTH\nRUN npm config set //registry.npmjs.org/:_authToken=$NPM_AUTH',
      'FROM debian:12\nRUN git clone --branch v1 https://user:hunter2@example.com/a.git',
    ],
    good: ['FROM node:22\nRUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci'],
  },
  check({ dockerfile, instructions }, report) {
    if (!HINT.test(dockerfile.text)) return;
    for (const { instruction } of instructions('RUN', 'ADD', 'ENV')) {
      const { end, start } = instruction.span;
      const hasSecret = instruction.flags.some(
        ({ name, value }) => name === 'mount' && value?.includes('secret'),
      );
      if (hasSecret) continue;
      for (const match of dockerfile.text.slice(start, end).matchAll(CREDENTIALS)) {
        const [found, password = ''] = match;
        if (/^(?:\$\(|<|\*|x{3})/.test(password)) continue;
        report({ span: { start: start + match.index, end: start + match.index + found.length } });
      }
    }
  },
};

/** Without one of these there is nothing to look for. */
const HINT = /:\/\/[^\s/]*@|_authToken=/;

/** `https://user:password@host`, `https://$TOKEN@host` and what begins as tokens of GitHub and GitLab do, `_authToken=…`. */
const CREDENTIALS =
  /\bhttps?:\/\/[\w.%${}-]+:([^\s@/"'`]+)@(?=[\w[$])|\bhttps?:\/\/(?:\$\{?(?:\w*_)?(?:TOKEN|PAT|PASSWORD)\}?|gh[pousr]_\w+|github_pat_\w+|glpat-[\w-]+)@(?=[\w[$])|\b_authToken=(["']?[^\s"']+)/g;
