/** Templates of --format: the parts of Go's text/template that docker's users know, over JSON. Results of docker 28.2.2. */

import assert from 'node:assert/strict';

import { compileTemplate } from '../../../client/cli/template/template.ts';
import { NaruError } from '../../../core/errors.ts';

const DATA = {
  Id: 'abcdef',
  Name: '/web',
  State: { Status: 'running', Pid: 7, Running: true },
  Config: { Env: ['A=1', 'B=2'], Labels: { z: '1', a: '2' }, Cmd: null },
  Ports: { '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '8080' }], '90/tcp': null },
};

const TEXTS: readonly (readonly [template: string, text: string])[] = [
  ['{{.Id}} {{.State.Pid}} {{.State.Running}}', 'abcdef 7 true'],
  ['{{.Config.Env}} {{.Config.Labels}}', '[A=1 B=2] map[a:2 z:1]'],
  ['{{json .State}}', '{"Status":"running","Pid":7,"Running":true}'],
  ['{{json .Nothing}}', 'null'],
  ['{{.Config.Labels.missing}}|{{index .Config.Labels "missing"}}', '<no value>|'],
  ['{{index .Config.Env 1}} {{len .Config.Env}} {{slice .Id 1 3}}', 'B=2 2 bc'],
  ['{{range .Config.Env}}[{{.}}]{{end}}', '[A=1][B=2]'],
  ['{{range $i, $e := .Config.Env}}{{$i}}={{$e}} {{$.Id}};{{end}}', '0=A=1 abcdef;1=B=2 abcdef;'],
  ['{{range $p, $c := .Ports}}{{$p}}{{range $c}}->{{.HostPort}}{{end}} {{end}}', '80/tcp->8080 90/tcp '],
  ['{{(index (index .Ports "80/tcp") 0).HostPort}}', '8080'],
  ['{{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}}', 'none'],
  ['{{if eq .State.Status "exited" "running"}}a{{else}}b{{end}}', 'a'],
  ['{{if and .State.Running (gt .State.Pid 5)}}a{{end}}{{if not .Config.Cmd}}b{{end}}', 'ab'],
  ['{{if false}}1{{else if .Id}}2{{else}}3{{end}}', '2'],
  ['{{with .State}}{{.Status}}{{end}}{{with .Config.Cmd}}x{{else}}y{{end}}', 'runningy'],
  ['{{$x := .Id}}{{if true}}{{$x = "in"}}{{end}}{{$x}}', 'in'],
  ['{{range .Config.Env}}{{if eq . "B=2"}}{{break}}{{end}}{{.}}{{end}}', 'A=1'],
  [
    '{{.Name | upper | printf "%-6s|"}}{{printf "%.2s %q %03d" .Id .Id .State.Pid}}',
    '/WEB  |ab "abcdef" 007',
  ],
  [
    '{{join .Config.Env ","}} {{split "a:b" ":"}} {{title "ab cd"}} {{truncate .Id 3}}',
    'A=1,B=2 [a b] Ab Cd abc',
  ],
  ['a {{- /* no word */ -}} b{{- "c" -}} d', 'abcd'],
  ['{{.ID}} {{.State.PID}}', 'abcdef 7'],
  ['{{println "a" 1}}{{`raw\\n`}}{{"tab\\t"}}{{\'x\'}}', 'a 1\nraw\\ntab\t120'],
];

describe('templates of --format', () => {
  for (const [template, text] of TEXTS) {
    it(template, () => assert.equal(compileTemplate(template)(DATA), text));
  }

  it('calls methods of the data with their arguments', () => {
    const label = (name: unknown): string => `<${String(name)}>`;
    assert.equal(compileTemplate('{{.Label "a"}}{{.Label "b" | upper}}')({ Label: label }), '<a><B>');
  });

  const mistakes: readonly (readonly [template: string, message: RegExp])[] = [
    ['{{.Foo}}', /there is no field \.Foo; there are Config, Id, Name, Ports, State$/],
    ['{{.State.Statu}}', /there is no field \.Statu; did you mean Status\?$/],
    ['{{.id}}', /there is no field \.id; did you mean Id\?$/],
    ['{{.Id', /not closed/],
    ['{{if .Id}}x', /\{\{if\}\} has no \{\{end\}\}/],
    ['{{end}}', /ends nothing/],
    ['{{uper .Id}}', /there is no function "uper"; did you mean upper\?$/],
    ['{{.Id "x"}}', /\.Id takes no arguments/],
    ['{{}}', /lacks a value/],
    ['{{(.Id}}', /bracket is not closed/],
    ['{{.Id)}}', /bracket is closed/],
    ['{{index .Config.Env 9}}', /index 9 of a list of 2/],
    ['{{$y}}', /no variable \$y/],
    ['{{.Id ^}}', /unexpected "\^"/],
    ['{{range .Id}}{{end}}', /range over "abcdef"/],
  ];
  for (const [template, message] of mistakes) {
    it(`says what is wrong with ${template}`, () => {
      assert.throws(
        () => compileTemplate(template)(DATA),
        (error) =>
          error instanceof NaruError && error.kind === 'invalid-argument' && message.test(error.message),
      );
    });
  }

  it('does not run away with blocks without end', () => {
    assert.throws(() => compileTemplate('{{if true}}'.repeat(5000)), /nested too deep/);
  });
});
