/** Our own rules: where they speak, to the character, and where they keep quiet. */

import { RULES } from '../../../core/lint/rules/index.ts';
import { checkRule } from './check-rule.ts';
import { OWN_CASES } from './own-cases.ts';

describe('own rules', () => {
  for (const [id, cases] of Object.entries(OWN_CASES)) {
    for (const [at, marked] of cases.entries()) {
      it(`${id} ${at + 1}: ${marked.slice(0, 60).replaceAll('\n', ' ⏎ ')}`, () => {
        checkRule(id, marked);
      });
    }
  }

  it('have six cases each', () => {
    const few = RULES.filter(({ family, id }) => family === 'naru' && (OWN_CASES[id] ?? []).length < 6);
    const withOptions = new Set(['NR013']);
    const missing = few.map(({ id }) => id).filter((id) => !withOptions.has(id));
    if (missing.length > 0) throw new Error(`too few cases: ${missing.join(' ')}`);
  });
});

describe('NR013', () => {
  const NODE = 'FROM node:22\n';
  const CASES: readonly (readonly [ignore: string | undefined, marked: string])[] = [
    ['dist\n', `${NODE}COPY «.» /app`],
    ['.git\n', `${NODE}COPY . /app`],
    ['.git\n', `${NODE}COPY «./» /app\nRUN npm ci`],
    ['.git\nnode_modules\n', `${NODE}COPY . /app\nRUN npm ci`],
    ['**\n!src\n', `${NODE}COPY . /app`],
    [undefined, `${NODE}COPY . /app`],
    ['dist\n', `${NODE}COPY . /app\nRUN git describe > version`],
    ['dist\n', `${NODE}COPY --from=build . /app`],
    ['dist\n', `${NODE}COPY src /app`],
  ];
  for (const [dockerignore, marked] of CASES) {
    it(`${JSON.stringify(dockerignore)}: ${marked.replaceAll('\n', ' ⏎ ')}`, () => {
      checkRule('NR013', marked, dockerignore === undefined ? {} : { dockerignore });
    });
  }
});
