/** Every output format on the same two findings. */

import assert from 'node:assert/strict';

import { FORMATS } from '../../../core/lint/formats/index.ts';
import { FORMAT_NAMES, type FormatName } from '../../../core/lint/formats/names.ts';
import type { Reported } from '../../../core/lint/formats/reported.ts';
import { RULES } from '../../../core/lint/rules/index.ts';
import { formatColoured } from '../../../core/lint/formats/tty.ts';

const REPORTED: readonly Reported[] = [
  {
    file: 'a/Dockerfile',
    line: 2,
    column: 5,
    endLine: 2,
    endColumn: 9,
    level: 'error',
    code: 'DL3004',
    message: 'no "sudo" <here> & there',
  },
  {
    file: 'b, c',
    line: 1,
    column: 1,
    endLine: 1,
    endColumn: 1,
    level: 'style',
    code: 'DL3048',
    message: '100%\nsure',
  },
];

function formatted(name: FormatName, reported: readonly Reported[] = REPORTED): string {
  return FORMATS[name](reported);
}

describe('output formats', () => {
  it('tty: a line each', () => {
    assert.equal(
      formatted('tty'),
      'a/Dockerfile:2:5 error DL3004 no "sudo" <here> & there\nb, c:1:1 style DL3048 100%\nsure\n',
    );
  });

  it('tty: the severity in its colour', () => {
    const lines = formatted('tty')
      .replace(' error ', ' \u001B[31merror\u001B[0m ')
      .replace(' style ', ' \u001B[35mstyle\u001B[0m ');
    assert.equal(formatColoured(REPORTED), lines);
  });

  it('tty and gnu: control characters of the file are shown, not sent', () => {
    const reported = REPORTED.slice(0, 1).map((item) => ({ ...item, message: 'a\u001B[2J\u0007\u009B b' }));
    for (const name of ['tty', 'gnu'] as const)
      assert.match(formatted(name, reported), /a\\x1b\[2J\\x07\\x9b b/);
  });

  it('gnu: the error format of the GNU coding standards', () => {
    assert.equal(
      formatted('gnu').split('\n')[0],
      'naru:a/Dockerfile:2:5: error: no "sudo" <here> & there [DL3004]',
    );
  });

  it('json: one array, hadolint’s keys and the end of the range', () => {
    assert.deepEqual(JSON.parse(formatted('json')), REPORTED);
    assert.equal(formatted('json', []), '[]\n');
  });

  it('checkstyle and junit: XML with what XML needs escaped', () => {
    for (const name of ['checkstyle', 'junit'] as const) {
      const xml = formatted(name);
      assert.match(xml, /&quot;sudo&quot; &lt;here&gt; &amp; there/);
      assert.doesNotMatch(xml, /<here>/);
    }
    assert.match(
      formatted('checkstyle'),
      /<file name=['"]a\/Dockerfile['"]><error line=['"]2['"] column=['"]5['"]/,
    );
    assert.match(formatted('junit'), /failures=['"]2['"]/);
  });

  it('sarif: rules once, results with regions', () => {
    const text = formatted('sarif', [...REPORTED, ...REPORTED]);
    const codes = [...text.matchAll(/"ruleId":"(\w+)","ruleIndex":(\d)/g)].map(
      ([, id, index]) => `${id}${index}`,
    );
    assert.deepEqual(codes, ['DL30040', 'DL30481', 'DL30040', 'DL30481']);
    assert.match(text, /"startLine":2,"startColumn":5,"endLine":2,"endColumn":9/);
    assert.match(text, /"level":"error"/);
    assert.match(text, /b,%20c/);
  });

  it('sarif: of each rule what code scanning shows', () => {
    const rulesOf = (reported: readonly Reported[]): readonly unknown[] => {
      const log = JSON.parse(formatted('sarif', reported)) as Sarif; // our own format
      return log.runs[0].tool.driver.rules;
    };
    const [item] = REPORTED;
    assert.ok(item !== undefined);
    for (const rule of RULES) {
      const { family, id, message, why } = rule;
      const [found] = rulesOf([{ ...item, code: id, level: 'info' }]) as Descriptor[];
      assert.deepEqual(
        [found?.id, found?.shortDescription.text, found?.fullDescription.text],
        [id, message, why],
      );
      assert.deepEqual(found?.properties, {
        tags: ['dockerfile', family],
        'problem.severity': 'recommendation',
      });
      const level = rule.naruSeverity ?? rule.severity;
      const wanted = level === 'error' || level === 'warning' ? level : 'note';
      assert.deepEqual(found?.defaultConfiguration, level === 'off' ? { enabled: false } : { level: wanted });
      if (family !== 'naru') assert.ok(URL.canParse(found?.helpUri ?? ''), id);
    }
    const other = { ...item, code: 'SC9999', message: 'one' };
    const [foreign] = rulesOf([other, { ...other, message: 'two' }]) as Descriptor[];
    assert.deepEqual(
      [foreign?.shortDescription.text, foreign?.helpUri, foreign?.properties.tags],
      ['one', 'https://www.shellcheck.net/wiki/SC9999', ['dockerfile', 'shellcheck']],
    );
  });

  it('codeclimate: objects that end with NUL; gitlab_codeclimate: one array; fingerprints differ', () => {
    const objects = formatted('codeclimate').split('\u0000');
    assert.equal(objects.length, 3);
    const array: unknown = JSON.parse(formatted('gitlab_codeclimate'));
    assert.deepEqual(
      array,
      objects.slice(0, 2).map((text): unknown => JSON.parse(text)),
    );
    const prints = [...formatted('gitlab_codeclimate').matchAll(/"fingerprint":"(\w+)"/g)].map(
      ([, print]) => print,
    );
    assert.equal(new Set(prints).size, 2);
  });

  it('codacy: an object on each line', () => {
    const lines = formatted('codacy').trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line): unknown => JSON.parse(line)),
      [
        { filename: 'a/Dockerfile', patternId: 'DL3004', message: 'no "sudo" <here> & there', line: 2 },
        { filename: 'b, c', patternId: 'DL3048', message: '100%\nsure', line: 1 },
      ],
    );
    assert.equal(formatted('codacy', []), '');
  });

  it('sonarqube: columns from 0, no range where there is none', () => {
    const text = formatted('sonarqube');
    assert.match(text, /"textRange":\{"startLine":2,"endLine":2,"startColumn":4,"endColumn":8\}/);
    assert.match(text, /"textRange":\{"startLine":1\}/);
  });

  it('github: workflow commands with what they need escaped', () => {
    assert.equal(
      formatted('github'),
      '::error file=a/Dockerfile,line=2,col=5,endLine=2,endColumn=9,title=DL3004::no "sudo" <here> & there\n' +
        '::notice file=b%2C c,line=1,col=1,endLine=1,endColumn=1,title=DL3048::100%25%0Asure\n',
    );
  });

  it('prints nothing wrong without findings', () => {
    for (const name of FORMAT_NAMES) assert.doesNotThrow(() => formatted(name, []));
  });
});

interface Sarif {
  readonly runs: readonly [{ readonly tool: { readonly driver: { readonly rules: readonly unknown[] } } }];
}

interface Descriptor {
  readonly id: string;
  readonly shortDescription: { readonly text: string };
  readonly fullDescription: { readonly text: string };
  readonly defaultConfiguration: unknown;
  readonly helpUri?: string;
  readonly properties: { readonly tags: readonly string[] };
}
