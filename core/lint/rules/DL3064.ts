/** DL3064: ARG or ENV whose name says secret. */

import type { Instruction, Word } from '../../dockerfile/types.ts';
import { unquoted } from '../quotes.ts';
import type { Rule } from '../rule.ts';

export const DL3064: Rule = {
  id: 'DL3064',
  family: 'hadolint',
  severity: 'warning',
  message: 'do not put secrets in ARG or ENV',
  why: 'Values of ARG and ENV stay in the history and the configuration of the image, for everybody who has it. Use RUN --mount=type=secret.',
  examples: {
    bad: ['FROM debian:12\nARG NPM_TOKEN'],
    good: ['FROM debian:12\nRUN --mount=type=secret,id=npm npm ci'],
  },
  check({ instructions }, report) {
    for (const { instruction } of instructions('ARG', 'ENV', 'ONBUILD')) {
      const found = instruction.name === 'ONBUILD' ? instruction.trigger : instruction;
      for (const { text, span } of variableNames(found)) {
        const name = unquoted(text);
        if (!isSuspicious(name)) continue;
        // hadolint: `TOKEN_FILE`, `USERNAME` and `MAX_TOKENS` too.
        const only = HARMLESS.test(name) || !ENDS_AS_SECRET.test(name);
        const message = `${name} looks like a secret: do not put secrets in ARG or ENV`;
        report({ span, toolLine: instruction.line, message, ...(only ? { only: 'tool' } : {}) });
      }
    }
  },
};

function variableNames(instruction: Instruction | undefined): readonly Word[] {
  if (instruction?.name === 'ARG') return instruction.variables.map(({ key }) => key);
  return instruction?.name === 'ENV' ? instruction.pairs.map(({ key }) => key) : [];
}

/** Names under which services expect credentials, without one of the words below. */
const KNOWN_NAMES: ReadonlySet<string> = new Set([
  'APPLICATION_KEY',
  'AWS_ACCESS_KEY_ID',
  'CI_DEPLOY_USER',
  'DOCKER_EMAIL',
  'FACEBOOK_APP_ID',
  'HEROKU_API_USER',
  'OKTA_AUTHN_GROUPID',
  'OKTA_CLIENT_ORGURL',
  'OKTA_OAUTH2_CLIENTID',
  'STRIPE_DEVICE_NAME',
  'TRAVIS_OS_NAME',
  'TRAVIS_SECURE_ENV_VARS',
  'TRAVIS_SUDO',
]);

function isSuspicious(name: string): boolean {
  if (KNOWN_NAMES.has(name.toUpperCase())) return true;
  return /api_key|client_key|password|private|secret|token|username/i.test(name);
}

/** At the end of the name, or of a word of it: a tokenizer, tokens and GOPRIVATE are no secrets. */
const ENDS_AS_SECRET =
  /(?:api_?key|client_key|access_key(?:_id)?|private_key|_private|passw(?:or)?d|secret|token)(?=_|\d|$)/i;

/** A place, a bound or a public part, no secret itself. */
const HARMLESS =
  /(?:_|^)(?:public|file|path|dir|directory|name|version|registry|host|url|uri|count|length|size|limit|ttl|expiry|expiration|enabled|disabled)(?:_|$)/i;
