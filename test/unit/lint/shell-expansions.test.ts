/** The variables of a script: which are split into words, which the script sets, asks for, or gets from elsewhere. */

import assert from 'node:assert/strict';

import { readExpansions, type ShellExpansions } from '../../../core/lint/shell/expansions.ts';
import { readShell } from '../../../core/lint/shell/script.ts';

function expansionsOf(text: string): ShellExpansions {
  return readExpansions(readShell({ text, sourceOffset: (at) => at }));
}

/** As written, `*` behind what is split and `?` behind what says what to do when it is not set. */
function shown(text: string): string {
  return expansionsOf(text)
    .all.map(({ isGuarded, isSplit, name, span }) => {
      const written = text.slice(span.start, span.end);
      if (name !== undefined) assert.ok(written.includes(name), `${written}: ${name}`);
      return `${name === undefined ? '!' : ''}${written}${isSplit ? '*' : ''}${isGuarded ? '?' : ''}`;
    })
    .join(' ');
}

const EXPANSIONS: readonly (readonly [script: string, expected: string])[] = [
  ['a b', ''],
  ['a $b', '$b*'],
  ['a "$b"', '$b'],
  ["a '$b'", ''],
  ['a \\$b', ''],
  ['a x$b/$c"$d"', '$b* $c* $d'],
  ['a ${b}', '${b}*'],
  ['a "${b}"', '${b}'],
  ['a ${b:-c} ${d-e}', '${b:-c}*? ${d-e}*?'],
  ['a ${b:=c} ${d=e}', '${b:=c}*? ${d=e}*?'],
  ['a ${b:?c} ${d?}', '${b:?c}*? ${d?}*?'],
  ['a ${b:+c} ${d+e}', '${b:+c}? ${d+e}?'],
  ['a ${#b}', '${#b}?'],
  ['a ${b[0]}', '${b[0]}'],
  ['a ${b%c} ${d#e} ${f/g/h}', '${b%c}* ${d#e}* ${f/g/h}*'],
  ['a ${b:-$c}', '${b:-$c}*? $c'],
  ['a "${b:-$c}"', '${b:-$c}? $c'],
  ['a $(b)', '!$(b)*'],
  ['a `b`', '!`b`*'],
  ['a "$(b $c)"', '!$(b $c) $c*'],
  ['a $(b "$c")', '!$(b "$c")* $c'],
  ['a > $b', '$b*'],
  ['a > "$b"', '$b'],
  ['$a b', '$a'],
  ['x=$a', '$a'],
  ['x=$a b $c', '$a $c*'],
  ['x=$(a) b', '!$(a)'],
  ['for x in $a "$b"; do c $x; done', '$a $b $x*'],
  ['case $a in $b) c $d;; esac', '$a $b $d*'],
  ['[[ $a = $b ]]', '$a $b'],
  ['[ $a = 1 ]', '$a*'],
  ['if a $b; then c $d; else e $f; fi', '$b* $d* $f*'],
  ['while a $b; do c $d; done', '$b* $d*'],
  ['a $b | c $d && (e $f; { g $h; })', '$b* $d* $f* $h*'],
  ['f() { a $b; }', '$b*'],
  ['a $((b + 1))', ''],
  ['a $1 $@ $? $#', '$1* $@* $?* $#*'],
  ['cat <<X\n$a\nX\nb $c', '$a $c*'],
  ["cat <<'X'\n$a\nX\nb $c", '$c*'],
];

/** Names that the script sets, `!` behind those of which no value may hold blanks or patterns. */
const SET: readonly (readonly [script: string, expected: string])[] = [
  ['a $b', ''],
  ['x=1; a $x', 'x!'],
  ['x=; a $x', 'x!'],
  ['x=$y', 'x'],
  ['x=`y`', 'x'],
  ['x="1 2"; a $x', 'x'],
  ['x=a*; b $x', 'x'],
  ['x=a?; b $x', 'x'],
  ['x=a[b]; b $x', 'x'],
  ['x=$y; x=1', 'x!'],
  ['x=1; x=$y', 'x!'],
  ['x=(1 2); a $x', 'x'],
  ['x=1 a $b', 'x!'],
  ['for x in 1 2; do a $x; done', 'x!'],
  ['for x in *.c; do a $x; done', 'x'],
  ['for x in $y; do a; done', 'x'],
  ['for x; do a $x; done', 'x'],
  ['a ${x:=1} ${y=2} ${z:-3}', 'x y'],
  ['export x=$y z; a', 'x z'],
  ['read x y; a $x', 'x y'],
  ['local x=$y', 'x'],
  ['declare x; a $x', 'x'],
  ['readonly x=1; a $x', 'x!'],
  ['printf -v x 1; a $x', 'x'],
  ['getopts ab x; a $x', 'ab x'],
  ['mapfile x; readarray y; typeset z; a $x', 'x y z'],
  ['read -r "$x" 1y', ''],
  ['echo x; a $x', ''],
];

/** Names of which the script asks whether they are set. */
const TESTED: readonly (readonly [script: string, expected: string])[] = [
  ['[ -n "$a" ] && b $a', 'a'],
  ['[ -z $a ] || [ "${b}" = 1 ]', 'a b'],
  ['test "$a" = 1 -o ${b}', 'a b'],
  ['[ -f "$a/b" ]', ''],
  ['[ -f x"$a" ]', ''],
  ['[ "$1" ]', ''],
  ['echo "$a"', ''],
];

const OTHERS: readonly (readonly [script: string, expected: boolean])[] = [
  ['. /a; b $c', true],
  ['source /a; b $c', true],
  ['eval $a', true],
  ['(x && . $a)', true],
  ['./a $b', false],
  ['b eval $c', false],
  ['sourced $a', false],
  ['resource $a', false],
];

describe('the variables of a script', () => {
  for (const [script, expected] of EXPANSIONS)
    it(`has in ${JSON.stringify(script)} ${expected}`, () => assert.equal(shown(script), expected));

  for (const [script, expected] of SET)
    it(`sets in ${JSON.stringify(script)} ${expected}`, () => {
      const set = [...expansionsOf(script).set].map(
        ([name, mayHoldBlanks]) => name + (mayHoldBlanks ? '' : '!'),
      );
      assert.equal(set.join(' '), expected);
    });

  for (const [script, expected] of TESTED)
    it(`asks in ${JSON.stringify(script)} for ${expected}`, () => {
      assert.equal([...expansionsOf(script).tested].join(' '), expected);
    });

  for (const [script, expected] of OTHERS)
    it(`${expected ? 'runs' : 'does not run'} what lies elsewhere in ${script}`, () => {
      assert.equal(expansionsOf(script).runsOther, expected);
    });
});
