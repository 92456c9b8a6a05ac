FROM nowhere:1 AS a
RUN a
COPY --from=nowhere:2 /x /y
FROM a
RUN b
