/**
 * What a build made, sent to its client.
 *
 * `GET /naru/v1/builds/{id}/files` answers the files of the image as a tar, without its root;
 * `GET /naru/v1/builds/{id}/archive?name=…` answers the image as one archive, as `docker save` writes it, under these names.
 * A build whose image is not kept (`BuildRequest.makes`) holds what it made for a minute after its end, and while one of these is sent.
 */

import { BUILDS_PATH } from './build.ts';

export function buildFilesPath(build: string): string {
  return `${BUILDS_PATH}/${encodeURIComponent(build)}/files`;
}

export function buildArchivePath(build: string): string {
  return `${BUILDS_PATH}/${encodeURIComponent(build)}/archive`;
}
