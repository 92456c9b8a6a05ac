/** Every kind of mistake in the language itself that a Dockerfile can hold, and under which code it is reported. */

import assert from 'node:assert/strict';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { fileFindings } from '../../../core/lint/file-findings.ts';
import { lintDockerfile } from '../../../core/lint/run.ts';

/** `[mistake, text, code]`; the FROM line is put before texts that begin with another instruction. */
const MISTAKES: readonly (readonly [mistake: string, text: string, code: string])[] = [
  ['keyword in another case', 'run a\nRUN b\nRUN c', 'ConsistentInstructionCasing'],
  ['directive in capitals', '# Escape=`\nFROM a', 'NR114'],
  ['argument missing', 'COPY', 'E_ARGUMENT_COUNT'],
  ['argument missing in an array', 'COPY ["a"]', 'E_ARGUMENT_COUNT'],
  ['two arguments needed', 'ADD a', 'E_ARGUMENT_COUNT'],
  ['FROM with two words', 'FROM a b', 'E_ARGUMENT_COUNT'],
  ['FROM with four words', 'FROM a AS b c', 'E_ARGUMENT_COUNT'],
  ['HEALTHCHECK NONE with an argument', 'HEALTHCHECK NONE a', 'E_ARGUMENT_COUNT'],
  ['stage name twice', 'FROM a AS b\nFROM c AS b', 'DuplicateStageName'],
  ['stage name that is none', 'FROM a AS 1b', 'E_STAGE_NAME'],
  ['empty line in a continuation', 'RUN a \\\n\n b', 'NoEmptyContinuation'],
  ['negative number of tries', 'HEALTHCHECK --retries=-1 CMD a', 'E_RETRIES'],
  ['tries that are no number', 'HEALTHCHECK --retries=a CMD a', 'E_RETRIES'],
  ['flag twice', 'HEALTHCHECK --interval=1s --interval=2s CMD a', 'E_DUPLICATE_FLAG'],
  ['duration that is none', 'HEALTHCHECK --interval=a CMD a', 'E_DURATION'],
  ['duration below a millisecond', 'HEALTHCHECK --interval=1us CMD a', 'E_DURATION'],
  ['duration without a unit', 'HEALTHCHECK --interval=1 CMD a', 'E_DURATION'],
  ['duration with an unknown unit', 'HEALTHCHECK --interval=1x CMD a', 'E_DURATION'],
  ['flag without value', 'HEALTHCHECK --interval CMD a', 'E_FLAG_VALUE_MISSING'],
  ['unknown flag of ADD', 'ADD --from=b a /c', 'E_UNKNOWN_FLAG'],
  ['unknown flag of COPY', 'COPY --foo=b a /c', 'E_UNKNOWN_FLAG'],
  ['unknown flag of FROM', 'FROM --foo=b a', 'E_UNKNOWN_FLAG'],
  ['unknown flag of HEALTHCHECK', 'HEALTHCHECK --foo=b CMD a', 'E_UNKNOWN_FLAG'],
  ['--from that can be no image', 'COPY --from=A:b a /c', 'NR113'],
  ['flag that is true or false', 'COPY --link=b a /c', 'E_FLAG_VALUE'],
  ['no FROM', 'ARG a', 'E_NO_STAGE'],
  ['nothing at all', '', 'E_EMPTY_FILE'],
  ['escape directive that is none', '# escape=a\nFROM a', 'E_ESCAPE_DIRECTIVE'],
  ['escape directive twice', '# escape=`\n# escape=`\nFROM a', 'E_DUPLICATE_DIRECTIVE'],
  ['another word for AS', 'FROM a IS b', 'E_ARGUMENT_COUNT'],
  ['several sources and a file', 'COPY a b /c', 'DL3021'],
  ['port that is none', 'EXPOSE a', 'NR101'],
  ['port that is too large', 'EXPOSE 70000', 'DL3011'],
  ['protocol that is none', 'EXPOSE 80/foo', 'NR101'],
  ['protocol in capitals', 'EXPOSE 80/TCP', 'ExposeProtoCasing'],
  ['image that cannot exist', 'FROM a:b:c', 'NR107'],
  ['base name that is empty', 'FROM $a', 'NR107'],
  ['signal that does not exist', 'STOPSIGNAL a', 'NR102'],
  ['variable with a broken modifier', 'ENV a=${b:&c}', 'E_EXPANSION'],
  ['variable that does not end', 'ENV a=${b', 'E_EXPANSION'],
  ['ONBUILD in ONBUILD', 'ONBUILD ONBUILD RUN a', 'E_ONBUILD_CHAIN'],
  ['trigger that is not allowed', 'ONBUILD FROM a', 'E_ONBUILD_TRIGGER'],
  ['SHELL without an array', 'SHELL a', 'E_JSON_REQUIRED'],
  ['SHELL with an empty array', 'SHELL []', 'E_ARGUMENT_COUNT'],
  ['ENV without a value', 'ENV a', 'E_ARGUMENT_COUNT'],
  ['ENV without an equals sign', 'ENV a=b c', 'E_EQUALS_MISSING'],
  ['LABEL without an equals sign', 'LABEL a=b c', 'E_EQUALS_MISSING'],
  ['ENV without a name', 'ENV =a', 'E_BLANK_NAME'],
  ['ARG without a name', 'ARG =a', 'E_BLANK_NAME'],
  ['quote that does not end', 'LABEL a="b', 'E_EXPANSION'],
  ['CMD twice', 'CMD ["a"]\nCMD ["b"]', 'MultipleInstructionsDisallowed'],
  ['ENTRYPOINT twice', 'ENTRYPOINT ["a"]\nENTRYPOINT ["b"]', 'MultipleInstructionsDisallowed'],
  ['HEALTHCHECK twice', 'HEALTHCHECK NONE\nHEALTHCHECK CMD ["a"]', 'MultipleInstructionsDisallowed'],
  ['unknown instruction', 'FOO a', 'E_UNKNOWN_INSTRUCTION'],
  ['unknown kind of health check', 'HEALTHCHECK FOO a', 'E_HEALTHCHECK_TYPE'],
  ['health check without a command', 'HEALTHCHECK CMD', 'E_ARGUMENT_COUNT'],
  ['MAINTAINER', 'MAINTAINER a', 'MaintainerDeprecated'],
  ['array in single quotes', "CMD ['a', 'b']", 'NR026'],
  ['relative WORKDIR', 'WORKDIR a', 'WorkdirRelativePath'],
  ['instruction before FROM', 'RUN a\nFROM b', 'E_BEFORE_FROM'],
  ['heredoc that does not end', 'RUN <<EOF\na', 'E_UNTERMINATED_HEREDOC'],
  ['blanks around an equals sign', 'ENV a = b', 'NR027'],
];

describe('mistakes in the language', () => {
  for (const [mistake, text, code] of MISTAKES) {
    it(mistake, () => {
      const isWhole = /^(?:#|FROM|ARG a$|RUN a\nFROM|$)/.test(text);
      const found = fileFindings(readDockerfile(isWhole ? text : `FROM debian:12\n${text}\n`));
      const codes = found.map(({ ruleId }) => ruleId);
      assert.ok(codes.includes(code), `${code}, not ${codes.join(' ')}`);
    });
  }

  it('are told once where an instruction stands before FROM', () => {
    const found = fileFindings(readDockerfile('RUN a\nUSER 1\nFROM b:1\nUSER 1\n'));
    assert.deepEqual(
      found.map(({ line, ruleId }) => `${line + 1} ${ruleId}`),
      ['1 E_BEFORE_FROM', '2 DL3061'],
    );
  });

  it('are all errors where no builder takes the file', () => {
    const { value } = readDockerfile('FROM debian:12\nADD --unpack=true a /b\nENV A=b\n');
    assert.deepEqual(
      lintDockerfile(value).filter(({ severity }) => severity === 'error'),
      [],
    );
  });
});
