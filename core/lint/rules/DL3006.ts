/** DL3006: FROM without a tag or a digest. */

import { defaultExpansion } from '../default-arguments.ts';
import { imageName, isImageReference } from '../image-name.ts';
import { isNamedContext } from '../named-context.ts';
import { unquoted } from '../quotes.ts';
import { parentStages } from '../stage-graph.ts';
import type { Rule } from '../rule.ts';

export const DL3006: Rule = {
  id: 'DL3006',
  family: 'hadolint',
  severity: 'warning',
  message: 'give the image a tag or a digest',
  why: 'Without a tag the image is `latest` of the day, so that two builds of one file give different images. Name a version, or a digest to be certain.',
  examples: {
    bad: ['FROM debian'],
    good: ['FROM debian:12', 'FROM debian:12 AS build\nFROM build', 'ARG BASE=debian:12\nFROM ${BASE}'],
  },
  check({ dockerfile, once, options }, report) {
    const parents = once(parentStages);
    const expandDefaults = defaultExpansion(dockerfile);
    for (const stage of dockerfile.stages) {
      const { image: word } = stage.from;
      if (word === undefined || parents.has(stage)) continue;
      const written = unquoted(word.text);
      // A variable in front may hold the tag as well; nobody but the caller of the build knows.
      if (written.startsWith('$') || written.toLowerCase() === 'scratch') continue;
      const image = expandDefaults(written);
      if (isNamedContext(options, image)) continue;
      const { tag, digest } = imageName(image);
      // Of what is no name at all NR107 speaks.
      const only = isImageReference(image) || image.includes('$') ? {} : ({ only: 'tool' } as const);
      if (tag === undefined && digest === undefined) report({ span: word.span, ...only });
    }
  },
};
