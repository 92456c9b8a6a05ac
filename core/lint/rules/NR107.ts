/** NR107: a base image that cannot exist. */

import { expand } from '../../dockerfile/expansion.ts';
import { isImageReference } from '../image-name.ts';
import { PLATFORM_ARGUMENTS } from '../platform-arguments.ts';
import { earlierStage } from '../stage-graph.ts';
import type { Rule } from '../rule.ts';

export const NR107: Rule = {
  id: 'NR107',
  family: 'naru',
  severity: 'error',
  message: 'this is not the name of an image',
  why: 'Names of images are lower case, with an optional tag and digest; upper case is for registries and tags only. A name that is empty or cannot be read ends the build.',
  examples: {
    bad: ['FROM Debian:12', 'FROM $BASE', 'FROM debian:12 AS build\nFROM Build'],
    good: ['FROM debian:12', 'ARG BASE\nFROM $BASE'],
  },
  aliases: ['InvalidDefaultArgInFrom'],
  check({ dockerfile }, report) {
    const declared = new Set(
      dockerfile.preamble.flatMap((found) =>
        found.name === 'ARG' ? found.variables.map(({ key }) => key.text) : [],
      ),
    );
    const { escape } = dockerfile;
    for (const stage of dockerfile.stages) {
      const { image } = stage.from;
      if (image === undefined) continue;
      let isCertain = true;
      const lookup = (name: string): string | undefined => {
        if (declared.has(name)) isCertain = false;
        return PLATFORM_ARGUMENTS.get(name);
      };
      const { fault, text } = expand(image.text, { escape, lookup });
      if (fault !== undefined || !isCertain || text === 'scratch') continue;
      if (isImageReference(text)) continue;
      const isStage = earlierStage(dockerfile, text, stage) !== undefined;
      // Docker: FROM finds a stage by its name in lower case alone (28.5.2, measured).
      if (isStage && text === text.toLowerCase()) continue;
      const lower = text.toLowerCase();
      const name =
        text === '' ? 'the name of the base image is empty' : `${text} is not the name of an image`;
      const isWritten = isStage && image.text === text;
      report({
        span: image.span,
        message: isStage ? `a stage is named in lower case here: ${lower}` : name,
        ...(isWritten
          ? { fix: { title: `Change to ${lower}`, edits: [{ span: image.span, text: lower }] } }
          : {}),
      });
    }
  },
};
