/** Texts of `--chmod`, and the modes they are tried on. */

const SYMBOLIC =
  'a=rx =rx ugo=rx = a= u= g= o= u=t o=t a=t =t u+t g+t o+t a+t u-t o-t a-t -t u=s g=s o=s a=s =s +s a+s u-s -s a-s o+s o-s ' +
  'u=g g=o a=u =u +u a+o u=rwxs g=rwxs a=rwxst u=rw,g=,o= u=rw,go=r u=rwx,g=rx,o= u=X a=X +X a=rwX u+X g-X +x a+x ua+w u+r g+w ' +
  'o+x a-r go-w u+x-w u=r+x ug=rw go= u+rw-x u=r-r a=u-w u=u o=u,u=o + - u+ a- u=+x a=ug u=gr uu=r aa+x u+ss o=rwxt go=t u=ugo ' +
  'u=gx o=us a-x,a+X u+x,g+X a-X u-X -X =rt +rt -rt a=rt o=rt o+rt =tr u=tg g=tu =ut u=Xr u+Xg u=gX -u u-g a-o =rw,+X a=,u+X =X ' +
  'u=X,g=x go-u-w ao=r oo=t a=rs ug+s';
const OCTAL = '0 644 0644 4755 7777 07777 1';
const WRONG = '10000 9 08 888 6x 6+x x6 -6 +6 u rw ux=r u+s, ,u+r u+z z+x a=9 u+x6 U=r';

export const CHMOD_TEXTS: readonly string[] = [SYMBOLIC, OCTAL, WRONG].flatMap((texts) => texts.split(' '));

export const CHMOD_MODES: readonly number[] = [0o644, 0o7777, 0o1777, 0o2750, 0o4711, 0];

/** Modes in octal, in the order of CHMOD_MODES, blanks between; or the words of a refusal. */
export type ChmodAnswer =
  | { readonly file: string; readonly directory: string }
  | { readonly refused: string };
