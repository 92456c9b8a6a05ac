/** A component of a key on its way in: the value the key depends on, and what is stored of it. */

import type { KeyComponent } from './cache-record.ts';

export interface RawComponent extends KeyComponent {
  /** Replaces `value` in what is kept; absent when that may be kept in clear. */
  readonly stored?: string;
}
