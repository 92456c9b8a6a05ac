FROM busybox
RUN <<E
echo a
E
RUN 3<<E
echo b
E
RUN <<-E
	echo c
	E
RUN << E
echo d
E
RUN <<"E F"
echo e
E F
RUN <<'E'
echo f
E
RUN <<""E
echo g
E
RUN cat <<E
h
E
RUN <<E cat
i
E
RUN <<A <<B
j
A
k
B
RUN <<E
#!/bin/sh
l
E
RUN <<E | tee x
m
E
RUN  <<E  
n
E
SHELL ["sh", "-ec"]
RUN <<E
#!/bin/sh
o
E
RUN ["cat", "<<E"]
COPY <<A <<"B" a.txt 5<<C /d/
$PATH
A
$PATH
B
$PATH
C
COPY <<-E /e
	f
		g
	E
ONBUILD RUN <<E
p
E
ONBUILD COPY <<E <<F /f/
q
E
r
F
HEALTHCHECK NONE
HEALTHCHECK --interval=1s --timeout=999ms --start-period=61s --start-interval=1h0m0.5s --retries=7 CMD ["a", "b"]
HEALTHCHECK --interval= CMD c
