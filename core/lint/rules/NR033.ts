/** NR033: a frontend that is not Docker's. */

import type { Rule } from '../rule.ts';

export const NR033: Rule = {
  id: 'NR033',
  family: 'naru',
  severity: 'warning',
  message: 'Naru does not use this frontend: it reads the file as docker/dockerfile:1 does',
  why: "The image in `# syntax=` is the program that BuildKit gives the file to. Naru fetches none and reads Dockerfiles itself, so what only another frontend knows is refused or means something else. Docker's own, `docker/dockerfile` and `docker/dockerfile-upstream`, from whatever registry, read as Naru does.",
  examples: {
    bad: ['# syntax=example/frontend:2\nFROM debian:12'],
    good: ['# syntax=docker/dockerfile:1\nFROM debian:12'],
  },
  check({ dockerfile }, report) {
    for (const { name, value, valueSpan } of dockerfile.directives) {
      // Docker: what stands behind a blank is left aside.
      const [image = ''] = value.trim().split(/\s/);
      if (name !== 'syntax' || image === '' || isDockers(image)) continue;
      report({ span: { start: valueSpan.start, end: valueSpan.start + image.length } });
    }
  },
};

function isDockers(image: string): boolean {
  return /(?:^|\/)docker\/dockerfile(?:-upstream)?(?:[:@].*)?$/.test(image);
}
