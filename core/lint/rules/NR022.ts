/** NR022: files are taken from an image that changes. */

import { imageName } from '../image-name.ts';
import { isNamedContext } from '../named-context.ts';
import { references } from '../references.ts';
import type { Rule } from '../rule.ts';

export const NR022: Rule = {
  id: 'NR022',
  family: 'naru',
  severity: 'warning',
  message: 'name a version of the image that is copied from',
  why: 'What `latest` means changes from day to day, so the same Dockerfile gives different images. This holds for COPY --from and mounts as for FROM.',
  examples: {
    bad: ['FROM debian:12\nCOPY --from=busybox:latest /bin/busybox /bin/'],
    good: ['FROM debian:12\nCOPY --from=busybox:1.36 /bin/busybox /bin/'],
  },
  check({ once, options }, report) {
    for (const { instruction, name, span } of once(references)) {
      if (instruction.name === 'FROM' || !name.includes(':latest')) continue;
      if (isNamedContext(options, name)) continue;
      const { digest, tag } = imageName(name);
      if (tag === 'latest' && digest === undefined) report({ span });
    }
  },
};
