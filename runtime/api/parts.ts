/** The parts of the engine the endpoints work on; the composition root fills them in. */

import { NaruError } from '../../core/errors.ts';
import type { SystemReport } from '../engine/system/report.ts';
import type { ImageStore } from '../engine/images/image-store.ts';

export interface ApiParts {
  readonly system: SystemReport;
  readonly images: ImageStore | undefined;
}

/** The part, or "unimplemented" naming it while this engine is without. */
export function need<T>(part: T | undefined, name: string): T {
  if (part === undefined) throw unimplemented(name);
  return part;
}

/** What endpoints answer for a feature of Docker that Naru lacks. */
export function unimplemented(feature: string): NaruError {
  return new NaruError('unimplemented', 'E_UNIMPLEMENTED', `${feature} is not implemented by this engine`);
}
