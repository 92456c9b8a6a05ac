/**
 * Numbers that look random and are the same for the same seed, for texts that are made up and recorded.
 */

/** Answers whole numbers from 0 up to, not including, the given one. */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
