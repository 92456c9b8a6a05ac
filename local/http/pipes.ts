/** The two pipes of a process as one stream, for peers reached through a command such as `docker system dial-stdio`. */

import { Duplex, type Readable, type Writable } from 'node:stream';

/** Ends and errors of either pipe show on the stream; destroying it destroys both. */
export function duplexOfPipes(output: Readable, input: Writable): Duplex {
  return Duplex.from({ readable: output, writable: input });
}
