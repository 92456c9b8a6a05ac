/** Stands in for a part of the engine that this build is without: every use answers "unimplemented" naming it. */

import { unimplemented } from './parts.ts';

/** An object of type `T` whose every property throws when it is used. */
export function missingPart<T extends object>(name: string): T {
  const stand: unknown = new Proxy(
    {},
    {
      get() {
        throw unimplemented(name);
      },
    },
  );
  return stand as T; // it only ever throws
}
