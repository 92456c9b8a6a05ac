/** Waits for calm before something is done, but not for ever: what changes all the time is looked at now and then. */

export interface Calm {
  /** Something happened: `act` is called once it has been calm for a while. */
  stir(): void;
  /** Nothing is called any more, unless it is stirred again. */
  cancel(): void;
}

export interface CalmOptions {
  /** Without a stir. */
  readonly pauseMs: number;
  /** After the first stir, calm or not. */
  readonly limitMs: number;
}

export function calm(act: () => void, { limitMs, pauseMs }: CalmOptions): Calm {
  let pause: NodeJS.Timeout | undefined;
  let limit: NodeJS.Timeout | undefined;
  function cancel(): void {
    clearTimeout(pause);
    clearTimeout(limit);
    limit = undefined;
  }
  function end(): void {
    cancel();
    act();
  }
  return {
    stir() {
      clearTimeout(pause);
      pause = setTimeout(end, pauseMs);
      limit ??= setTimeout(end, limitMs);
    },
    cancel,
  };
}
