/** Where Naru answers otherwise than BuildKit on purpose: the differences by `table: case`. docs/conformance.md says why. */

export const ACCEPTED: Readonly<Record<string, readonly string[]>> = {
  'syntax: long line': ['line: 1 / 2'],
  'heredoc: COPY quoted name with blank': [
    'message: failed to process "<<\\"E": unexpected end of statement while looking for matching double-quote / failed to process "F\\"": unexpected end of statement while looking for matching double-quote',
  ],
  'named: file at an address': ['outcome: refused on line 2: invalid argument / built'],
  'refused: secret mount with from': ['message: no image a / secret mount should not have a from'],
  'refused: windows base': [
    'message: no image busybox / windows base images are unsupported: this engine builds Linux images',
  ],
};
