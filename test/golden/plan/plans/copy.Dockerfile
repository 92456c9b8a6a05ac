# args: --build-arg WHO=7:8 --build-arg D=/by/arg
FROM busybox AS other
COPY a.txt /x
FROM busybox
ARG WHO
ARG D
COPY a.txt /a
COPY a.txt rel
WORKDIR /w
COPY a.txt rel
COPY a.txt .
COPY a.txt ./
COPY a.txt ./sub/.
COPY a.txt ../up/
COPY a.txt /
COPY src /d
COPY src /d/
COPY src/ src/one /both/
COPY *.txt /t/
COPY s*/* /s/
COPY nothing*.x /n/
COPY empty /e
COPY src/link /l
COPY ./src//deep/../two.md /two
COPY ["a.txt", "b.txt", "/json dir/"]
COPY --chown=$WHO a.txt $D
COPY --chown=user:group a.txt /c
COPY --chown=007 a.txt /c
COPY --chmod=0640 a.txt src /m/
COPY --chmod=u+x a.txt /m
COPY --exclude=*.md --exclude=deep src /x/
COPY --parents src/deep/three /p/
COPY --parents ./src/./deep /q/
COPY --link a.txt /linked
COPY --link=true --chown=1 src /linked/
COPY --link=false a.txt /unlinked
COPY --from=other /x /y
COPY --from=0 --chmod=600 x /y/
COPY --from=other --link --exclude=a /x /y/z
COPY --from=busybox:musl /bin/sh /sh
COPY --from=scratch / /none
COPY <<EOF /h
body $WHO "quoted" \$kept
EOF
COPY <<'RAW' <<MORE a.txt /hs/
$raw
RAW
more ${D#/}
MORE
COPY ignored /never
