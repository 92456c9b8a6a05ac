/** What ShellCheck is asked about a Dockerfile, and where its comments are shown: exactly on the words they are about. */

import assert from 'node:assert/strict';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import type { LintOptions } from '../../../core/lint/rule.ts';
import { DEFAULT_LINT_OPTIONS, lintDockerfile, makeContext, type RuleSet } from '../../../core/lint/run.ts';
import { readShellcheckAnswer } from '../../../core/lint/shellcheck/answer.ts';
import type { ShellcheckComment, ShellcheckQuestion } from '../../../core/lint/shellcheck/question.ts';
import { checkedScripts, nLinesAbove, shellcheckQuestion } from '../../../core/lint/shellcheck/scripts.ts';

/** Comments on every X…X of a script, and on every line that holds `export`, as ShellCheck counts: lines and code points from 1. */
function commentsOn(script: string): readonly ShellcheckComment[] {
  return script.split('\n').flatMap((text, nth): ShellcheckComment[] => {
    const line = nth + 1;
    const comment = { code: 2086, level: 'info', message: 'quote', line, endLine: line } as const;
    const exported = text.startsWith('export') ? [{ ...comment, column: 1, endColumn: 2 }] : [];
    const found = [...text.matchAll(/X\w*X/g)].map(({ 0: word, index }) => {
      const column = Array.from(text.slice(0, index)).length + 1;
      return { ...comment, column, endColumn: column + word.length };
    });
    return [...exported, ...found];
  });
}

function found(text: string, options: Partial<LintOptions> = {}, rules: RuleSet = 'naru'): readonly string[] {
  const given = {
    ...DEFAULT_LINT_OPTIONS,
    shellcheck: ({ text: ask }: ShellcheckQuestion) => commentsOn(ask()),
    ...options,
  };
  return lintDockerfile(readDockerfile(text).value, rules, given)
    .filter(({ family }) => family === 'shellcheck')
    .map(({ line, ruleId, severity, span }) => {
      return `${line + 1} ${ruleId} ${severity} ${span.start}-${span.end} ${text.slice(span.start, span.end)}`;
    });
}

function scriptsOf(text: string, rules: RuleSet = 'naru', options: Partial<LintOptions> = {}): string[] {
  const given = { ...DEFAULT_LINT_OPTIONS, ...options };
  const scripts = makeContext(readDockerfile(text).value, given, rules).once(checkedScripts);
  return scripts.map((script) =>
    shellcheckQuestion(script)
      .text()
      .replace(/^export \w+_(?:PROXY|proxy)=1\n/gm, ''),
  );
}

/** Marked «where the comments must be shown». */
const PLACES: readonly string[] = [
  'FROM a:1\nRUN echo «XaX» «XbX»',
  'FROM a:1\nENV A=1\nRUN echo "«XaX»"\nRUN echo «XX»',
  'FROM a:1\nRUN --network=none \\\n  echo \\\n# XcommentX\n\n  «XaX» && \\\n\techo «XbX»\n',
  'FROM a:1\r\nRUN echo \\\r\n  «XaX»\r\nRUN echo «XbX»\r\n',
  '\uFEFFFROM a:1\nRUN echo "é😀" «XaX» 😀«XbX»',
  '# escape=`\nFROM a:1\nRUN echo `\n  «XaX»',
  'FROM a:1\nRUN <<EOF\n\techo «XaX»\n\n  «XbX»\nEOF\nRUN echo «XcX»',
  'FROM a:1\nRUN <<-"EOF"\n\t\techo «XaX»\n\tEOF',
  'FROM a:1\nRUN <<EOF\r\necho «XaX»\r\nEOF\r\n',
  'FROM a:1\nRUN <<EOF bash\n#!/bin/bash -e\necho «XaX»\nEOF',
  'FROM a:1\nRUN cat <<EOF > /«XaX»\ntext «XbX»\nEOF',
  'FROM a:1\nRUN bash -e <<EOF\necho «XaX»\nEOF',
  'FROM a:1\nONBUILD RUN echo «XaX»',
  'FROM a:1\nRUN ["echo", "XaX"]\nRUN <<EOF python3\nXaX\nEOF\nCMD echo XaX',
  'FROM a:1\nSHELL ["pwsh", "-c"]\nRUN echo XaX\nFROM b:1\nRUN echo «XaX»',
  'FROM a:1\n# hadolint shell=powershell\nRUN echo XaX',
];

