# args: --build-arg GIVEN=secret --build-arg HTTP_PROXY=http://p:1 --build-arg no_proxy=n --build-arg FTP_PROXY=f --allow network.host --allow security.insecure
FROM busybox
RUN one   "two" 'three' $HOME
RUN ["exec", "form words", "$HOME"]
RUN split \
  # a comment
  over lines
ENV B=2 A="1 1"
ENV API_KEY=hunter2 PASSWORD_FILE=/run/p
ARG GIVEN
ARG B=3
ARG NONE
ARG FTP_PROXY
RUN sees
ENV GIVEN=$GIVEN-env
WORKDIR /w
WORKDIR sub
USER 1000:1000
RUN --network=none a
RUN --network=host b
RUN --network=default c
RUN --security=insecure d
RUN --security=sandbox e
SHELL ["/bin/ash", "-ec"]
RUN shell
RUN <<EOF
lone $A
EOF
RUN <<-"END"
	quoted, tabs go
	END
RUN <<EOF
#!/usr/bin/env python
print(1)
EOF
RUN cat <<EOF && cat <<-X
first
EOF
	second
	X
RUN 3<<EOF cat
x
EOF
