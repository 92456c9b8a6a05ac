/** Where BuildKit's checks may speak, what they know of base images, and which of several families speaks. */

import assert from 'node:assert/strict';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { NO_CHECK_OPTIONS, readCheckOptions } from '../../../core/dockerfile/check-options.ts';
import { DEFAULT_LINT_OPTIONS, lintDockerfile, type RuleSet } from '../../../core/lint/run.ts';
import type { LintOptions } from '../../../core/lint/rule.ts';

describe('# check=', () => {
  it('is read as BuildKit reads it', () => {
    const skip = (...names: string[]) => ({ ...NO_CHECK_OPTIONS, skip: new Set(names) });
    const GOOD: readonly (readonly [string, typeof NO_CHECK_OPTIONS])[] = [
      ['', NO_CHECK_OPTIONS],
      ['skip=A,B', skip('A', 'B')],
      [' skip = A , B ', skip('A', 'B')],
      ['skip=', skip('')],
      ['skip=all', { ...NO_CHECK_OPTIONS, skip: 'all' }],
      ['skip=A;error=true', { ...skip('A'), isError: true }],
      ['error=F;experimental=all', { ...NO_CHECK_OPTIONS, experimental: 'all' }],
      ['experimental=A', { ...NO_CHECK_OPTIONS, experimental: new Set(['A']) }],
      ['skip=A;skip=B', skip('B')],
      ['error=1;error=0;experimental=A;x=y', { ...NO_CHECK_OPTIONS, experimental: new Set(['A;x=y']) }],
    ];
    for (const [text, options] of GOOD) assert.deepEqual(readCheckOptions(text), { options }, text);
    // Recorded from dockerd 28.5.2.
    const BAD: readonly (readonly [string, string])[] = [
      ['skip', 'invalid check option "skip"'],
      ['foo=bar', 'invalid check option "foo"'],
      ['skip=A;', 'invalid check option ""'],
      ['Skip=A', 'invalid check option "Skip"'],
      [
        'error=yes',
        'failed to parse check option "error=yes": strconv.ParseBool: parsing "yes": invalid syntax',
      ],
      ['error=', 'failed to parse check option "error=": strconv.ParseBool: parsing "": invalid syntax'],
    ];
    for (const [text, fault] of BAD) {
      assert.deepEqual(readCheckOptions(text), { options: NO_CHECK_OPTIONS, fault }, text);
      const { problems } = readDockerfile(`# check=${text}\nFROM scratch\n`);
      assert.deepEqual(
        problems.map(({ code, message }) => `${code} ${message}`),
        [`E_CHECK_OPTIONS failed to parse check options: ${fault}`],
      );
    }
  });

  /** Lines on which a check speaks, 1-based. */
  const FILES: readonly (readonly [string, readonly string[]])[] = [
    ['FROM scratch\n# check=skip=JSONArgsRecommended\nCMD a\n', []],
    ['FROM scratch\n# check=skip=Other\nCMD a\n', ['3 JSONArgsRecommended']],
    ['FROM scratch\n# check=skip=all\nCMD a\nENTRYPOINT b\n', ['4 JSONArgsRecommended']],
    ['FROM scratch\n# note\n# check=skip=JSONArgsRecommended # why\n# note\nCMD a\n', []],
    ['FROM scratch\n# check = skip=JSONArgsRecommended\nCMD a\n', []],
    ['# a\n# check=skip=FromAsCasing\nFROM scratch as b\n', []],
    ['FROM scratch\n# check=skip=ConsistentInstructionCasing\nrun true\n', ['3 ConsistentInstructionCasing']],
    ['FROM scratch AS a\n# check=skip=DuplicateStageName\nFROM scratch AS a\n', ['3 DuplicateStageName']],
    ['FROM scratch\nCMD ["a"]\n# check=skip=MultipleInstructionsDisallowed\nCMD ["b"]\n', []],
    [
      'FROM scratch\n# check=skip=MultipleInstructionsDisallowed\nCMD ["a"]\nCMD ["b"]\n',
      ['3 MultipleInstructionsDisallowed'],
    ],
    ['FROM scratch\n# check=experimental=all\n# x\nARG A\n', ['4 InvalidDefinitionDescription']],
    ['# check=nonsense\nFROM scratch as b\n', ['2 FromAsCasing']],
  ];
  it('counts above one instruction for that instruction', () => {
    for (const [text, wanted] of FILES) assert.deepEqual(spoken(text, 'buildkit'), wanted, text);
  });
});

describe('a check that is skipped', () => {
  const FILES: readonly (readonly [text: string, wanted: readonly string[]])[] = [
    ['# check=skip=JSONArgsRecommended\nFROM a:1\nCMD a\n', []],
    ['FROM a:1\n# check=skip=JSONArgsRecommended\nCMD a\n', []],
    ['FROM a:1\n# check=skip=JSONArgsRecommended\nCMD a\nENTRYPOINT b\n', ['4 JSONArgsRecommended']],
    ['# check=skip=SecretsUsedInArgOrEnv\nFROM a:1\nENV TOKEN=1\n', []],
    ['# check=skip=FromAsCasing\nFROM a:1\nENV TOKEN=1\n', ['3 SecretsUsedInArgOrEnv']],
  ];
  for (const [text, wanted] of FILES)
    it(`comes back under no other name: ${JSON.stringify(text)}`, () =>
      assert.deepEqual(
        spoken(text, 'naru').filter((found) => !/NR|DL3002/.test(found)),
        wanted,
      ));
});

