FROM "quoted image"
ENV a=b c="d e" f='g h' i=j\ k l="m\"n" o=
ENV legacy  all of this = one
ENV only
ENV =x
ARG A B=2 "C"=3 D='
LABEL "key one"="v 1" k2='v 2' k3
COPY ["a b", "c\\d", "é", "/x"]
COPY [a, b] /x
COPY ["a" /x
CMD ["a",]
CMD ["a"] # comment
CMD [1, "b"]
CMD 'single "inside"' \
  and more
SHELL ["/bin/sh", "-c"]
SHELL /bin/sh
EXPOSE 80   81/udp
VOLUME ["/a"]
VOLUME /a /b
VOLUME [ ]
WORKDIR   /a b  
USER
STOPSIGNAL 9 10
MAINTAINER Some One <x@y>
ONBUILD COPY --from=x a b
ONBUILD ONBUILD RUN x
ONBUILD FROM x
ONBUILD
ONBUILD RUN <<EOF
x
EOF
NOPE a b
runn x
