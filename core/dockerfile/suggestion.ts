/**
 * "Did you mean": the nearest known word within two edits, as BuildKit's util/suggest offers it.
 * Of words equally near BuildKit takes any (28.5.2: ADD for CDM); here it is the one with the same letters.
 */

const MAX_EDITS = 2;

/**
 * The option nearest to `written`, or undefined if none is within two edits or `written` is one of them.
 * Without case sensitivity the answer takes the case of `written`.
 */
export function suggestion(
  written: string,
  options: readonly string[],
  comparison: 'case-sensitive' | 'case-insensitive',
): string | undefined {
  const isSensitive = comparison === 'case-sensitive';
  const wanted = isSensitive ? written : written.toLowerCase();
  let best: string | undefined;
  let bestDistance = MAX_EDITS + 1;
  let isBestScrambled = false;
  for (const option of options) {
    const candidate = isSensitive ? option : option.toLowerCase();
    if (candidate === wanted) return undefined;
    if (Math.abs(candidate.length - wanted.length) > bestDistance) continue;
    const distance = editDistance(wanted, candidate, MAX_EDITS + 1);
    // Two letters that changed places are two edits, but the likeliest mistake.
    const isScrambled = lettersOf(candidate) === lettersOf(wanted);
    if (distance > MAX_EDITS) continue;
    if (distance < bestDistance || (distance === bestDistance && isScrambled && !isBestScrambled)) {
      best = isSensitive ? option : inCaseOf(written, candidate);
      bestDistance = distance;
      isBestScrambled = isScrambled;
    }
  }
  return best;
}

function lettersOf(word: string): string {
  return word.split('').sort().join('');
}

function inCaseOf(written: string, option: string): string {
  return written === written.toUpperCase() && written !== written.toLowerCase()
    ? option.toUpperCase()
    : option;
}

/** Levenshtein distance, or `limit` as soon as it cannot be less. */
function editDistance(left: string, right: string, limit: number): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= right.length; column += 1) {
      const cost = left.charAt(row - 1) === right.charAt(column - 1) ? 0 : 1;
      const distance = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + cost,
      );
      current.push(distance);
      least = Math.min(least, distance);
    }
    if (least >= limit) return limit;
    previous = current;
  }
  return previous[right.length] ?? 0;
}