describe('# check=error=true', () => {
  it('makes errors of what BuildKit finds, and of nothing else', () => {
    const text = (value: string): string => `# check=error=${value}\nFROM a:1 as b\nWORKDIR x\nCMD ["a"]\n`;
    const severities = (value: string) =>
      findings(text(value), 'all').map(({ ruleId, severity }) => `${ruleId} ${severity}`);
    assert.deepEqual(severities('true'), ['FromAsCasing error', 'DL3000 error', 'WorkdirRelativePath error']);
    assert.deepEqual(severities('false'), [
      'FromAsCasing warning',
      'DL3000 error',
      'WorkdirRelativePath warning',
    ]);
  });
});

describe('a level that the configuration gives', () => {
  const severityOf = (text: string, ruleId: string, severities: LintOptions['severities']) =>
    findings(text, 'naru', severities === undefined ? {} : { severities }).find(
      (finding) => finding.ruleId === ruleId,
    )?.severity;
  it('counts for a problem under any of its ids', () => {
    const text = 'FROM a:1\nCMD echo hi\n';
    assert.equal(severityOf(text, 'JSONArgsRecommended', new Map()), 'warning');
    assert.equal(severityOf(text, 'JSONArgsRecommended', new Map([['DL3025', 'error']])), 'error');
    assert.equal(severityOf(text, 'JSONArgsRecommended', new Map([['DL3025', 'info']])), 'info');
    const both = new Map([
      ['DL3025', 'info'],
      ['JSONArgsRecommended', 'style'],
    ] as const);
    assert.equal(severityOf(text, 'JSONArgsRecommended', both), 'style');
  });
  it('leaves what ends a build an error', () => {
    const text = 'FROM BusyBox\n';
    assert.equal(severityOf(text, 'NR107', new Map([['InvalidDefaultArgInFrom', 'info']])), 'error');
    assert.equal(severityOf(text, 'NR107', new Map([['NR107', 'info']])), 'info');
  });
});

describe('what the builder refuses', () => {
  it('is told beside a check that only warns of it', () => {
    assert.deepEqual(spoken('FROM BusyBox\n', 'buildkit'), ['1 InvalidDefaultArgInFrom', '1 NR107']);
    assert.deepEqual(spoken('FROM BusyBox\n', 'naru', {}, 'InvalidDefaultArgInFrom'), []);
  });
  it('is told where no check looks', () => {
    const text = 'FROM a:1 AS s\nCOPY --from=s /x /y\n';
    assert.deepEqual(spoken(text, 'buildkit'), ['2 DL3023']);
  });
  it('is no relative path', () => {
    assert.deepEqual(spoken('FROM a:1\nWORKDIR ${A\n', 'naru', {}, 'WorkdirRelativePath'), []);
  });
});

describe('base images', () => {
  const baseImages = new Map([
    ['jdk:21', { variables: new Map([['JAVA_HOME', '/jdk']]), platform: 'linux/arm64' }],
    ['localhost:5000/armonly:1', { variables: new Map(), platform: 'linux/arm64' }],
  ]);
  it('bring variables, when they are known', () => {
    const text = 'FROM jdk:21\nENV PATH=$JAVA_HOME/bin:$PATH A=$NOTHING\n';
    assert.deepEqual(spoken(text, 'naru', { baseImages }, 'UndefinedVar'), ['2 UndefinedVar']);
    assert.deepEqual(spoken(text, 'naru', {}, 'UndefinedVar'), []);
    assert.deepEqual(spoken(text, 'buildkit', {}, 'UndefinedVar'), ['2 UndefinedVar', '2 UndefinedVar']);
  });
  it('need not be known for what scratch lacks, for misspelt names, and for defaults', () => {
    assert.deepEqual(spoken('FROM scratch\nENV A=$B\n', 'naru'), ['2 UndefinedVar']);
    assert.deepEqual(spoken('FROM a:1\nENV NAME=x\nENV B=$NMAE\n', 'naru'), ['3 UndefinedVar']);
    assert.deepEqual(spoken('FROM scratch\nENV A=${B:-c} D=${E-f} G=${H:+i}\n', 'naru'), []);
  });
  it('need not be known for what is an ARG of another stage', () => {
    const text = 'FROM a:1 AS b\nARG PROJECT=x\nFROM a:1\nWORKDIR /apps/$PROJECT\n';
    assert.deepEqual(spoken(text, 'naru', {}, 'UndefinedVar'), ['4 UndefinedVar']);
    assert.deepEqual(spoken('FROM a:1\nENV A=$B\nARG B\n', 'naru', {}, 'UndefinedVar'), []);
  });
  // The texts were seen with dockerd 28.5.2 and a registry that serves an arm64 image.
  const PLATFORMS: readonly (readonly [string, readonly string[]])[] = [
    ['FROM localhost:5000/armonly:1\n', ['"linux/arm64", expected "linux/amd64"']],
    [
      'ARG P=linux/arm/v7\nFROM --platform=$P localhost:5000/armonly:1\n',
      ['"linux/arm64", expected "linux/arm/v7"'],
    ],
    [
      'FROM --platform=linux/x86_64 localhost:5000/armonly:1 AS amd64\n',
      ['"linux/arm64", expected "linux/amd64"'],
    ],
    ['FROM --platform=linux/arm64 localhost:5000/armonly:1 AS arm64\n', []],
    ['FROM --platform=linux/aarch64 localhost:5000/armonly:1 AS arm64\n', []],
    ['FROM --platform=nonsense localhost:5000/armonly:1\n', []],
    ['FROM other:1\n', []],
    ['FROM scratch\n', []],
  ];
  it('of another platform are reported, when they are known', () => {
    for (const [text, wanted] of PLATFORMS) {
      const found = findings(text, 'buildkit', { baseImages }).filter(
        ({ ruleId }) => ruleId === 'InvalidBaseImagePlatform',
      );
      const image = 'Base image localhost:5000/armonly:1 was pulled with platform';
      const messages = wanted.map((end) => `${image} ${end} for current build`);
      assert.deepEqual(
        found.map(({ message }) => message),
        messages,
        text,
      );
    }
  });
});

