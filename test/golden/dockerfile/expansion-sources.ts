/**
 * Texts with variables in every form and combination, and the variables they are expanded with.
 * What BuildKit makes of each is recorded in expansions.json by `record-expansions.ts`.
 */

import { randomNumbers } from './random-numbers.ts';

export const VARIABLES: Readonly<Record<string, string>> = {
  A: 'one',
  E: '',
  P: '/usr/local/lib/a.tar.gz',
  S: 'x  y',
  U: 'a\\b',
  D: '$A',
};

/** The ENV lines that set them. */
export const VARIABLE_LINES = `ENV A=one
ENV E=""
ENV P=/usr/local/lib/a.tar.gz
ENV S="x  y"
ENV U=a\\\\b
ENV D=\\$A
`;

const PARTS: readonly string[] = [
  '$',
  '${',
  '}',
  'A',
  'E',
  'P',
  'S',
  'U',
  'D',
  'X',
  ':-',
  '-',
  ':+',
  '+',
  ':?',
  '?',
  '#',
  '%',
  '##',
  '%%',
  '/',
  '//',
  '*',
  '\\',
  '\\/',
  '\\*',
  '"',
  "'",
  ' ',
  'x',
  'a',
  '<',
  '<<',
  'é',
  '.',
  'l',
  '${A}',
  '${P',
  '${A:-',
  '${X:-',
  '$D',
  '1',
  '_',
  ']',
  '[',
  '^',
  '$1',
  '{',
  'b',
];

/** Sources that are one word or more but begin and end in a letter, so that a LABEL line holds them as they are. */
export function expansionSources(count: number, seed: number): string[] {
  const random = randomNumbers(seed);
  const sources = new Set<string>();
  while (sources.size < count) {
    let source = 'y';
    for (let nParts = 1 + random(9); nParts > 0; nParts -= 1) source += PARTS[random(PARTS.length)] ?? '';
    if (random(2) === 0) source += '}';
    if (source.includes('$')) sources.add(`${source}z`);
  }
  return [...sources];
}
