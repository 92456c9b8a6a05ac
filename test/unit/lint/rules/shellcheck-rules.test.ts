/** The rules that stand in for ShellCheck where there is none: what they find, and that the real one, where it is installed, finds the same. */

import assert from 'node:assert/strict';

import { readDockerfile } from '../../../../core/dockerfile/read.ts';
import { DEFAULT_LINT_OPTIONS, lintDockerfile, makeContext } from '../../../../core/lint/run.ts';
import { checkedScripts, shellcheckText } from '../../../../core/lint/shellcheck/scripts.ts';
import { askShellcheck, findShellcheck, type ShellcheckAnswers } from '../../../../local/shellcheck.ts';
import { skipBecause } from '../../../support/skip.ts';
import { checkTable, findingsOf } from './marked.ts';

const BASH = 'SHELL ["/bin/bash", "-c"]\n';

/** Behind `FROM a:1`; marked «where each rule has to speak». */
const CASES: Readonly<Record<string, readonly string[]>> = {
  SC2046: [
    'RUN cp «$(find /a)» /b',
    'RUN cp «`find /a`» /b',
    'RUN cp x«$(date)»y /b && rm «$(ls)»',
    'RUN cp "$(find /a)" /b',
    'RUN name=$(id) sh',
    'RUN for f in $(ls); do true; done',
    'RUN case $(id) in root) true;; esac',
    'RUN echo $((1 + 2))',
    'RUN ["cp", "$(find /a)", "/b"]',
    'RUN <<EOF\n  cp «$(cat /x)» /b\nEOF',
    'RUN test "$(id -u)" = 0 && \\\n  cp \\\n  «$(find /a)» /b',
    'RUN if [ «$(id -u)» = 0 ]; then true; fi',
  ],
  SC2086: [
    'RUN echo «$NAME»',
    'RUN echo «${NAME}»bar "a"«$OTHER»',
    'RUN cp /a «$NAME»/b > /c/«$NAME»',
    'RUN echo «${NAME:-x}» «${NAME%/*}» ${#NAME} ${NAME+x}',
    'RUN echo "$NAME" \'$NAME\' \\$NAME',
    'RUN [ «$NAME» = b ] || test «$NAME» = c',
    'RUN echo $# $? $$ $!',
    'RUN name=$OTHER; case $OTHER in a) true;; esac; for i in $OTHER; do true; done',
    'RUN name=abc; echo $name',
    'RUN name="a b"; echo «$name»',
    'RUN name=$(id); echo «$name»',
    'RUN name=a*; echo «$name»',
    'RUN read -r name; echo «$name»',
    'RUN for i in a b; do echo $i; done',
    'RUN for i in *.txt; do echo «$i»; done',
    'ARG NAME=1\nENV OTHER="a b"\nRUN echo $NAME $OTHER',
    'RUN echo «$NAME»\nARG NAME',
    'ENV NAME=1\nFROM b:1\nRUN echo «$NAME»',
    'RUN $NAME run',
    'RUN echo $((NAME + 1)) $UID',
    'RUN cat <<EOF\n$NAME\nEOF\nRUN <<EOF\ncat «$NAME»\nEOF',
    'RUN echo \\\n  «$NAME» \\\n  # $NAME\n  «$OTHER»',
    'ONBUILD RUN echo «$NAME»',
    'RUN ["echo", "$NAME"]\nSHELL ["pwsh", "-c"]\nRUN echo $NAME',
    'RUN (cd /a && rm «$NAME») | { cat «$OTHER»; }',
    'RUN echo "$(cat «$NAME»)"',
    `${BASH}RUN [[ $NAME == b ]] && echo «$NAME»`,
  ],
  SC2153: [
    'RUN echo "«$RTTP_PROXY»"',
    'RUN echo "$HTTP_PROXY" "$http_proxy" "$HTTPS_PROXY" "$no_proxy"',
    'ARG APP_VERSION\nRUN echo "«$APP_VERSOIN»" "$APP_VERSOIN"',
    'ARG APP_VERSION\nRUN echo "«${APP_VERSIONS}»" "$SOMETHING_ELSE"',
    'ARG APP_VERSION\nRUN echo "${APP_VERSOIN:-1}"',
    'ARG APP_VERSION\nRUN [ -n "$APP_VERSOIN" ] && echo "$APP_VERSOIN"',
    'ARG APP_VERSION\nRUN APP_VERSOIN=1; echo "$APP_VERSOIN"',
    'RUN echo "$JAVA_HOME" "$HOME"',
  ],
  SC2154: [
    'RUN echo "«$lower»" "$lower"',
    'RUN echo "«${lower}»" "«$mixedCase»"',
    'RUN echo "$UPPER"',
    'RUN lower=1; echo "$lower"',
    'RUN for lower in a b; do echo "$lower"; done',
    'RUN read -r lower && echo "$lower"',
    'RUN export lower=1 && echo "$lower"',
    'RUN echo "${lower:-x}" "${lower:?}" "${lower+y}"',
    'RUN : "${lower:=x}" && echo "$lower"',
    'RUN [ -n "$lower" ] && echo "$lower"',
    'ARG lower\nENV other=1\nRUN echo "$lower" "$other"',
    'RUN echo "«$lower»"\nARG lower',
    'ARG lower\nFROM b:1\nRUN echo "«$lower»"',
    'ARG lower\nFROM a:1 AS base\nENV lower=1\nFROM base\nRUN echo "$lower"',
    "RUN awk '{print $lower}' /a && echo \\$lower",
    'RUN cat <<EOF\n«$lower»\nEOF',
    'RUN echo "$(echo "«$lower»")"',
  ],
  SC3028: [
    'RUN echo "«$RANDOM»"',
    'RUN echo "«${RANDOM}»" "«$SECONDS»" "«$UID»"',
    `${BASH}RUN echo "$RANDOM"`,
    `${BASH}FROM b:1\nRUN echo "«$RANDOM»"`,
    'RUN <<EOF bash\necho "$RANDOM"\nEOF',
    'RUN <<EOF\n#!/bin/bash\necho "$RANDOM"\nEOF',
    '# hadolint shell=bash\nRUN echo "$RANDOM"',
    'ENV UID=1000\nRUN echo "$UID"',
    'RUN UID=1; echo "$UID"',
    'RUN echo "$HOME" "$RANDOMLY"',
  ],
};