describe('shellcheck', () => {
  for (const marked of PLACES) {
    it(`is shown in ${JSON.stringify(marked)}`, () => {
      const text = marked.replaceAll(/[«»]/g, '');
      const wanted: string[] = [];
      let nMarks = 0;
      for (const { 0: mark, index } of marked.matchAll(/[«»]/g)) {
        if (mark === '«') wanted.push(String(index - nMarks));
        else wanted.push(`${wanted.pop()}-${index - nMarks}`);
        nMarks += 1;
      }
      assert.deepEqual(
        found(text).map((line) => line.split(' ')[3]),
        wanted,
      );
    });
  }

  it('reads below the shebang of its shell what the stage sets', () => {
    const text =
      'ARG early=1\nFROM a:1 AS one\nARG foo bar=2\nENV a.b=1 Z_9=2\nRUN one\nARG later\nFROM b:1\nRUN two\nFROM one\nRUN three';
    assert.deepEqual(scriptsOf(text), [
      '#!/bin/sh\nexport Z_9=1\nexport bar=1\nexport foo=1\none',
      '#!/bin/sh\ntwo',
      '#!/bin/sh\nexport Z_9=1\nexport bar=1\nexport foo=1\nexport later=1\nthree',
    ]);
  });

  it('knows the proxies that every build knows', () => {
    const context = makeContext(readDockerfile('FROM a:1\nRUN x').value, DEFAULT_LINT_OPTIONS);
    const names = ['FTP', 'HTTPS', 'HTTP', 'NO'].map((name) => `${name}_PROXY`);
    const exported = [...names, ...names.map((name) => name.toLowerCase())].sort();
    const [script] = context.once(checkedScripts);
    assert.ok(script !== undefined);
    assert.equal(
      shellcheckQuestion(script).text(),
      `#!/bin/sh\n${exported.map((name) => `export ${name}=1\n`).join('')}x`,
    );
  });

  it('knows the variables of a base image that is known', () => {
    const baseImages = new Map([['a:1', { variables: new Map([['JAVA_HOME', '/j']]) }]]);
    assert.deepEqual(scriptsOf('FROM a:1\nRUN x', 'naru', { baseImages }), [
      '#!/bin/sh\nexport JAVA_HOME=1\nx',
    ]);
  });

  it('is told the shell in use: SHELL, a comment, a shebang, the program beside a heredoc', () => {
    const text =
      'FROM a:1\nRUN one\nSHELL ["/bin/bash", "-c"]\nRUN two\n# hadolint shell=dash\nRUN three\nRUN <<EOF\n#!/bin/zsh -e\nfour\nEOF\nRUN <<EOF ash\nfive\nEOF\n';
    assert.deepEqual(
      scriptsOf(text).map((script) => script.replace(/\n/g, '|')),
      [
        '#!/bin/sh|one',
        '#!/bin/bash|two',
        '#!dash|three',
        '#!/bin/zsh -e|# /bin/zsh -e|four|',
        '#!ash|five|',
      ],
    );
  });

  it('is told the shell of the stage below, or what the top of the file says', () => {
    const shells = (text: string): readonly (string | undefined)[] =>
      scriptsOf(text).map((script) => /^#!(.*)/.exec(script)?.[1]);
    const bash = 'FROM a:1 AS one\nSHELL ["/bin/bash", "-c"]\n';
    assert.deepEqual(shells(`${bash}FROM b:1\nRUN x\nFROM one AS two\nFROM two\nRUN y`), [
      '/bin/sh',
      '/bin/bash',
    ]);
    assert.deepEqual(shells('# hadolint shell=dash\nFROM a:1\nRUN x\nFROM b:1\nRUN y'), ['dash', 'dash']);
    assert.deepEqual(shells('FROM a:1\n# hadolint shell=dash\nRUN x\nFROM b:1\nRUN y'), ['dash', '/bin/sh']);
  });

  it('is not asked about the scripts of PowerShell and cmd, nor about none', () => {
    for (const rules of ['naru', 'hadolint'] as const) {
      for (const shell of ['["pwsh", "-c"]', '["C:\\\\Windows\\\\cmd.exe", "/S"]', '["powershell"]'])
        assert.deepEqual(scriptsOf(`FROM a:1\nSHELL ${shell}\nRUN x`, rules), [], shell);
      assert.deepEqual(scriptsOf('FROM a:1\nRUN\nRUN []\nRUN <<EOF\nEOF\n', rules), []);
    }
    const own = 'FROM a:1\nSHELL ["pwsh", "-c"]\nRUN <<EOF bash\nx\nEOF\n';
    assert.deepEqual(scriptsOf(own, 'hadolint'), ['#!bash\nx\n']);
  });

  it('takes only what stands first for a shebang', () => {
    assert.deepEqual(scriptsOf('FROM a:1\nRUN <<EOF\nx\n#!y\nEOF\n'), ['#!/bin/sh\nx\n#!y\n']);
  });

  it('is told each variable once, and not those of its own line', () => {
    const text = 'FROM a:1\nARG x\nENV x=1 y=2 x=3\nONBUILD RUN one\nRUN two\nARG y z';
    const script = (body: string): string => `#!/bin/sh\nexport x=1\nexport y=1\n${body}`;
    assert.deepEqual(scriptsOf(text), [script('two'), script('one')]);
  });

  it('gives a question a short key that tells what its text tells', () => {
    const texts = [
      'FROM a:1\nRUN x\nRUN x\nENV A=1\nRUN x\nENV A=2 http_proxy=y\nRUN x\nARG B C\nRUN x\nRUN y',
      'FROM a:1 AS one\nARG A\nRUN x\nFROM one\nRUN x\nARG A B\nRUN x\nFROM b:1\nRUN x\nARG B\nRUN x',
      'FROM a:1\nENV A=1\nSHELL ["/bin/bash", "-c"]\nRUN x\nRUN <<EOF\nx\nx\nEOF\nONBUILD RUN x',
      'FROM base:1\nRUN x\nENV A=1 HOME=/\nRUN x\nFROM scratch\nRUN x',
    ];
    const baseImages = new Map([
      [
        'base:1',
        {
          variables: new Map([
            ['HOME', '/'],
            ['NO_PROXY', ''],
          ]),
        },
      ],
    ]);
    const asked = texts.flatMap((text) => {
      const context = makeContext(readDockerfile(text).value, { ...DEFAULT_LINT_OPTIONS, baseImages });
      return context.once(checkedScripts);
    });
    const questions = asked.map((script) => ({ script, ...shellcheckQuestion(script) }));
    for (const one of questions) {
      const same = questions.filter(({ key }) => key === one.key).map(({ text }) => text());
      const wanted = questions.map(({ text }) => text()).filter((text) => text === one.text());
      assert.deepEqual(same, wanted, one.key);
      const above = one.text().slice(0, one.text().lastIndexOf(one.script.run.script.line.text));
      assert.equal(nLinesAbove(one.script), above.split('\n').length - 1, one.text());
      assert.ok(one.key.length < 100, one.key);
    }
    assert.equal(new Set(questions.map(({ key }) => key)).size, 10);
  });

  it('leaves out what is said before the script and shows what is said at its start', () => {
    const at = (column: number): readonly ShellcheckComment[] => [
      { code: 1, level: 'info', message: 'm', line: 10, endLine: 10, column, endColumn: column + 1 },
    ];
    assert.deepEqual(found('FROM a:1\nRUN x', { shellcheck: () => at(1) }), ['2 SC1 info 13-14 x']);
    assert.deepEqual(found('FROM a:1\nRUN x', { shellcheck: () => undefined }), []);
    assert.deepEqual(found('FROM a:1\nRUN x', { shellcheck: () => [] }), []);
  });

  it('takes a trigger as hadolint does: with nothing set; and as it will run', () => {
    const text = 'FROM a:1\nENV A=1\nSHELL ["/bin/bash", "-c"]\nONBUILD RUN x';
    assert.deepEqual(scriptsOf(text, 'hadolint'), ['#!/bin/sh\nx']);
    assert.deepEqual(scriptsOf(text), ['#!/bin/bash\nexport A=1\nx']);
  });

  it('says a thing once per instruction under --rules hadolint, on its first line', () => {
    const text = 'FROM a:1\nRUN true && \\\n  echo XaX XbX';
    assert.deepEqual(found(text, {}, 'hadolint'), ['2 SC2086 info 30-33 XaX']);
    const twoTexts = ({ text: ask }: ShellcheckQuestion): readonly ShellcheckComment[] =>
      commentsOn(ask()).map((comment, nth) => ({ ...comment, message: `m${nth % 2}` }));
    assert.equal(found(text, { shellcheck: twoTexts }, 'hadolint').length, 2);
  });

  it('is silenced and given levels as other rules are', () => {
    const text = 'FROM a:1\nRUN echo XaX';
    assert.deepEqual(found(text, { ignored: new Set(['SC2086']) }), []);
    assert.deepEqual(found('FROM a:1\n# hadolint ignore=SC2086\nRUN echo XaX'), []);
    assert.deepEqual(found('# hadolint global ignore=SC2086\nFROM a:1\nRUN echo XaX', {}, 'hadolint'), []);
    assert.deepEqual(found(text, { severities: new Map([['SC2086', 'error']]) }), [
      '2 SC2086 error 18-21 XaX',
    ]);
  });

  it('is not among what BuildKit says', () => {
    assert.deepEqual(found('FROM a:1\nRUN echo XaX', {}, 'buildkit'), []);
  });
});

describe('an answer of shellcheck', () => {
  const comment = { line: 1, endLine: 1, column: 2, endColumn: 3, level: 'style', code: 2006, message: 'm' };

  it('is told apart by file', () => {
    const output = JSON.stringify({
      comments: [
        { file: '0.sh', ...comment, fix: null },
        { file: '1.sh', ...comment },
      ],
    });
    assert.deepEqual(
      readShellcheckAnswer(output),
      new Map([
        ['0.sh', [comment]],
        ['1.sh', [comment]],
      ]),
    );
    assert.deepEqual(readShellcheckAnswer('{"comments":[]}'), new Map());
  });

  for (const output of [
    '',
    'shellcheck: not found',
    '[]',
    'null',
    '{}',
    '{"comments":{}}',
    '{"comments":[3]}',
    ...Object.keys(comment).map((key) =>
      JSON.stringify({ comments: [{ file: '0.sh', ...comment, [key]: {} }] }),
    ),
    JSON.stringify({ comments: [comment] }),
    JSON.stringify({ comments: [{ file: '0.sh', ...comment, line: 0 }] }),
    JSON.stringify({ comments: [{ file: '0.sh', ...comment, column: 1.5 }] }),
    JSON.stringify({ comments: [{ file: '0.sh', ...comment, level: 'verbose' }] }),
  ]) {
    it(`is none: ${output.slice(0, 90)}`, () => {
      assert.equal(readShellcheckAnswer(output), undefined);
    });
  }
});
