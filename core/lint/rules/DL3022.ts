/** DL3022: COPY --from that names no earlier stage. */

import { suggestion } from '../../dockerfile/suggestion.ts';
import type { Dockerfile, Stage } from '../../dockerfile/types.ts';
import type { Span } from '../../source.ts';
import { isNamedContext } from '../named-context.ts';
import { unquoted } from '../quotes.ts';
import { references } from '../references.ts';
import type { Fix, Rule } from '../rule.ts';

export const DL3022: Rule = {
  id: 'DL3022',
  family: 'hadolint',
  severity: 'warning',
  message: 'COPY --from should name an earlier stage',
  why: 'A name that is no earlier stage is taken for an image and pulled, which is seldom meant. An image that is meant has a tag.',
  examples: {
    bad: ['FROM debian:12\nCOPY --from=build /app /app'],
    good: [
      'FROM debian:12 AS build\nFROM debian:12\nCOPY --from=build /app /app',
      'FROM debian:12\nCOPY --from=nginx:1.27 /etc/nginx /etc/nginx',
    ],
  },
  check({ dockerfile, once, options }, report) {
    for (const { instruction, name, span, stage } of once(references)) {
      if (instruction.name !== 'COPY') continue;
      const bare = unquoted(name);
      const isIndex = /^\d/.test(bare) && Number.parseInt(bare, 10) <= (stage?.index ?? -1);
      if (bare.includes(':') || isIndex) continue;
      if (isNamed(dockerfile, bare, stage) || isNamedContext(options, name)) continue;
      const meant = meantStage(dockerfile, bare, stage);
      const hint = meant === undefined ? 'an image is named with its tag' : `did you mean ${meant}?`;
      report({
        span,
        toolLine: instruction.line,
        message: `no stage before this one is called ${bare}; ${hint}`,
        ...(meant === undefined || bare !== name ? {} : { fix: fixTo(meant, span) }),
      });
    }
  },
};

/** The stage itself counts here; another rule speaks about that. */
function isNamed(dockerfile: Dockerfile, name: string, stage: Stage | undefined): boolean {
  const known = dockerfile.stages.slice(0, (stage?.index ?? -1) + 1);
  return known.some((candidate) => candidate.name?.toLowerCase() === name.toLowerCase());
}

function meantStage(dockerfile: Dockerfile, name: string, stage: Stage | undefined): string | undefined {
  const names = dockerfile.stages.slice(0, stage?.index ?? 0).flatMap((earlier) => earlier.name ?? []);
  return suggestion(name, names, 'case-sensitive');
}

/** A guess. */
function fixTo(name: string, span: Span): Fix {
  return { title: `Change to ${name}`, edits: [{ span, text: name }], changesPlan: true, needsReview: true };
}
