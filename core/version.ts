/** The version every program of Naru reports; a test keeps it equal to package.json. */

export const NARU_VERSION = '0.1.0';

/**
 * What a client and an engine of Naru must have in common; beyond it an older client drives a newer engine.
 * It is raised by a change after which clients from before could not: a meaning of `/naru/v1/` changes, or something they need goes.
 */
export const ENGINE_PROTOCOL = 1;

/** Docker Engine API versions the engine speaks, newest and oldest; `/v1.N/` prefixes outside are refused. */
export const API_VERSION = '1.47';
export const MIN_API_VERSION = '1.24';
