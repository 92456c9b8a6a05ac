/** InvalidDefaultArgInFrom: FROM that names no valid image unless build arguments are given. */

import { expand } from '../../dockerfile/expansion.ts';
import { parseReference } from '../../oci/reference.ts';
import { globalVariables } from '../evaluation.ts';
import type { Rule } from '../rule.ts';

export const InvalidDefaultArgInFrom: Rule = {
  id: 'InvalidDefaultArgInFrom',
  family: 'buildkit',
  severity: 'warning',
  message: 'Default value for global ARG results in an empty or invalid base image name',
  why: 'Whoever builds without the argument gets an error about an image name that stands nowhere in the file. Give the ARG a default.',
  examples: {
    bad: ['ARG VERSION\nFROM debian:${VERSION}'],
    good: ['ARG VERSION=12\nFROM debian:${VERSION}'],
  },
  check({ dockerfile }, report) {
    const globals = globalVariables(dockerfile);
    const { escape } = dockerfile;
    for (const { from } of dockerfile.stages) {
      if (from.image === undefined) continue;
      const { fault, text } = expand(from.image.text, { escape, lookup: (name) => globals.get(name) });
      if (fault !== undefined) return;
      if (isReference(text)) continue;
      const message = `Default value for ARG ${from.image.text} results in empty or invalid base image name`;
      report({ span: from.image.span, toolLine: from.line, message });
    }
  },
};

function isReference(text: string): boolean {
  try {
    parseReference(text);
    return true;
  } catch {
    return false;
  }
}
