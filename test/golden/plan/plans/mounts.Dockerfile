# args: --build-arg SUB=deep --build-arg ID=token
FROM busybox AS lib
RUN makes /lib
FROM busybox
ARG SUB
ARG ID
WORKDIR /w
RUN --mount=target=/all a
RUN --mount=type=bind,source=src,target=rel a
RUN --mount=type=bind,src=./src/../src/$SUB,dst=/d,rw a
RUN --mount=type=bind,source=/src/one,destination=/one,readwrite=true a
RUN --mount=type=bind,target=/f,readonly=false a
RUN --mount=type=bind,target=/f,ro=true a
RUN --mount=type=bind,from=lib,source=lib/,target=/lib a
RUN --mount=type=bind,from=busybox:musl,target=/musl a
RUN --mount=type=bind,from=scratch,target=/nothing a
RUN --mount=type=bind,source=ignored,target=/i a
RUN --mount=type=cache,target=/c a
RUN --mount=type=cache,target=c/../d/ a
RUN --mount=TYPE=cache,target=/c,id=named,sharing=locked,uid=1,gid=2,mode=0700,ro a
RUN --mount=type=cache,target=/c,sharing=private,from=lib,source=seed a
RUN --mount=type=tmpfs,target=/t a
RUN --mount=type=tmpfs,target=/t,size=1.5g a
RUN --mount=type=secret,id=s a
RUN --mount=type=secret,id=$ID,target=rel/s,required=true,mode=0444,uid=5,gid=6 a
RUN --mount=type=secret,id=dir/name.txt a
RUN --mount=type=secret,target=/only/target a
RUN --mount=type=secret,source=by-source,required a
RUN --mount=type=secret,id=s,env=TOKEN a
RUN --mount=type=secret,id=s,env=TOKEN,target=/both,required=1 a
RUN --mount=type=ssh a
RUN --mount=type=ssh,id=git,target=/agent,required=true,uid=1,gid=2,mode=0666 --mount=type=ssh a
RUN --mount="type=tmpfs,target=/quo""ted" --mount=type=cache,target=/c --mount=source=a.txt,target=/a a
RUN --mount=type=cache,target=/c,from=busybox:musl a
