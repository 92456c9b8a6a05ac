/** Comments and configuration that silence rules or change their severity. */

import assert from 'node:assert/strict';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import {
  lintConfigFromEnvironment,
  lintOptionsOf,
  mergeLintConfigs,
  NO_LINT_CONFIG,
  readLintConfig,
} from '../../../core/lint/config.ts';
import { lintDockerfile, type RuleSet } from '../../../core/lint/run.ts';

const CD = 'RUN cd /tmp && make';

/** `3:DL3003` for each finding of the rules under test. */
function found(text: string, ruleSet: RuleSet, config = ''): readonly string[] {
  const options = lintOptionsOf(readLintConfig(config).value);
  return lintDockerfile(readDockerfile(text).value, ruleSet, options)
    .filter(({ ruleId }) => /^DL(?:3003|3004|3006|1001|3057)$|^NR112$/.test(ruleId))
    .map(({ line, ruleId }) => `${line + 1}:${ruleId}`);
}

const HADOLINT: readonly (readonly [name: string, text: string, expected: readonly string[]])[] = [
  ['ignore speaks for the next line', `FROM a:1\n# hadolint ignore=DL3003\n${CD}\n${CD}`, ['4:DL3003']],
  ['ignore takes several ids', `FROM a:1\n# hadolint ignore=DL3004, DL3003\nRUN cd / && sudo ls`, []],
  ['a reason may follow', `FROM a:1\n# hadolint ignore=DL3003 # we like it\n${CD}`, []],
  ['an empty line lies between', `FROM a:1\n# hadolint ignore=DL3003\n\n${CD}`, ['4:DL3003']],
  ['a foreign id voids the comment', `FROM a:1\n# hadolint ignore=DL3003,foo\n${CD}`, ['3:DL3003']],
  ['an id in lower case voids it too', `FROM a:1\n# hadolint ignore=dl3003\n${CD}`, ['3:DL3003']],
  ['global ignore stands anywhere', `FROM a:1\n${CD}\n# hadolint global ignore=DL3003`, []],
  [
    'stage ignore ends with the stage',
    `# hadolint stage ignore=DL3003\nFROM a:1\n${CD}\nFROM b:1\n${CD}`,
    ['5:DL3003'],
  ],
  [
    'a comment inside an instruction is none',
    `FROM a:1\nRUN \\\n# hadolint ignore=DL3003\n cd /`,
    ['2:DL3003'],
  ],
];

describe('comments that silence', () => {
  for (const [name, text, expected] of HADOLINT) {
    it(`hadolint: ${name}`, () => assert.deepEqual(found(text, 'hadolint'), expected));
  }

  it('a FROM is part of its stage, but not to hadolint', () => {
    const text = 'FROM a:1\n# hadolint stage ignore=DL3006\nFROM b\nFROM c\n';
    assert.deepEqual(
      found(text, 'naru').filter((one) => one.endsWith('DL3006')),
      ['4:DL3006'],
    );
    // What is above a FROM holds up to the one behind it.
    assert.deepEqual(found(text, 'hadolint'), ['3:DL3006']);
  });

  it('naru reads the whole comment block above an instruction', () => {
    assert.deepEqual(found(`FROM a:1\n# hadolint ignore=DL3003\n# why\n\n${CD}`, 'naru'), []);
  });

  it('naru has a comment of its own, which takes any id', () => {
    assert.deepEqual(found(`FROM a:1\n# naru ignore=DL3003,NR005\n${CD}`, 'naru'), []);
  });

  it('naru tells of ids that nobody has, and of comments that have no effect', () => {
    assert.deepEqual(found('FROM a:1\n# hadolint ignore=DL9999\nRUN true', 'naru'), ['2:NR112']);
    assert.deepEqual(found('FROM a:1\n# hadolint ignore=NR005\nRUN true', 'naru'), ['2:NR112']);
    assert.deepEqual(found('FROM a:1\n# hadolint ignore=SC2086\nRUN true', 'naru'), []);
  });

  it('is off when the configuration says so', () => {
    const text = `FROM a:1\n# hadolint ignore=DL3003\n${CD}`;
    assert.deepEqual(found(text, 'hadolint', 'disable-ignore-pragma: true'), ['3:DL3003']);
  });
});

