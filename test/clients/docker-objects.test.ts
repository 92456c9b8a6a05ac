/** Images, volumes, networks, events and the system commands, with Docker's own command line. */

import { busyboxArchive } from '../../scripts/base-images.ts';
import { runCliTable, type CliCase } from '../support/cli-table.ts';
import { dockerCli, type DockerCli } from '../support/docker-cli.ts';
import { engineForClients, type EngineUnderTest } from '../support/engine.ts';
import { requireRoot } from '../support/skip.ts';

const SYSTEM: readonly CliCase[] = [
  { docker: ['version', '--format', '{{.Server.Version}} {{.Server.Os}}'], out: /^\d+\.\d+\.\d+\S* linux$/ },
  { docker: 'info', out: /Containers: 0/ },
  { docker: ['info', '--format', '{{.Driver}} {{.OSType}}'], out: 'overlay2 linux' },
  { docker: 'system df', out: /Images +\d/ },
  { docker: 'system df -v', out: /Images space usage/ },
];

const IMAGES: readonly CliCase[] = [
  { docker: ['images', '--format', '{{.Repository}}:{{.Tag}}', 'busybox'], out: /busybox:latest/ },
  { docker: 'images -q --no-trunc busybox:latest', out: /^sha256:[0-9a-f]{64}$/ },
  { docker: 'tag busybox:latest mine:1' },
  {
    docker: ['images', '--filter', 'reference=mi*:1', '--format', '{{.Repository}}:{{.Tag}}'],
    out: 'mine:1',
  },
  { docker: 'rmi mine:1', out: /^Untagged: mine:1/ },
  { docker: 'rmi nosuch', status: 1, err: /No such image: nosuch/ },
  { docker: 'history busybox', out: /IMAGE/ },
  { docker: ['image', 'inspect', '-f', '{{.RootFS.Type}}', 'busybox'], out: 'layers' },
  {
    name: 'save and load keep the id',
    shell: `a=$(docker images -q --no-trunc busybox:latest); docker save busybox:latest -o /tmp/naru-save.$$; docker rmi -f busybox:latest >/dev/null; docker load -i /tmp/naru-save.$$; rm /tmp/naru-save.$$; [ "$a" = "$(docker images -q --no-trunc busybox:latest)" ]`,
    out: /Loaded image: busybox:latest/,
  },
  {
    name: 'import makes an image of a tar',
    shell: `docker create --name ex busybox >/dev/null; docker export ex | docker import -c 'CMD ["echo","imported"]' - imported:1; docker rm ex >/dev/null; docker run --rm imported:1`,
    out: /^sha256:[0-9a-f]{64}\nimported$/,
  },
  { docker: 'image prune -f', out: /Total reclaimed space/ },
];

/** On the default network, where a link is all that names another container. */
const LINKS: readonly CliCase[] = [
  {
    docker: 'run -d --name db-1 --expose 5432 -e MODE=fast busybox sleep 1000',
    out: /^[0-9a-f]{64}$/,
  },
  {
    name: 'a link is a name in /etc/hosts',
    shell: `ip=$(docker inspect -f '{{.NetworkSettings.IPAddress}}' db-1); id=$(docker inspect -f '{{.Config.Hostname}}' db-1)
docker run --rm --name app --link db-1:my-db busybox grep my-db /etc/hosts | grep -qx "$ip.my-db $id db-1" && docker run --rm --link db-1 busybox ping -qc1 db-1`,
    out: /1 packets received/,
  },
  {
    name: 'and variables',
    shell: `ip=$(docker inspect -f '{{.NetworkSettings.IPAddress}}' db-1)
docker run --rm --name app --link db-1:my-db -e MY_DB_ENV_MODE=own busybox env | grep ^MY_DB | sort | sed "s/$ip/IP/"`,
    out: [
      'MY_DB_ENV_MODE=own',
      'MY_DB_NAME=/app/my-db',
      'MY_DB_PORT=tcp://IP:5432',
      'MY_DB_PORT_5432_TCP=tcp://IP:5432',
      'MY_DB_PORT_5432_TCP_ADDR=IP',
      'MY_DB_PORT_5432_TCP_PORT=5432',
      'MY_DB_PORT_5432_TCP_PROTO=tcp',
    ].join('\n'),
  },
  {
    docker: 'create --link nosuch busybox',
    status: 1,
    err: /could not get container for nosuch: No such container: nosuch/,
  },
  {
    shell: 'docker kill db-1 >/dev/null; docker run --rm --name app --link db-1:db busybox true',
    status: 125,
    err: /Cannot link to a non running container: \/db-1 AS \/app\/db/,
  },
  ...(
    [
      ['-p 80:80', 'port publishing and the container type network mode'],
      ['-P', 'port publishing and the container type network mode'],
      ['--expose 80', 'port exposing and the container type network mode'],
      ['--hostname x', 'hostname and the network mode'],
      ['--dns 1.1.1.1', 'dns and the network mode'],
      ['--add-host a:1.2.3.4', 'custom host-to-IP mapping and the network mode'],
    ] as const
  ).map(
    ([flags, words]): CliCase => ({
      docker: `run --rm --network container:db-1 ${flags} busybox true`,
      status: 125,
      err: new RegExp(`conflicting options: ${words}`),
    }),
  ),
  { docker: 'rm db-1', out: 'db-1' },
  {
    name: 'nor to one on another network alone',
    shell: `docker network create apart >/dev/null; docker run -d --name far --network apart busybox sleep 1000 >/dev/null
docker run --rm --link far busybox true; status=$?; docker rm -f far >/dev/null; docker network rm apart >/dev/null; exit $status`,
    status: 125,
    err: /Cannot link to \/far, as it does not belong to the default network/,
  },
];

