/** Where Naru answers otherwise than BuildKit on purpose: the differences by `table: case`. docs/conformance.md says why. */

export const ACCEPTED: Readonly<Record<string, readonly string[]>> = {
  'syntax: long line': ['line: 1 / 2'],
  'reading: directive twice': ['line: 1 / 2'],
  'reading: NUL in a comment': ['outcome: built / refused on line 0: the request body holds a NUL character'],
  'named: file at an address': ['outcome: refused on line 2: invalid argument / built'],
  'ignored: allow-list by ending, with a directory out again': [
    'tree /x/src/deep/b.go: file 644 0:0 0 e3b0c44298fc / file 644 0:0 2 0263829989b6',
  ],
  'names: line end, JSON': [
    'outcome: refused on line 0: Internal: rpc error: code = Internal desc = rpc error: code = Internal desc = header key "followpaths" contains value with non-printable ASCII characters / built',
  ],
  'names: blank in front, JSON': ['outcome: refused on line 2: "/ leading": not found / built'],
  'names: blank at the end, JSON': ['outcome: refused on line 2: "/trailing ": not found / built'],
  'names: backslash, JSON': ['outcome: refused on line 2: "/back\\\\slash": not found / built'],
  'names: mount of odd names': ['outcome: refused on line 2: "/ë\\u0082\\u0098ë£¨": not found / built'],
  'names: star as a letter': [
    'tree /x: (none) / dir 755 0:0',
    'tree /x/star*: (none) / file 644 0:0 5 685b39f996ea',
  ],
  'refused: secret mount with from': ['message: no image a / secret mount should not have a from'],
  'refused: windows base': [
    'message: no image busybox / windows base images are unsupported: this engine builds Linux images',
  ],
};
