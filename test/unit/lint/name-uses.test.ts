/** Whose variables a script uses: those it was started with, or its own. */

import assert from 'node:assert/strict';

import { readNameUses } from '../../../core/lint/shell/name-uses.ts';
import { readShell } from '../../../core/lint/shell/script.ts';

/** A use of what was given stands in «», of what the script has set in ‹›, of one or the other in ¿?. */
const CASES: readonly string[] = [
  'echo $«A» "${«A»:-$«B»}" ${#«A»}',
  'VERSION=$(cat $«VERSION») && curl x/$‹VERSION›',
  'A=${«A»:-1}; echo $‹A›',
  'A=1 make X=$«A»; echo $«A»',
  'for A in $«A» $«B»; do echo $‹A›; done; echo $¿A?',
  'for A in 1 2; do echo $‹A›; done; echo $‹A›',
  'while read -r A; do echo $‹A›; done < $«F»; echo $‹A›',
  'while test $¿A?; do A=1; echo $‹A›; done; echo $¿A?',
  'until test $¿A?; do A=$((¿A? + 1)); done',
  'export A=$«A»; echo $‹A›; export «B»; unset «C»',
  'test -n "$«A»" || A=1; echo $¿A?',
  'test -n "$«A»" && A=1 && echo $‹A›; echo $¿A?',
  'A=1 && x || y && echo $‹A›',
  'x && A=1 || A=2; echo $‹A›',
  'if x; then A=1; else A=2; fi; echo $‹A›',
  'if x; then A=1; elif test $«A»; then echo $«A»; fi; echo $¿A?',
  'case $«A» in a) A=1 ;; *) A=2 ;; esac; echo $‹A›',
  'case $«A» in $«B») A=1 ;; esac; echo $¿A?',
  '(A=1; echo $‹A›); echo $«A» $(A=1; echo $‹A›) $«A»',
  'echo x | read A; echo $«A»; A=1 & echo $«A»',
  '{ A=1; } > $«A»; echo $‹A›',
  'f() { echo $¿A?; B=1; echo $‹B›; }; A=1; f; echo $‹A› $¿B?',
  'echo $$A $((«A» + 1)) $(( $«A» * ${«B»} )) $((«A» = 2)); ((«A»++)); echo $«A»',
  ": ${«A»:=1}; echo $«A» '$A' \\$A",
  '«A»+=x; echo $«A»',
  'printf -v A x; getopts ab B; local C; echo $‹A› $‹B› $‹C›; printf A; constructor A',
  'cat <<E\n$«A»\nE',
  "cat <<'E'\n$A\nE",
  'arr=(1 $«A»); echo ${‹arr›[@]} ${‹arr›[$«A»]}',
];

describe('names in a script', () => {
  for (const marked of CASES) {
    it(marked.replaceAll('\n', '⏎'), () => {
      const text = marked.replaceAll(/[«»‹›¿]|(?<=¿\w+)\?/g, '');
      const uses = readNameUses(readShell({ text, sourceOffset: (at) => at })) ?? [];
      const MARKS = { given: '«»', own: '‹›', unsure: '¿?' };
      let drawn = text;
      for (const { name, origin, span } of uses.toReversed()) {
        assert.equal(text.slice(span.start, span.end), name);
        const [open = '', close = ''] = MARKS[origin];
        drawn = `${drawn.slice(0, span.start)}${open}${name}${close}${drawn.slice(span.end)}`;
      }
      assert.equal(drawn, marked);
    });
  }

  it('answers nothing of a script that sets hundreds of names', () => {
    const text = `${Array.from({ length: 201 }, (_, nth) => `A${nth}=1`).join(' && ')} && echo $A1`;
    assert.equal(readNameUses(readShell({ text, sourceOffset: (at) => at })), undefined);
  });

  it('answers nothing of a script that is not understood', () => {
    assert.equal(readNameUses(readShell({ text: 'echo $A "', sourceOffset: (at) => at })), undefined);
  });
});