const VOLUMES: readonly CliCase[] = [
  {
    name: 'publish means a port of the host, expose one of the container, of those that run',
    shell: `docker run -d --name p1 -p 127.0.0.1:18641:80 busybox sleep 1000 >/dev/null; docker run -d --name p2 --expose 80 busybox sleep 1000 >/dev/null
for f in publish=80 publish=18641 publish=18640-18642/tcp publish=18641/udp expose=80 expose=81; do
  echo $f $(docker ps --format '{{.Names}}' --filter $f | sort); done
echo both $(docker ps -q --filter publish=18641 --filter expose=81 | wc -l)
docker kill p1 p2 >/dev/null; echo ended $(docker ps -aq --filter expose=80 --filter publish=18641); docker rm p1 p2 >/dev/null`,
    out: [
      'publish=80',
      'publish=18641 p1',
      'publish=18640-18642/tcp p1',
      'publish=18641/udp',
      'expose=80 p1 p2',
      'expose=81',
      'both 1',
      'ended',
    ].join('\n'),
  },
  {
    name: 'a prune with a filter that cannot be read removes nothing',
    shell: `docker create --name stays busybox >/dev/null; docker container prune -f --filter until=xx; status=$?
docker rm stays || status=0; exit $status`,
    status: 1,
    out: 'stays',
    err: /"xx"/,
  },
  {
    name: 'a name is taken from an image that runs, by force alone',
    shell: `docker create --name base busybox >/dev/null; docker commit base only:1 >/dev/null; docker rm base >/dev/null
docker run -d --name runs only:1 sleep 1000 >/dev/null; docker rmi only:1; docker rmi -f only:1
docker exec runs echo lives; id=$(docker inspect -f '{{.Image}}' runs); docker rm -f runs >/dev/null; docker rmi -f $id >/dev/null`,
    out: ['Untagged: only:1', 'lives'].join('\n'),
    err: /unable to remove repository reference "only:1" \(must force\)/,
  },
  {
    name: 'the whole of a container that runs is copied, without what is mounted by the kernel',
    shell: `docker run -d --name runs busybox sh -c 'echo x > /own; sleep 1000' >/dev/null; d=$(mktemp -d); docker cp -q runs:/ $d
docker rm -f runs >/dev/null; ls $d | tr '\\n' ' '; ls -A $d/proc $d/sys | wc -w; cat $d/own; rm -rf $d`,
    out: /bin .*dev .*etc .*own .*proc .*sys .*usr .*\b2\nx$/,
  },
  {
    name: 'what the kernel shows in a container is no file of it',
    shell: `docker run -d --name runs -v /proc/sys/kernel:/mounted busybox sleep 1000 >/dev/null; d=$(mktemp -d)
for p in /proc/version /dev/null /sys/kernel/mm; do docker cp -q runs:$p $d/x || ls -A $d; done
docker cp -q runs:/proc $d && ls -A $d/proc | wc -l; docker cp -q runs:/mounted/ostype $d/y; ls $d; docker rm -f runs >/dev/null; rm -rf $d`,
    out: ['0', 'proc', 'y'].join('\n'),
    err: /Could not find the file \/proc\/version in container runs[^]*file \/dev\/null[^]*file \/sys\/kernel\/mm/,
  },
  {
    name: 'the last of those who share an anonymous volume takes it away',
    shell: `docker create --name owns -v /shared busybox >/dev/null; docker create --name shares --volumes-from owns busybox >/dev/null
docker rm -v owns >/dev/null; docker volume ls -q | wc -l; docker rm -v shares >/dev/null; docker volume ls -q | wc -l`,
    out: ['1', '0'].join('\n'),
  },
  { docker: 'volume create --label k=v vol', out: 'vol' },
  { docker: ['run', '--rm', '-v', 'vol:/d', 'busybox', 'sh', '-c', 'echo keep > /d/f'] },
  { docker: 'run --rm --mount type=volume,src=vol,dst=/d busybox cat /d/f', out: 'keep' },
  { docker: ['volume', 'inspect', '-f', '{{.Driver}} {{.Labels.k}}', 'vol'], out: 'local v' },
  { docker: 'volume ls -q --filter label=k=v', out: 'vol' },
  { shell: `cat $(docker volume inspect -f '{{.Mountpoint}}' vol)/f`, out: 'keep' },
  {
    shell: 'docker create --name user -v vol:/d busybox >/dev/null; docker volume rm vol',
    status: 1,
    err: /in use/,
  },
  { docker: 'rm user', out: 'user' },
  { docker: 'volume rm vol', out: 'vol' },
  { docker: 'volume inspect vol', status: 1, err: /no such volume/i },
  {
    docker: ['run', '--rm', '--mount', 'type=bind,src=/nope,dst=/m', 'busybox', 'true'],
    status: 125,
    err: /does not exist/,
  },
];

