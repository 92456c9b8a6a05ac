/** Values of filters that nothing can have are refused, not answered with an empty list; texts of dockerd 28.5.2. */

import { runTable, type ApiCase } from '../support/api-table.ts';
import { onEachEngine } from '../support/each-engine.ts';

const STATES = 'created, running, paused, restarting, removing, exited, dead';

type Refusal = readonly [filter: string, message: string, isFailureThere?: 'dockerd answers 500'];

const CONTAINERS: readonly Refusal[] = [
  [
    '{"status":["foo"]}',
    `invalid filter 'status=foo': invalid value for state (foo): must be one of ${STATES}`,
  ],
  [
    '{"status":["running",""]}',
    `invalid filter 'status=': invalid value for state (): must be one of ${STATES}`,
  ],
  [
    '{"status":{"RUNNING":true}}',
    `invalid filter 'status=RUNNING': invalid value for state (RUNNING): must be one of ${STATES}`,
  ],
  [
    '{"health":["foo"]}',
    `invalid filter 'health=foo': invalid value for health (foo): must be one of none, starting, healthy, unhealthy`,
  ],
  ['{"exited":["foo"]}', `invalid filter 'exited=foo': strconv.Atoi: parsing "foo": invalid syntax`],
  ['{"exited":[""]}', `invalid filter 'exited=': strconv.Atoi: parsing "": invalid syntax`],
  [
    '{"exited":["99999999999999999999"]}',
    `invalid filter 'exited=99999999999999999999': strconv.Atoi: parsing "99999999999999999999": value out of range`,
  ],
  ['{"is-task":["foo"]}', "invalid filter 'is-task=[foo]'"],
  ['{"is-task":["true","false"]}', "invalid filter 'is-task=[true false]'"],
  [
    '{"publish":["foo"]}',
    'error while looking up for publish foo: strconv.ParseUint: parsing "foo": invalid syntax',
    'dockerd answers 500',
  ],
  [
    '{"publish":["90-80"]}',
    'error while looking up for publish 90-80: Invalid range specified for the Port: 90-80',
    'dockerd answers 500',
  ],
  [
    '{"expose":["70000"]}',
    'error while looking up for expose 70000: strconv.ParseUint: parsing "70000": value out of range',
    'dockerd answers 500',
  ],
  [
    '{"publish":[""]}',
    'error while looking up for publish : Empty string specified for ports.',
    'dockerd answers 500',
  ],
];

const OTHERS: readonly (readonly [path: string, ...Refusal])[] = [
  ['/volumes', '{"dangling":["foo"]}', "invalid filter 'dangling=[foo]'"],
  ['/volumes', '{"dangling":["TRUE"]}', "invalid filter 'dangling=[TRUE]'"],
  ['/volumes', '{"dangling":["true","false"]}', "invalid filter 'dangling=[true false]'"],
  ['/images/json', '{"dangling":["foo"]}', "invalid filter 'dangling=[foo]'"],
  ['/images/json', '{"dangling":["true","false"]}', "invalid filter 'dangling=[true false]'"],
  ['/images/json', '{"reference":["[a"]}', 'syntax error in pattern', 'dockerd answers 500'],
  ['/networks', '{"dangling":["true","false"]}', 'got more than one value for filter key "dangling"'],
  ['/networks', '{"type":["foo"]}', "invalid filter: 'type'='foo'", 'dockerd answers 500'],
];

const REFUSALS: readonly ApiCase[] = [
  ...CONTAINERS.map((refusal) => ['/containers/json', ...refusal] as const),
  ...OTHERS,
].map(([path, filter, message, naruOnly]) => ({
  ask: `GET ${path}?filters=${filter}`,
  status: 400,
  message,
  ...(naruOnly === undefined ? {} : { naruOnly }),
}));

/** A container, so that an empty answer is not one by chance. */
const ANSWERS: readonly ApiCase[] = [
  {
    ask: 'POST /containers/create?name=filtered',
    send: { Image: 'busybox', Labels: { a: '1' } },
    status: 201,
  },
  { ask: 'POST /volumes/create', send: { Name: 'filtered', Labels: { a: '1', b: '2' } }, status: 201 },
  ...[
    '{"status":["created","dead"]',
    '{"status":[]',
    '{"health":["none"]',
    '{"is-task":["0"]',
    '{"is-task":["false"]',
  ].map((filters) => ({
    ask: `GET /containers/json?all=1&filters=${filters},"name":["filtered"]}`,
    status: 200,
    has: { 0: { Names: { 0: '/filtered' } } },
  })),
  ...[
    '{"ancestor":[]',
    '{"status":["exited"]',
    '{"is-task":["1"]',
    '{"exited":["0"]',
    '{"publish":["80-90/tcp"]',
  ].map((filters) => ({
    ask: `GET /containers/json?all=1&filters=${filters},"name":["filtered"]}`,
    status: 200,
    text: '[]\n',
  })),
  ...['before', 'since'].map((key) => ({
    ask: `GET /containers/json?all=1&filters={"${key}":["nope"]}`,
    status: 404,
    message: 'No such container: nope',
  })),
  {
    ask: 'GET /volumes?filters={"label":["a","b=2"],"dangling":["1"]}',
    status: 200,
    has: { Volumes: { 0: { Name: 'filtered' } } },
  },
  { ask: 'GET /volumes?filters={"label":["a","c"]}', status: 200, text: '{"Volumes":[],"Warnings":null}\n' },
  { ask: 'DELETE /volumes/filtered', status: 204 },
  { ask: 'DELETE /containers/filtered', status: 204 },
];

describe('api: filters', function () {
  this.timeout(60_000);
  onEachEngine((engine) => {
    runTable(engine, REFUSALS);
    runTable(engine, ANSWERS);
  });
});
