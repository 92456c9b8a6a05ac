/** NR011: a file that holds secrets is copied. */

import { unquoted } from '../quotes.ts';
import type { Rule } from '../rule.ts';

export const NR011: Rule = {
  id: 'NR011',
  family: 'naru',
  severity: 'warning',
  message: 'keep files with secrets out of the image; mount them with RUN --mount=type=secret',
  why: 'The file stays in its layer, also when a later step deletes it. A secret mount shows it to one step only and leaves nothing behind.',
  examples: {
    bad: ['FROM debian:12\nCOPY id_rsa /root/.ssh/id_rsa'],
    good: ['FROM debian:12\nRUN --mount=type=secret,id=key,target=/root/.ssh/id_rsa git fetch'],
  },
  check({ instructions }, report) {
    for (const { instruction } of instructions('COPY', 'ADD')) {
      if (instruction.flags.some(({ name }) => name === 'from')) continue;
      for (const { span, text } of instruction.sources) {
        if (SECRET_FILES.test(unquoted(text)))
          report({
            span,
            message: `${unquoted(text)} may hold secrets: mount it with RUN --mount=type=secret instead`,
          });
      }
    }
  },
};

/** By the last part of the path. Public keys, certificates and samples are not meant. */
const SECRET_FILES =
  /(?:^|\/)(?:id_(?:rsa|dsa|ecdsa|ed25519)|\.env(?:\.(?:local|production|prod|secret))?|\.netrc|\.pypirc|\.npmrc|\.git-credentials|\.pgpass|\.aws(?:\/credentials)?\/?|\.ssh\/?|\.docker\/config\.json|kubeconfig|(?:[\w.-]*[-_.])?key\.pem|[\w.-]*private[\w.-]*\.(?:pem|key)|[\w.-]+\.(?:p12|pfx))$/i;
