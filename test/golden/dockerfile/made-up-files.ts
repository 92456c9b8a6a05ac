/**
 * Dockerfiles of hostile shape, made of fragments that mean something to the reader.
 * Keywords are written in mixed case so that BuildKit's ConsistentInstructionCasing check names the line of each.
 */

import { randomNumbers } from './random-numbers.ts';

/** As many files as asked for, the same for the same seed. */
export function madeUpFiles(count: number, seed: number): string[] {
  const random = randomNumbers(seed);
  return Array.from({ length: count }, () => makeFile(random));
}

const HEADS = [
  '# escape=`\n',
  '# escape=\\\n',
  '# c\n',
  '\n',
  '\uFEFF',
  '#!/x\n',
  '# check=skip=A\n',
  '#\tcheck = skip=A \r\n',
];
const BREAKS = ['\n', '\n', '\n', '\r\n', '\n\n', '\n# c\n', '\n  # c \\\n'];
const JOINTS = [
  ' ',
  '  ',
  ' \\\n',
  '\\\n',
  ' \\ \t\n  ',
  ' \\\r\n',
  ' \\\n# c\n',
  ' \\\n\n',
  ' \\\n  # c\n\t',
  ' `\n',
  '\\\\',
  '\t',
  ' \\\\\n',
];
const KEYWORDS = [
  'rUN',
  'rUN a',
  'rUN',
  'rUN <<E',
  'cOPY a b',
  'cOPY <<E /a',
  'aDD a b',
  'eNV k=v',
  'eNV k v',
  'lABEL k=v',
  'aRG a',
  'uSER a',
  'wORKDIR /a',
  'vOLUME /a',
  'cMD',
  'eNTRYPOINT',
  'sHELL ["a"]',
  'hEALTHCHECK CMD a',
  'oNBUILD rUN',
  'oNBUILD cOPY a',
  'mAINTAINER a',
  'fROM scratch AS a',
  'fOO',
  'uSER',
];
const WORDS = [
  'a',
  'b=c',
  '"d e"',
  "'f g'",
  '$x',
  '${y:-z}',
  '80',
  '/p',
  '[]',
  '["h"]',
  '["i", "j"]',
  '["k", 1]',
  '--',
  '--link',
  '--chown=1',
  '--mount=type=cache,target=/c',
  '<<E',
  '<<-E',
  '3<<"E"',
  '<<<w',
  '$((1<<2))',
  '\\',
  '`',
  '"',
  "'",
  '#',
  '&&',
  'CMD',
  'NONE',
  '\\$q',
  'é',
  '\u00a0',
  '=',
  '--network=none',
  '"<<E"',
  '<<',
  '< <E',
];
const BODIES = ['', 'E\n', 'x\nE\n', 'x\n\tE\n', ' E\n', '# c\nE\n', 'x \\\nE\n', 'E\r\n'];

function makeFile(random: (below: number) => number): string {
  let text = random(3) === 0 ? pick(random, HEADS) : '';
  text += 'fROM scratch\n';
  for (let nInstructions = 1 + random(4); nInstructions > 0; nInstructions -= 1) {
    text += random(8) === 0 ? ' ' : '';
    text += pick(random, KEYWORDS);
    for (let nWords = random(4); nWords > 0; nWords -= 1) text += pick(random, JOINTS) + pick(random, WORDS);
    text += pick(random, BREAKS);
    if (random(4) === 0) text += pick(random, BODIES);
  }
  return text;
}

function pick(random: (below: number) => number, from: readonly string[]): string {
  return from[random(from.length)] ?? '';
}