describe('.hadolint.yaml', () => {
  it('leaves rules out, switches rules on, changes severities', () => {
    const config = 'ignored: [DL3003]\noverride:\n  error: [DL1001]\n  style: [DL3057, DL1001]\n';
    assert.deepEqual(found(`FROM a:1\n# hadolint ignore=DL3004\n${CD}`, 'hadolint', config), [
      '1:DL3057',
      '2:DL1001',
    ]);
    const options = lintOptionsOf(readLintConfig(config).value);
    assert.equal(options.severities?.get('DL1001'), 'error');
  });

  it('has all of hadolint’s keys', () => {
    const text = [
      'failure-threshold: warning',
      'format: json',
      'no-fail: true',
      'no-color: true',
      'strict-labels: true',
      'disable-ignore-pragma: true',
      'trustedRegistries: [docker.io]',
      'label-schema:',
      '  author: text',
      '  url: url',
    ].join('\n');
    assert.deepEqual(readLintConfig(text), {
      value: {
        ignored: [],
        overrides: { error: [], warning: [], info: [], style: [] },
        trustedRegistries: ['docker.io'],
        labelSchema: new Map([
          ['author', 'text'],
          ['url', 'url'],
        ]),
        faults: [],
        strictLabels: true,
        ignoresPragmas: true,
        noFail: true,
        noColor: true,
        failureThreshold: 'warning',
        formats: ['json'],
      },
      problems: [],
    });
  });

  for (const text of [
    'ignored: 7',
    'ignored: [1]',
    '- DL3003',
    'no-fail: maybe',
    'label-schema: {a: b}',
    'label-schema: [a]',
    'override: [DL3003]',
    'override: {error: DL3003}',
    'failure-threshold: sometimes',
    'failure-threshold: 3',
    'format: [json]',
    'format: yaml',
    '{',
  ]) {
    it(`refuses ${text}`, () => assert.equal(readLintConfig(text).problems.length, 1));
  }

  it('says which severities there are', () => {
    assert.deepEqual(
      readLintConfig('failure-threshold: sometimes').problems.map(({ message }) => message),
      ['failure-threshold must be one of style, info, warning, error, ignore, none'],
    );
  });

  for (const [given, read] of [
    ['ignore', 'none'],
    ['none', 'none'],
    ['style', 'style'],
  ]) {
    it(`takes the threshold ${given} for ${read}`, () => {
      const { problems, value } = readLintConfig(`failure-threshold: ${given}`);
      assert.deepEqual([value.failureThreshold, problems], [read, []]);
    });
  }

  it('takes keys without a value for absent', () => {
    assert.deepEqual(readLintConfig('ignored:\noverride:\nlabel-schema:\nfailure-threshold:\nformat:\n'), {
      value: NO_LINT_CONFIG,
      problems: [],
    });
  });

  it('has twins in the environment; lists add up, later values win', () => {
    const env = lintConfigFromEnvironment({
      HADOLINT_IGNORE: 'DL3003,DL3004',
      HADOLINT_OVERRIDE_INFO: 'DL3000',
      HADOLINT_FAILURE_THRESHOLD: 'error',
      HADOLINT_NOFAIL: 'Yes',
      HADOLINT_REQUIRE_LABELS: 'a:url,b',
    });
    const file = readLintConfig('ignored: [DL3000]\nfailure-threshold: info').value;
    const merged = mergeLintConfigs([env, file]);
    assert.deepEqual(merged.ignored, ['DL3003', 'DL3004', 'DL3000']);
    assert.equal(merged.failureThreshold, 'info');
    assert.equal(merged.noFail, true);
    assert.deepEqual([...merged.labelSchema.values()], ['url', 'text']);
  });
});

