/** Whether one instruction may be an edited version of another: a miss is explained by what was, and not by something that stood at its place. */

/** Both as `StepOrigin.instruction`. Half of their words are the same, at least; of COPY and ADD none or both say where they take from. */
export function areAlike(one: string, other: string): boolean {
  if (one === other) return true;
  const [a, b] = [wordsOf(one), wordsOf(other)];
  if (a.keyword !== b.keyword) return false;
  // Its one word is what is edited.
  if (a.keyword === 'WORKDIR') return true;
  if ((flagOf(one, 'from') === undefined) !== (flagOf(other, 'from') === undefined)) return false;
  // What a RUN starts with is what it is about: `make` and `make all && make install`.
  if (a.keyword === 'RUN' && a.words[0] === b.words[0]) return true;
  return sharedWords(a.words, b.words) * 2 >= Math.max(a.words.length, b.words.length);
}

/** The value of a flag, as it is written; '' where it has none, undefined where the flag is not there. */
export function flagOf(instruction: string, name: string): string | undefined {
  const found = wordsOf(instruction).flags.find((flag) => flag.slice(2).split('=')[0] === name);
  return found === undefined ? undefined : found.slice(`--${name}=`.length);
}

/** What a COPY or ADD takes, as it is written; undefined for everything else. */
export function sourcesOf(instruction: string): readonly string[] | undefined {
  const { keyword, words } = wordsOf(instruction);
  return keyword === 'COPY' || keyword === 'ADD' ? words.slice(0, -1) : undefined;
}

interface Words {
  readonly keyword: string;
  /** Without flags. */
  readonly words: readonly string[];
  readonly flags: readonly string[];
}

function wordsOf(instruction: string): Words {
  const [keyword = '', ...rest] = instruction.split(/\s+/);
  const firstWord = rest.findIndex((word) => !word.startsWith('--'));
  const flags = firstWord < 0 ? rest : rest.slice(0, firstWord);
  const text = rest.slice(flags.length).join(' ');
  return { keyword, words: text.match(/[^\s;&|"',[\]]+/g) ?? [], flags };
}

/** Each as often as both have it. */
function sharedWords(one: readonly string[], other: readonly string[]): number {
  const left = [...other];
  let nShared = 0;
  for (const word of one) {
    const at = left.indexOf(word);
    if (at < 0) continue;
    left.splice(at, 1);
    nShared += 1;
  }
  return nShared;
}
