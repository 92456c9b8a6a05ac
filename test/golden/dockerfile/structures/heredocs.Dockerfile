FROM a
RUN <<EOF
one
EOF
RUN <<-"E F" cat <<'G' 3<<H
	a
	E F
$b
G
		c
	H
H
COPY <<-A <<B\
C /d/
		x
	y
	A
z
BC
COPY <<A <<A /d
1
A
2
A
COPY <<A
x
A
RUN echo "<<NO" '<<NO' $((1<<2)) <<<no \<<NO <<
ADD <<f /x
f
RUN <<$X
a
$X
CMD <<EOF
RUN ["<<EOF"]
RUN <<"A'B"
A'B
RUN <<EMPTY
EMPTY
RUN <<never
rest of the file
 never
