#!/bin/sh
# Compiles one native tool, fully static, inside the throw-away Debian root that scripts/native.ts makes.
#   build-in-chroot.sh TOOL VERSION TARBALL GNU_TRIPLET OUTPUT_FILE [PATCH...]
# glibc is linked statically: the tools never look up users or host names, which static glibc cannot do.
set -eu
tool=$1 version=$2 tarball=$3 triplet=$4 output=$5
shift 5

export CC="$triplet-gcc" PKG_CONFIG="$triplet-pkg-config" SOURCE_DATE_EPOCH=1746230400
export PKG_CONFIG_LIBDIR="/usr/lib/$triplet/pkgconfig:/usr/share/pkgconfig"
work=$(mktemp -d)
log=$work.log
cflags="-O2 -g0 -ffunction-sections -fdata-sections -fstack-protector-strong -D_FORTIFY_SOURCE=2 -ffile-prefix-map=$work=."
ldflags="-static -Wl,--gc-sections -Wl,-z,relro,-z,now"

# The configure scripts of crun run for a minute; everything they print is kept for the case that they fail.
logged() {
  "$@" >>"$log" 2>&1 || { echo "building $tool failed at: $*" >&2; tail -n 40 "$log" >&2; exit 1; }
}

build_crun() {
  [ -f git-version.h ] || printf '#ifndef GIT_VERSION\n#define GIT_VERSION "%s"\n#endif\n' "$version" >git-version.h
  # Debian's static yajl has another name than the linker is asked for.
  mkdir -p "$work/lib"
  ln -s "/usr/lib/$triplet/libyajl_s.a" "$work/lib/libyajl.a"
  logged ./configure -q --host="$triplet" --disable-shared --enable-static \
    --disable-systemd --disable-criu --disable-dl CFLAGS="$cflags" LDFLAGS="-L$work/lib $ldflags"
  # Generated headers come first: the crun target races them when make runs in parallel.
  logged make -C libocispec
  logged make git-version.h
  logged make -j"$(nproc)" LDFLAGS="-L$work/lib $ldflags -all-static" crun
}

# Its Makefile asks pkg-config for shared libraries and looks for journald, so it is compiled directly.
build_conmon() {
  # shellcheck disable=SC2046,SC2086 # lists of flags
  logged "$CC" $cflags -Os -std=c99 $("$PKG_CONFIG" --cflags glib-2.0) \
    -DVERSION="\"$version\"" -DGIT_COMMIT='"naru"' $ldflags -o conmon src/*.c \
    $("$PKG_CONFIG" --static --libs glib-2.0)
}

build_pasta() {
  # It would start a sibling program built for AVX2, which is not shipped.
  sed -i '/^[[:space:]]*arch_avx2_exec(argv);/d' passt.c
  logged make -j"$(nproc)" CC="$CC" VERSION="$version" \
    CFLAGS="-O2 -DGLIBC_NO_STATIC_NSS" LDFLAGS=-static passt
  mv passt pasta
}

build_tini() {
  printf '#define TINI_VERSION "%s"\n#define TINI_GIT ""\n' "$version" >src/tiniConfig.h
  # shellcheck disable=SC2086 # lists of flags
  logged "$CC" $cflags -Os -std=gnu99 -Isrc $ldflags -o tini src/tini.c
}

mkdir -p "$work/src"
cd "$work/src"
tar xf "$tarball" --strip-components=1
for patch in "$@"; do logged patch -p1 -i "$patch"; done
"build_$tool"
"$triplet-strip" -o "$output" "$tool"