describe('one problem', () => {
  /** What `naru` says, and what `all` says of the same file. */
  const FILES: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['FROM a:1\nMAINTAINER me\n', ['2 MaintainerDeprecated'], ['2 DL4000', '2 MaintainerDeprecated']],
    ['FROM a:1 AS x\nFROM b:1 AS x\n', ['2 DuplicateStageName'], ['2 DL3024', '2 DuplicateStageName']],
    ['FROM a:1 AS context\n', ['1 ReservedStageName'], ['1 DL3063', '1 ReservedStageName']],
    ['FROM a:1\nWORKDIR x\n', ['2 WorkdirRelativePath'], ['2 DL3000', '2 WorkdirRelativePath']],
    ['FROM a:1\nWORKDIR /x\nWORKDIR y\n', [], ['3 DL3000']],
    ['FROM a:1\nCMD a b\n', ['2 JSONArgsRecommended'], ['2 DL3025', '2 JSONArgsRecommended']],
    ['FROM a:1\nHEALTHCHECK CMD a b\n', ['2 DL3025'], ['2 DL3025']],
    ['FROM a:1\nARG NPM_TOKEN\n', ['2 SecretsUsedInArgOrEnv'], ['2 DL3064', '2 SecretsUsedInArgOrEnv']],
    [
      'FROM a:1\nENV DB_PRIVATE=a DB_AUTH=b\n',
      ['2 DL3064', '2 SecretsUsedInArgOrEnv'],
      ['2 DL3064', '2 SecretsUsedInArgOrEnv'],
    ],
    [
      'FROM --platform=linux/amd64 a:1\n',
      ['1 FromPlatformFlagConstDisallowed'],
      ['1 DL3029', '1 FromPlatformFlagConstDisallowed'],
    ],
    [
      'FROM --platform=$TARGETPLATFORM a:1\n',
      ['1 RedundantTargetPlatform'],
      ['1 DL3065', '1 RedundantTargetPlatform'],
    ],
    [
      'FROM a:1\nCMD ["a"]\nCMD ["b"]\n',
      ['2 MultipleInstructionsDisallowed'],
      ['2 MultipleInstructionsDisallowed', '3 DL4003'],
    ],
  ];
  it('is one finding of naru, and keeps its ids in all', () => {
    for (const [text, naru, all] of FILES) {
      assert.deepEqual(spoken(text, 'naru'), naru, text);
      assert.deepEqual(spoken(text, 'all'), all, text);
    }
  });
  it('carries the other ids as aliases', () => {
    const [finding] = findings('FROM a:1\nMAINTAINER me\n', 'naru');
    assert.deepEqual(finding?.aliases, ['DL4000']);
  });
});

function findings(text: string, ruleSet: RuleSet, options: Partial<LintOptions> = {}) {
  const own = lintDockerfile(readDockerfile(text).value, ruleSet, { ...DEFAULT_LINT_OPTIONS, ...options });
  return own.filter(({ family, ruleId }) => family === 'buildkit' || SHARED.has(ruleId));
}

function spoken(text: string, ruleSet: RuleSet, options: Partial<LintOptions> = {}, only?: string) {
  return findings(text, ruleSet, options)
    .filter(({ ruleId }) => only === undefined || ruleId === only)
    .map(({ line, ruleId }) => `${line + 1} ${ruleId}`)
    .sort();
}

/** Other families' rules that tell what a check of BuildKit tells. */
const SHARED: ReadonlySet<string> = new Set(
  'DL3000 DL3012 DL3023 DL3024 DL3025 DL3029 DL3063 DL3064 DL3065 DL4000 DL4003 DL4004 NR107'.split(' '),
);
