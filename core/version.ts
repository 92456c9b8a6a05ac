/** Naru's version, for every program, taken from package.json when the bundle is made. */
declare const NARU_VERSION: string | undefined;

export const VERSION: string = typeof NARU_VERSION === 'string' ? NARU_VERSION : '0.0.0-dev';
