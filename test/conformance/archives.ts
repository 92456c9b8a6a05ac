/**
 * Archives that cases unpack, base64: a directory of 1000:1001 with a file, a set-uid script, a symlink and a hard link, in every compression ADD knows; and a build context.
 * Made once with Python's tarfile; mtimes are those of 2020-01-01.
 */

import { gunzipSync } from 'node:zlib';

export const TAR_GZ =
  'H4sIAAAAAAACA+3WQQqDMBAF0Fn3FCndaxKTzHksrSgVWzRCj98oLYVA3cVF899mIFlk8flh/P1RUmIyYCuXqb5TredvpConNTtp5HLvXKVJWNrBPPl6DE9SnnzIvyn80yfO35mt/G2UPztlSEjkn1zT9dcDAWXc/3EeiqlN2n/D1n76Hs/wG+i4/2zQ/12cjuW5G8qpxSeQbf/7brgl3/+Yf/c/3v+UNIZJ6NSLCfq/5t/W4yV1/tv7X5y/0uFaqD2W08zzBwAAAAAAAAAAAAAAgP/yAo3hHcAAKAAA';

export const TAR_BZ2 =
  'QlpoOTFBWSZTWUsGJwIAAQ3bgMuRaAH/gAHMd23eQAhIMADYIjVAAaANAAAB6GNNBoAZNAZGmhiaMEUieqNpTQ00009Jo009QNqaH9yzPX3pr7jdAaXrIQaWRU3G3HdzS1e1kiL1Nk6aFQsikIa8qj4/v38ufCErwME2dkQ0EMEqlBHl7e8SrlK0SByE20CwQcayk3D1ZSVSt1U1RQuTGLom3KQxgLJA34F9riuA10pMxKnFMePnzoX7/wr5c9G/OelDUPQegznGhPxCC9iSsRuiYwe0YqAIiULuSKcKEglgxOBA';

export const TAR_XZ =
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4Cf/ANBdADobymMkBJSzSsi8zzvCw943yG/nrBJ7m9D2nWngNWFd4CU5nMqPdlXJE7u63zmzWxyE+9SXwx8TJ7L+7HseqlUl92B/1kr1y+llUd9D1SnXMKhA11uUlm4e9KKnLW2iwNLWU3bz66lWEJ2cxXQeGRe3UyUv1k/66aSrIU/GNsRQQP2mvYFgkH0T4XShevLTLjrd6CPA8fOshubs8vxz/HpJxQYEsvOkkb9MitBagWPk87z5zgKKoOnzk4TEpBy/0DdrkHilA02dNqkU9c9dlQAAIhTB28EdksAAAewBgFAAAB++Vh6xxGf7AgAAAAAEWVo=';

export const TAR_ZST =
  'KLUv/QRojQUAsocXF4BtDoC542qRP0MSoyshk7glbQ41B9VTmZxspQ+ncCt5VZ//7t5W4Fvco+AzVCDorvwZW3XPACHHALK85MmabZm2GMUh8W+niA9klryI1n7/+rbrjUjfmWd7q4aJASEgQCsoKW0H/fnr4SoKgIpmQoAe0KYOuMYWKcCJApcxm+gpswA9Auohq4prhBZhgIDoTQ1QC9yjFjDVdBeDeUcHsMIcdQKnBg7hxg7g8nS0C24Atg==';

export const CONTEXT_TAR_GZ =
  'H4sIAAAAAAACA+3WvQ6CMBSG4c5cRa+AFujPBWjcDMbNkRqMRCMJlATv3qabmMDUmsD3LE1YOhzeA/v2+qi7W/OsSTDcUUL405menIuMZIXiuVZc+OdaK00oJxEMva06dyXZpsO5PFIz9G/TjsmuPF1oldrR0n4wlDUvlhBYs9be6y7dB90Ci/0X+rv/zBHo/5/9M/9ioP6189MOfMdi/zyffP+VlgX6jzJ/JL5p7j+PkQj9ayln+ufT/qV2/Uv0H2X+JvA3wO//37nP7H+3/iX2fwwG+x8AAAAAAAAAAAAAYHU+wTQUXgAoAAA=';

/** Each with a file `f` of its own, and an empty file named as it. */
const TAR_ONE_GZ =
  'H4sIAAAAAAACA+3TOwoCUQwF0NSuwiVkNLxZj4WWCn72b5hyGitFmHOaQAgkEO4lvi/bqFpqW9dWMR1HHuaRtfTH1OP7/MFt8Xo8T/deGdt0u553wWb1//8g/7nOf83yDwAAAAAAAAAAH70BoIgEoQAoAAA=';
const TAR_TWO_GZ =
  'H4sIAAAAAAACA+3TMQrCUAwG4MyewiOk9fV5HhdXwVa8fkPHLk6K0O9bAiGQQPjv8X1ZemtbLftaWgyXnuO1Z9v6fajxc/7gtnjNy+1ZK+OYlvfjFBxW/f8P8p/7/E+j/AMAAAAAAAAAwEcryR4hWwAoAAA=';

/** A context with files of 1000:1001, a set-uid file, a hard link, a symlink and an ignore file; paths begin with `./`. */
const OWNED_TAR_GZ =
  'H4sIAAAAAAACA+2YvWrDMBSFNecp9AKxpOgPCplaupWUbh2byGpCQwx2Q5M+fYVsKDHUtIMUqM63XMmLwUfn6lxXjCSHB6zWsQbGNa6FNHxhDVfxuRHSEqpJBo7d+0sbXknKpGJ3zeatbv1uX6fU3yj1s/5WXuovuJCCUA79k3P/tHqg62N3Xjen2e3q8ZlWlJ1Yv3TMU3YeNvP5Ztt8HJbyRlFH2eeMgP/g/8rFBrB7PTRtfR3/Cz72f9jA/znoZXcwc7H+H05A4vw36f9g9sv8ZzXH/Z/H/3B+4f53ySfAfv6LfhffVUzNfypEAsx/mfT3GfQ3akr/cf83WqP/Z8Gj/xff/7v0/lfD/7/f+t8g/+Whg/+L9//26vf/OP9ZGQoVOcIJ8h/b58j/1v4l/9twXOjCZ/gAhesPAAAAAAAAKIcv1u9TBQAoAAA=';

export const OWNED_TAR = plain(OWNED_TAR_GZ);

export const TAR = plain(TAR_GZ);

export const TAR_ONE = plain(TAR_ONE_GZ);

export const TAR_TWO = plain(TAR_TWO_GZ);

export const CONTEXT_TAR = plain(CONTEXT_TAR_GZ);

function plain(base64: string): string {
  return gunzipSync(Buffer.from(base64, 'base64')).toString('base64');
}