describe('rules in the place of ShellCheck', () => {
  for (const [id, cases] of Object.entries(CASES)) {
    it(`${id}: ${cases.length} files`, () => {
      checkTable({ id, cases: cases.map((text) => `FROM a:1\n${text}`) });
    });
  }

  it('say what ShellCheck says', () => {
    const messages = [
      'RUN echo "$lower"',
      'RUN echo "$RTTP_PROXY"',
      'RUN echo "$RANDOM"',
      'RUN rm $(ls) $NAME',
    ].flatMap((run) =>
      lintDockerfile(readDockerfile(`FROM a:1\n${run}`).value, 'hadolint')
        .filter(({ family }) => family === 'shellcheck')
        .map(({ message, ruleId, severity }) => `${ruleId} ${severity} ${message}`),
    );
    assert.deepEqual(messages, [
      'SC2154 warning lower is referenced but not assigned.',
      'SC2153 info Possible misspelling: RTTP_PROXY may not be assigned. Did you mean HTTP_PROXY?',
      'SC3028 warning In POSIX sh, RANDOM is undefined.',
      'SC2046 warning Quote this to prevent word splitting.',
      'SC2086 info Double quote to prevent globbing and word splitting.',
    ]);
  });

  it('know nothing of the stage that a trigger will run in, as hadolint', () => {
    const text = `FROM a:1\nARG name\n${BASH}ONBUILD RUN echo "$name" "$RANDOM"`;
    const ids = (rules: 'hadolint' | 'naru'): readonly string[] =>
      lintDockerfile(readDockerfile(text).value, rules).map(({ ruleId }) => ruleId);
    assert.deepEqual(ids('hadolint'), ['SC2154', 'SC3028']);
    assert.deepEqual(ids('naru'), []);
  });

  it('leave an ARG above the first FROM to the rule that knows where it was meant to be', () => {
    const text = 'ARG name\nFROM a:1\nRUN echo "$name"';
    const ids = lintDockerfile(readDockerfile(text).value).map(({ ruleId }) => ruleId);
    assert.deepEqual(ids, ['NR028']);
  });

  it('are silent where the real one was asked', () => {
    const { value } = readDockerfile('FROM a:1\nRUN echo $NAME "$lower"');
    const found = lintDockerfile(value, 'all', { ...DEFAULT_LINT_OPTIONS, shellcheck: () => [] });
    assert.deepEqual(
      found.filter(({ family }) => family === 'shellcheck'),
      [],
    );
  });

  it('find what the real one finds', async function () {
    const program = findShellcheck(process.env);
    if (program === undefined) skipBecause(this, 'there is no shellcheck on PATH');
    const files = Object.entries(CASES).flatMap(([id, cases]) =>
      cases.map((text) => ({ id, text: `FROM a:1\n${text.replaceAll(/[«»]/g, '')}` })),
    );
    const scripts = files.flatMap(({ text }) =>
      makeContext(readDockerfile(text).value, DEFAULT_LINT_OPTIONS)
        .once(checkedScripts)
        .map((script) => shellcheckText(script).text),
    );
    const answers: ShellcheckAnswers = await askShellcheck(program, scripts, { timeoutMs: 60_000 });
    for (const { id, text } of files) {
      const real = findingsOf(id, text, { shellcheck: (script) => answers.get(script) });
      assert.deepEqual(
        findingsOf(id, text).map(({ severity, span }) => ({ severity, span })),
        real.map(({ severity, span }) => ({ severity, span })),
        `${id}: ${text}`,
      );
    }
  });
});
