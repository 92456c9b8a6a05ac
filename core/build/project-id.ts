/** The name under which records of one Dockerfile are found again after edits. */

import { digestOfParts } from './encoding.ts';

/** From where the Dockerfile and its context lie; both as the caller names them, absolute. */
export function projectId(dockerfilePath: string, contextPath: string): string {
  return digestOfParts('project', [dockerfilePath, contextPath]).slice(7, 39);
}
