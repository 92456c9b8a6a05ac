FROM a
RUN b \
  c
# d
COPY <<E /x
body
E

RUN last