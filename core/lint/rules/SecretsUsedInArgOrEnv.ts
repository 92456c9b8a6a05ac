/** SecretsUsedInArgOrEnv: ARG or ENV whose name says secret. */

import { goQuote } from '../../dockerfile/go-quote.ts';
import { evaluated } from '../evaluation.ts';
import type { Rule } from '../rule.ts';

export const SecretsUsedInArgOrEnv: Rule = {
  id: 'SecretsUsedInArgOrEnv',
  family: 'buildkit',
  severity: 'warning',
  message: 'Sensitive data should not be used in the ARG or ENV commands',
  why: 'Values of ARG and ENV stay in the history and the configuration of the image, for everybody who has it. Use RUN --mount=type=secret.',
  examples: {
    bad: ['FROM debian:12\nARG NPM_TOKEN'],
    good: [
      'FROM debian:12\nRUN --mount=type=secret,id=npm npm ci',
      'FROM debian:12\nARG TOKEN_FILE=/run/secrets/token',
    ],
  },
  aliases: ['DL3064'],
  check(context, report) {
    for (const { at, instruction } of evaluated(context, 'ARG', 'ENV')) {
      if (instruction.name !== 'ARG' && instruction.name !== 'ENV') continue;
      const pairs = instruction.name === 'ARG' ? instruction.variables : instruction.pairs;
      for (const { key } of pairs) {
        if (!SECRET.test(key.text) || /(?:_|^)public(?:_|$)/i.test(key.text)) continue;
        const message = `Do not use ARG or ENV instructions for sensitive data (${instruction.name} ${goQuote(key.text)})`;
        const found = { span: key.span, toolLine: at.line, silencedAt: instruction, message };
        report(NAMES_NO_SECRET.test(key.text) ? { ...found, only: 'tool' } : found);
      }
    }
  },
};

/** Whole words between underscores. */
const SECRET = /(?:_|^)(?:apikey|auth|credential|credentials|key|password|pword|passwd|secret|token)(?:_|$)/i;
/** Docker: 28.5.2 reports these (measured), BuildKit 0.27 and later do not (read). */
const NAMES_NO_SECRET = /(?:_|^)(?:file|version)(?:_|$)/i;