describe('the environment', () => {
  /** hadolint passes over them without a word. */
  it('tells what makes no sense, and goes on without it', () => {
    const { failureThreshold, formats, labelSchema, faults } = lintConfigFromEnvironment({
      HADOLINT_FAILURE_THRESHOLD: 'nonsense',
      HADOLINT_FORMAT: 'yaml',
      HADOLINT_REQUIRE_LABELS: 'a:bad,b:url',
    });
    assert.deepEqual([failureThreshold, formats, [...labelSchema]], [undefined, undefined, [['b', 'url']]]);
    assert.deepEqual(faults, [
      'HADOLINT_REQUIRE_LABELS: the type of a must be one of text, url, rfc3339, spdx, hash, semver, email',
      'HADOLINT_FAILURE_THRESHOLD must be one of style, info, warning, error, ignore, none',
      'HADOLINT_FORMAT must be one of tty, json, sarif, checkstyle, codacy, codeclimate, gitlab_codeclimate, gnu, junit, sonarqube, github',
    ]);
  });

  it('says nothing where a variable is empty', () => {
    const names = ['FAILURE_THRESHOLD', 'FORMAT', 'REQUIRE_LABELS', 'IGNORE', 'TRUSTED_REGISTRIES'];
    const env = Object.fromEntries(names.map((name) => [`HADOLINT_${name}`, '']));
    assert.deepEqual(lintConfigFromEnvironment(env), NO_LINT_CONFIG);
  });
});

describe('a configuration that is no YAML', () => {
  it('is told in one line, with the place', () => {
    const { problems } = readLintConfig('ignored: [\n  - x\n a: b: c\n');
    assert.deepEqual(
      problems.map(({ message, span }) => [message, span.start]),
      [['Implicit keys need to be on a single line', 'ignored: [\n  - '.length]],
    );
  });
});

describe("the labels of hadolint's schema", () => {
  it('are told each on its own', () => {
    const text = 'FROM a:1\nLABEL a="" b=""\n';
    const options = lintOptionsOf(readLintConfig('label-schema: {a: text, b: text, c: text, d: text}').value);
    const told = lintDockerfile(readDockerfile(text).value, 'hadolint', options);
    assert.deepEqual(
      told.map(({ line, message, ruleId }) => `${line + 1} ${ruleId} ${message}`),
      [
        '1 DL3049 the label `c` is missing',
        '1 DL3049 the label `d` is missing',
        '2 DL3051 the label `a` is empty',
        '2 DL3051 the label `b` is empty',
      ],
    );
  });
});

describe('what NR112 says', () => {
  const SAID: readonly (readonly [comment: string, message: string | undefined])[] = [
    [
      'hadolint ignore=DL3006,',
      'hadolint reads no such list: write one comma between two ids, and none at the end',
    ],
    [
      'hadolint ignore=DL3006 DL3007',
      'hadolint reads no such list: write one comma between two ids, and none at the end',
    ],
    [
      'hadolint ignore=NR005',
      'hadolint reads only lists of its own rules here: write `# naru ignore=` for others',
    ],
    ['naru ignore=', 'this comment names no rule: write the ids behind the =, with commas between them'],
    ['naru ignore=E_MOUNT', 'no comment silences E_MOUNT'],
    ['naru ignore=NR999', 'no rule is called NR999'],
    ['naru ignore=NR005', undefined],
    [
      'hadolint: ignore=DL3006',
      'nobody reads this comment: write `# hadolint ignore=` and the ids behind it',
    ],
  ];
  for (const [comment, message] of SAID) {
    it(`of # ${comment}: ${message ?? 'nothing'}`, () => {
      const found = lintDockerfile(readDockerfile(`FROM a:1\n# ${comment}\nRUN true\n`).value);
      assert.equal(found.find(({ ruleId }) => ruleId === 'NR112')?.message, message);
    });
  }
});
