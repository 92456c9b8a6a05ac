ARG A=1
RUN before
ENV B=1
FROM a AS One
FROM one as two three
FROM AS x
FROM b AS 1bad
FROM c AS One
FROM d AS scratch
FROM
from E as é
