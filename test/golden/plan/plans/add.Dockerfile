FROM busybox
ADD a.txt /a
ADD archive.tar /x/
ADD src archive.tar /x/
ADD src /x/
ADD --unpack=false archive.tar /x/
ADD --unpack archive.tar /x/
ADD https://example.org/f.tar.gz /u/
ADD --unpack=true http://example.org/path/f.tar.gz?q=1#frag /u/
ADD http://example.org /u/
ADD http://example.org/a%20b/ /u/
ADD --checksum=sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03 https://example.org/f /u
ADD --chown=1:2 --chmod=644 --link https://example.org/f a.txt /u/
ADD --exclude=*.md src /e/
ADD https://example.org/r.git /g/
ADD --link src/one /one
