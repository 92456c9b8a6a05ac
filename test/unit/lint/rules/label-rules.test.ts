/** hadolint's rules about labels: keys, the schema of a project, and what values look like. */

import assert from 'node:assert/strict';

import {
  isEmail,
  isGitHash,
  isRfc3339,
  isSemanticVersion,
  isSpdxExpression,
  isUrl,
} from '../../../../core/lint/label-values.ts';
import type { LabelType, LintOptions } from '../../../../core/lint/rule.ts';
import { checkTable, findingsOf, type RuleTable } from './marked.ts';

const TABLES: readonly RuleTable[] = [
  {
    id: 'DL3048',
    cases: [
      'FROM a:1\nLABEL com.example.vendor=a',
      'FROM a:1\nLABEL «Vendor»=a',
      'FROM a:1\nLABEL «1vendor»=a',
      'FROM a:1\nLABEL «vendor-»=a',
      'FROM a:1\nLABEL «com..vendor»=a',
      'FROM a:1\nLABEL «com--vendor»=a',
      'FROM a:1\nLABEL «com.docker.x»=a «io.docker.x»=b «org.dockerproject.x»=c',
      'FROM a:1\nLABEL com.dockers.x=a',
      'FROM a:1\nLABEL "vendor"=a',
      'FROM a:1\nLABEL «"Vendor"»=a',
      'FROM a:1\nLABEL «ven$dor»=a',
      'FROM a:1\nLABEL a/b_c.d-e1=x',
    ],
  },
  {
    id: 'DL3049',
    options: schema({ vendor: 'text' }),
    cases: [
      'FROM «a:1»',
      'FROM a:1\nLABEL vendor=x',
      'FROM «a:1»\nLABEL other=x',
      'FROM a:1\nLABEL "vendor"=x',
      'FROM a:1 AS b\nLABEL vendor=x\nFROM b',
      'FROM a:1 AS b\nFROM c:1\nCOPY --from=b /a /b\nLABEL vendor=x',
      'FROM a:1 AS b\nFROM c:1\nCOPY --from=0 /a /b\nLABEL vendor=x',
      'FROM «a:1» AS b\nFROM c:1\nLABEL vendor=x',
      'FROM a:1 AS b\nFROM b\nLABEL vendor=x',
      'FROM «a:1» AS b\nFROM «b»',
      'FROM a:1 AS a\nFROM a AS b\nFROM b\nLABEL vendor=x',
      'FROM a:1 AS base\nFROM base AS build\nFROM c:1\nCOPY --from=build /a /b\nLABEL vendor=x',
      'FROM a:1 AS b\nFROM «b»\nFROM b\nLABEL vendor=x',
      'FROM a:1\nLABEL a=b vendor=x',
    ],
  },
  {
    id: 'DL3050',
    options: { ...schema({ vendor: 'text' }), strictLabels: true },
    cases: [
      'FROM a:1\nLABEL vendor=x',
      'FROM a:1\nLABEL «other»=x',
      'FROM a:1\nLABEL vendor=x «other»=y',
      'FROM a:1\nLABEL «Vendor»=x',
      'FROM a:1\nLABEL "vendor"=x',
      'FROM a:1\nENV other=x',
      'FROM a:1\nLABEL «other» x',
      'FROM a:1\nLABEL «a»=1 \\\n  «b»=2',
    ],
  },
  { id: 'DL3050', options: schema({ vendor: 'text' }), cases: ['FROM a:1\nLABEL other=x'] },
  {
    id: 'DL3051',
    options: schema({ vendor: 'text' }),
    cases: [
      'FROM a:1\nLABEL «vendor»=""',
      'FROM a:1\nLABEL «vendor»=',
      "FROM a:1\nLABEL «vendor»=''",
      'FROM a:1\nLABEL vendor=x',
      'FROM a:1\nLABEL other=""',
      'FROM a:1\nLABEL vendor=" "',
      'FROM a:1\nLABEL vendor=$V',
      'FROM a:1\nLABEL a=b «vendor»=""',
    ],
  },
];

