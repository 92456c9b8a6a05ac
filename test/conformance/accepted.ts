/** Where Naru answers otherwise than BuildKit on purpose: the differences by `table: case`. docs/conformance.md says why. */

export const ACCEPTED: Readonly<Record<string, readonly string[]>> = {
  'syntax: long line': ['line: 1 / 2'],
  'heredoc: COPY quoted name with blank': [
    'message: failed to process "<<\\"E": unexpected end of statement while looking for matching double-quote / failed to process "F\\"": unexpected end of statement while looking for matching double-quote',
  ],
  'copy-flags: link over directory': ['tree /x: dir 700 0:0 / dir 755 0:0'],
  'copy-flags: link below symlink': ['outcome: built / refused on line 3: cannot copy to non-directory: l'],
  'copy-flags: link with name': [
    'tree /x: dir 755 65534:65534 / dir 755 0:0',
    'tree /x/a.txt: file 644 65534:65534 2 87428fc52280 / file 644 0:0 2 87428fc52280',
  ],
  'refused: secret mount with from': ['message: no image a / secret mount should not have a from'],
  'refused: windows base': [
    'message: no image busybox / windows base images are unsupported: this engine builds Linux images',
  ],
};
