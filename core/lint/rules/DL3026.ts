/** DL3026: an image from a registry that is not on the list of trusted ones. */

import { defaultExpansion } from '../default-arguments.ts';
import { type ImageName, imageName } from '../image-name.ts';
import { isNamedContext } from '../named-context.ts';
import { unquoted } from '../quotes.ts';
import { earlierStage } from '../stage-graph.ts';
import { references } from '../references.ts';
import type { Rule } from '../rule.ts';

export const DL3026: Rule = {
  id: 'DL3026',
  family: 'hadolint',
  severity: 'error',
  message: 'this registry is not among the trusted ones',
  why: 'Images run with whatever their registry served. A list of trusted registries keeps a typing mistake or a copied line from pulling a stranger.',
  configuredBy: ['trustedRegistries'],
  examples: {
    bad: ['FROM evil.example/debian:12'],
    good: ['FROM debian:12 AS build\nFROM build'],
  },
  check({ dockerfile, once, options }, report) {
    if (options.trustedRegistries.length === 0) return;
    const expandDefaults = defaultExpansion(dockerfile);
    for (const { instruction, name, span, stage } of once(references)) {
      if (earlierStage(dockerfile, name, stage) !== undefined || isNamedContext(options, name)) continue;
      const image = imageName(unquoted(expandDefaults(name)));
      if (image.name.toLowerCase() === 'scratch' || isTrusted(image, options.trustedRegistries)) continue;
      report({ span, toolLine: instruction.line });
    }
  },
};

/** A name without a registry is one of Docker Hub, which goes by two names. */
function isTrusted({ registry }: ImageName, trusted: readonly string[]): boolean {
  const names = registry === undefined ? ['docker.io', 'hub.docker.com'] : [registry];
  return trusted.some((pattern) => names.some((name) => matches(pattern, name)));
}

/** `*` alone, in front or at the end. */
function matches(pattern: string, registry: string): boolean {
  if (pattern.startsWith('*')) return registry.endsWith(pattern.slice(1));
  if (pattern.endsWith('*')) return registry.startsWith(pattern.slice(0, -1));
  return registry === pattern;
}