const VALUES: readonly {
  readonly id: string;
  readonly type: LabelType;
  readonly isValid: (text: string) => boolean;
  readonly good: readonly string[];
  readonly bad: readonly string[];
}[] = [
  {
    id: 'DL3052',
    type: 'url',
    isValid: isUrl,
    good: ['https://example.com', 'http://a.b/c?d=e#f', 'mailto:a@b.c', 'urn:isbn:1', 'ftp://x/%20'],
    bad: ['example.com', 'www.example.com/x', 'not a url', '//example.com', 'http://a b', 'http://a/%zz'],
  },
  {
    id: 'DL3053',
    type: 'rfc3339',
    isValid: isRfc3339,
    good: [
      '2026-01-02T03:04:05Z',
      '2026-01-02T03:04:05.678+09:00',
      '2024-02-29t00:00:00z',
      '2026-12-31 23:59:60Z',
    ],
    bad: [
      '2026-01-02',
      '2026-01-02T03:04:05',
      '2025-02-29T00:00:00Z',
      '2026-13-01T00:00:00Z',
      'now',
      '2026-01-02T24:00:00Z',
      '2026-01-02T03:04:05+24:00',
    ],
  },
  {
    id: 'DL3054',
    type: 'spdx',
    isValid: isSpdxExpression,
    good: [
      'MIT',
      'Apache-2.0',
      'MIT OR Apache-2.0',
      '(MIT AND BSD-3-Clause) OR GPL-2.0-only WITH Classpath-exception-2.0',
      'GPL-2.0+',
      'LicenseRef-ours',
    ],
    bad: ['', 'mine', 'MIT OR', 'OR MIT', 'MIT MIT', '(MIT', 'MIT)', '()', 'Apache 2.0'],
  },
  {
    id: 'DL3055',
    type: 'hash',
    isValid: isGitHash,
    good: ['0123456', '0123456789abcdef0123456789abcdef01234567', 'abcdefa'],
    bad: ['', 'main', '012345', '01234567', 'ABCDEFA', '0123456789abcdef0123456789abcdef0123456g'],
  },
  {
    id: 'DL3056',
    type: 'semver',
    isValid: isSemanticVersion,
    good: ['1.0.0', '0.0.0', '1.2.3-rc.1', '1.2.3-rc1+build.5', '10.20.30+x', '1.0.0-0a'],
    bad: ['1.0', 'v1.0.0', '01.0.0', '1.0.0-', '1.0.0-01', '1.0.0-a..b', '1.0.0+', 'latest'],
  },
  {
    id: 'DL3058',
    type: 'email',
    isValid: isEmail,
    good: [
      'a@example.com',
      'a.b+c@example.co.kr',
      '"a b"@example.com',
      'a@[127.0.0.1]',
      "o'neil@example.com",
    ],
    bad: [
      'a',
      'a@',
      '@example.com',
      'a b@example.com',
      'a@-example.com',
      'a..b@example.com',
      'a@example..com',
    ],
  },
];

describe('rules about labels', () => {
  for (const table of TABLES) {
    it(`${table.id}: ${table.cases.length} files`, () => {
      checkTable(table);
    });
  }
  for (const { bad, good, id, isValid, type } of VALUES) {
    it(`${id}: tells ${good.length} good from ${bad.length} bad values`, () => {
      assert.deepEqual(
        good.filter((text) => !isValid(text)),
        [],
      );
      assert.deepEqual(bad.filter(isValid), []);
    });
    it(`${id}: marks the value of a label of that type and no other`, () => {
      const options = schema({ label: type, other: 'text' });
      const file = (value: string): string => `FROM a:1\nLABEL label='${value}' other=x\n`;
      const spoken = bad.filter((text) => findingsOf(id, file(text), options).length !== 1);
      assert.deepEqual(spoken, []);
      assert.deepEqual(findingsOf(id, 'FROM a:1\nLABEL label=$V', options), []);
      assert.deepEqual(findingsOf(id, `FROM a:1\nLABEL other='${bad.at(-1)}'`, options), []);
      assert.deepEqual(findingsOf(id, `FROM a:1\nLABEL label='${bad.at(-1)}'`), []);
    });
  }
});

function schema(labels: Readonly<Record<string, LabelType>>): Partial<LintOptions> {
  return { labelSchema: new Map(Object.entries(labels)) };
}
