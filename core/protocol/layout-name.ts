/** The name that a client gives to the image of a layout (`--build-context x=oci-layout://…`) for as long as its build runs; declared here for both ends. */

export const LAYOUT_REPOSITORY = 'naru-layout';

/** True for the names that clients make, which have a UUID as their tag; a user's own `naru-layout:mine` is none. */
export function isLayoutName(name: string): boolean {
  return LAYOUT_NAME.test(name);
}

const LAYOUT_NAME = new RegExp(`^${LAYOUT_REPOSITORY}:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$`);
