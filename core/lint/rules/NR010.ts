/** NR010: a key or token is written into the Dockerfile. */

import type { Rule } from '../rule.ts';

export const NR010: Rule = {
  id: 'NR010',
  family: 'naru',
  severity: 'error',
  message: 'this looks like a secret: take it out and replace it, whoever saw the file has it',
  why: 'The text is in the repository and in the history of the image. Replace the secret where it came from, and pass the new one with RUN --mount=type=secret.',
  examples: {
    bad: ['FROM debian:12\nENV AWS_KEY=AKIA2E0A8F3B244C9986'],
    good: ['FROM debian:12\nRUN --mount=type=secret,id=aws ./deploy'],
  },
  check({ dockerfile }, report) {
    if (!HINT.test(dockerfile.text)) return;
    for (const { span } of dockerfile.instructions) {
      const text = dockerfile.text.slice(span.start, span.end);
      for (const match of text.matchAll(SECRET)) {
        const [found] = match;
        if (/example|xxxx|0000000|1234567/i.test(found)) continue;
        const start = span.start + match.index;
        report({ span: { start, end: start + found.length } });
      }
    }
  },
};

/** Without one of these there is nothing to look for. */
const HINT = /A[KS]IA|gh[pousr]_|github_pat_|glpat-|xox[abprs]-|k_live_|AIza|npm_|pypi-|PRIVATE KEY/;

/** Forms that services give their keys so that they can be found: AWS, GitHub, GitLab, Slack, Stripe, Google, npm, PyPI, private keys. */
const SECRET =
  /\b(?:A[KS]IA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,}|glpat-[\w-]{20}|xox[abprs]-[\w-]{20,}|[rs]k_live_[A-Za-z0-9]{20,}|AIza[\w-]{35}|npm_[A-Za-z0-9]{36}|pypi-[\w-]{50,})(?![\w-])|-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/g;
