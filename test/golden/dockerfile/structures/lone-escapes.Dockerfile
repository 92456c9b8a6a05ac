FROM scratch
LABEL a=b\\\
LABEL a='b'\\\
LABEL a="b'"\\\
LABEL a='b"c' d="e\"f" g=h\\\
LABEL a b\\\
ENV a=b c="d e"\\\
ENV a=b \\\
ENV a='b\\\
RUN a\\\
