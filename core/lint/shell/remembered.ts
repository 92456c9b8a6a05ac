/** Answers of a function of a text, kept for the texts that come again. */

/** How many characters of text the newer half keeps the answers of, and the older half as many: a file of 10,000 lines. */
const MAX_CHARACTERS = 256 * 1024;

/**
 * `make`, which must depend on nothing but the text, and whose answers nobody changes.
 * What was not asked for while 256 Ki characters of other texts were is forgotten.
 */
export function remembered<Result>(make: (text: string) => Result): (text: string) => Result {
  let newer = new Map<string, Result>();
  let older = newer;
  let nCharacters = 0;
  return (text) => {
    const known = newer.get(text);
    if (known !== undefined) return known;
    const copy = ownCopy(text);
    const answer = older.get(text) ?? make(copy);
    if (nCharacters + text.length > MAX_CHARACTERS) {
      older = newer;
      newer = new Map();
      nCharacters = 0;
    }
    newer.set(copy, answer);
    nCharacters += text.length;
    return answer;
  };
}

/** A part of a file keeps the whole file in memory; this one does not. */
function ownCopy(text: string): string {
  return `${text} `.slice(0, -1);
}
