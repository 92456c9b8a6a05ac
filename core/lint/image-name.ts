/** An image name of FROM or `--from`, taken apart without being checked: registry, tag and digest, where they stand. */

import { parseReference } from '../oci/reference.ts';

export interface ImageName {
  /** Absent: Docker Hub. */
  readonly registry?: string;
  /** Registry and repository, without tag and digest. */
  readonly name: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** Variables in the text count as ordinary characters; a `:` inside `${…}` begins no tag. */
export function imageName(text: string): ImageName {
  const at = text.indexOf('@');
  const tagged = at < 0 ? text : text.slice(0, at);
  const colon = tagColon(tagged);
  const name = colon < 0 ? tagged : tagged.slice(0, colon);
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const isRegistry = /[.:]/.test(first) || first === 'localhost';
  return {
    name,
    ...(isRegistry ? { registry: first } : {}),
    ...(colon < 0 ? {} : { tag: tagged.slice(colon + 1) }),
    ...(at < 0 ? {} : { digest: text.slice(at + 1) }),
  };
}

/** True when a builder takes the text for the name of an image. */
export function isImageReference(text: string): boolean {
  try {
    parseReference(text);
    return true;
  } catch {
    return false;
  }
}

/** The `:` before the tag: the last one, behind the last `/`, outside braces. */
function tagColon(text: string): number {
  let depth = 0;
  for (let at = text.length - 1; at >= 0; at -= 1) {
    const char = text[at];
    if (char === '}') depth += 1;
    else if (char === '{') depth -= 1;
    else if (depth > 0) continue;
    else if (char === '/') return -1;
    else if (char === ':') return at;
  }
  return -1;
}
