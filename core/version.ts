/** The version every program of Naru reports; a test keeps it equal to package.json. */

export const NARU_VERSION = '0.1.0';

/** Docker Engine API versions the engine speaks, newest and oldest; `/v1.N/` prefixes outside are refused. */
export const API_VERSION = '1.47';
export const MIN_API_VERSION = '1.24';