const BETWEEN_RUNS: readonly CliCase[] = [
  {
    name: 'a container between two runs asks for patience',
    shell: `docker run -d --name again --restart always busybox false >/dev/null
for verb in 'exec again true' 'top again' 'pause again' 'attach again'; do
  for i in $(seq 200); do docker $verb 2>&1 >/dev/null | grep -m1 -o 'restarting.*, wait until .* running' && break; done; done
docker rm -f again >/dev/null`,
    out: [
      ...Array<string>(3).fill('restarting, wait until the container is running'),
      'restarting container, wait until it is running',
    ].join('\n'),
  },
];

const NETWORKS: readonly CliCase[] = [
  { docker: 'network ls', out: /bridge +bridge +local/ },
  { docker: 'network create --subnet 10.123.45.0/24 --label k=v net', out: /^[0-9a-f]{64}$/ },
  { docker: ['network', 'inspect', '-f', '{{(index .IPAM.Config 0).Subnet}}', 'net'], out: '10.123.45.0/24' },
  {
    docker: [
      'run',
      '-d',
      '--name',
      'srv',
      '--network',
      'net',
      '--network-alias',
      'web',
      'busybox',
      'sh',
      '-c',
      'mkdir /w; echo net > /w/index.html; exec httpd -f -p 80 -h /w',
    ],
    out: /^[0-9a-f]{64}$/,
  },
  {
    name: 'a name resolves',
    docker: 'run --rm --network net busybox wget -qO- http://srv/',
    out: 'net',
  },
  {
    name: 'a link resolves on a network of the user',
    docker: 'run --rm --network net --link srv:shop busybox wget -qO- http://shop/',
    out: 'net',
  },
  {
    name: 'an alias resolves',
    docker: 'run --rm --network net busybox wget -qO- http://web/',
    out: 'net',
  },
  { docker: 'run --rm --network net --ip 10.123.45.77 busybox ip -4 a', out: /10\.123\.45\.77/ },
  { docker: 'network rm net', status: 1, err: /has active endpoints/ },
  { docker: 'network inspect net', out: /"Name": "srv"/ },
  {
    shell:
      'docker run -d --name late busybox sleep 60 >/dev/null; docker network connect --alias later net late',
  },
  { docker: ['inspect', '-f', '{{len .NetworkSettings.Networks}}', 'late'], out: '2' },
  { docker: 'exec late wget -qO- http://srv/', out: 'net' },
  { docker: 'network disconnect net late' },
  { docker: ['inspect', '-f', '{{len .NetworkSettings.Networks}}', 'late'], out: '1' },
  { docker: 'rm -f srv late' },
  { docker: 'network rm net', out: 'net' },
  { docker: 'network rm bridge', status: 1, err: /pre-defined network/ },
];

const EVENTS: readonly CliCase[] = [
  { docker: 'run --rm --name ev busybox true' },
  {
    name: 'events of one run come in Docker order',
    shell: `docker events --since 1m --until $(($(date +%s) + 1)) --filter type=container --filter container=ev --format '{{.Action}}' | tr '\\n' ' '`,
    out: 'create attach start die destroy ',
  },
];

describe('docker images, volumes, networks and events', function () {
  this.timeout(60_000);
  let engine: EngineUnderTest;
  let docker: DockerCli;
  before(async function () {
    requireRoot(this);
    engine = await engineForClients();
    docker = dockerCli(engine.host);
    await docker.out(['load', '-i', await busyboxArchive()]);
  });
  after(async () => {
    docker?.close();
    await engine?.stop();
  });
  runCliTable(() => docker, SYSTEM);
  runCliTable(() => docker, IMAGES);
  runCliTable(() => docker, LINKS);
  runCliTable(() => docker, VOLUMES);
  runCliTable(() => docker, BETWEEN_RUNS);
  runCliTable(() => docker, NETWORKS);
  runCliTable(() => docker, EVENTS);
});
