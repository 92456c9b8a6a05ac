/** The rules about what runs in a step: on RUN, ONBUILD RUN, in exec form and in heredocs, inherited state and exact words. */

import assert from 'node:assert/strict';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { lintDockerfile } from '../../../core/lint/run.ts';
import { SHELL_CASES } from './shell-cases.ts';

/** hadolint looks at these in ONBUILD too; the others only where they stand. */
const NOT_IN_TRIGGERS: ReadonlySet<string> = new Set(['DL3003', 'DL3059', 'DL4006']);

function count(id: string, text: string): number {
  const { value } = readDockerfile(text);
  return lintDockerfile(value, 'hadolint').filter(({ ruleId }) => ruleId === id).length;
}

describe('rules about commands', () => {
  for (const [id, { bad, good }] of Object.entries(SHELL_CASES)) {
    it(`${id} finds what it should, once per instruction`, () => {
      assert.deepEqual(
        bad.filter((line) => count(id, `FROM a:1\nRUN ${line}`) !== 1),
        [],
      );
    });
    it(`${id} keeps quiet about the rest`, () => {
      assert.deepEqual(
        good.filter((line) => count(id, `FROM a:1\nRUN ${line}`) !== 0),
        [],
      );
    });
    it(`${id} ${NOT_IN_TRIGGERS.has(id) ? 'leaves triggers alone' : 'looks at triggers'}`, () => {
      const expected = NOT_IN_TRIGGERS.has(id) ? 0 : 1;
      assert.deepEqual(
        bad.filter((line) => count(id, `FROM a:1\nONBUILD RUN ${line}`) !== expected),
        [],
      );
    });
    it(`${id} looks into heredocs that a shell runs`, () => {
      const plain = bad.filter((line) => !line.startsWith('--'));
      assert.deepEqual(
        plain.filter((line) => count(id, `FROM a:1\nRUN <<EOF\n${line}\nEOF`) !== 1),
        [],
      );
      assert.deepEqual(
        plain.filter((line) => count(id, `FROM a:1\nRUN <<EOF python3\n${line}\nEOF`) !== 0),
        [],
      );
    });
  }

  it('underline the words at fault, over continuations and comments', () => {
    const text = 'FROM a:1\nRUN true \\\n # why\n && apt-get install -y \\\n    curl';
    const finding = lintDockerfile(readDockerfile(text).value).find(({ ruleId }) => ruleId === 'DL3008');
    assert.equal(text.slice(finding?.span.start, finding?.span.end), 'curl');
    assert.equal(finding?.line, 4);
  });

  it('read the exec form as the words it holds', () => {
    assert.equal(count('DL3004', 'FROM a:1\nRUN ["sudo", "ls"]'), 1);
    assert.equal(count('DL3004', 'FROM a:1\nRUN ["echo", "sudo"]'), 0);
  });

  it('inherit what ENV and SHELL say as builds do', () => {
    const base = 'FROM a:1 AS base\nENV PIP_NO_CACHE_DIR=1\nFROM base\nRUN pip install a==1';
    assert.equal(count('DL3042', base), 0);
    assert.equal(count('DL3042', base.replace('FROM base', 'FROM b:1')), 1);
    const safe = 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]';
    assert.equal(count('DL4006', `FROM a:1\n${safe}\nRUN a | b`), 0);
    assert.equal(count('DL4006', `FROM a:1\n${safe}\nFROM b:1\nRUN a | b`), 1);
    assert.equal(count('DL3033', 'FROM a:1\nARG V=1\nRUN yum install x-${V}'), 0);
  });

  it('DL3009 and DL3060 ask only stages that reach an image', () => {
    const run = 'RUN apt-get update && yarn install';
    assert.equal(count('DL3009', `FROM a:1 AS x\n${run}\nFROM b:1\nCOPY --from=x /a /a`), 0);
    assert.equal(count('DL3009', `FROM a:1 AS x\n${run}\nFROM x\nRUN true`), 1);
    assert.equal(count('DL3060', `FROM a:1 AS x\n${run}\nFROM b:1`), 0);
    assert.equal(count('DL3060', `FROM b:1\nFROM a:1\n${run}`), 1);
  });

  it('DL3059 looks at neighbours of one command each', () => {
    assert.equal(count('DL3059', 'FROM a:1\nRUN a\nRUN b'), 1);
    assert.equal(count('DL3059', 'FROM a:1\nRUN a\n# c\nRUN b'), 1);
    assert.equal(count('DL3059', 'FROM a:1\nRUN a && b\nRUN c'), 0);
    assert.equal(count('DL3059', 'FROM a:1\nRUN a\nRUN --network=none b'), 0);
    assert.equal(count('DL3059', 'FROM a:1\nRUN a\nWORKDIR /x\nRUN b'), 0);
  });

  it('DL4001 counts per stage', () => {
    assert.equal(count('DL4001', 'FROM a:1\nRUN curl x\nRUN wget y'), 1);
    assert.equal(count('DL4001', 'FROM a:1\nRUN curl x && wget y'), 1);
    assert.equal(count('DL4001', 'FROM a:1\nRUN curl x\nFROM b:1\nRUN wget y'), 0);
  });
});
