/** Lists: tables, templates of tables, JSON, ids. */

import assert from 'node:assert/strict';

import { formatListing, labelField, type Listing } from '../../../client/cli/listing.ts';

interface Row {
  readonly id: string;
  readonly name: string;
}

const LISTING: Listing<Row> = {
  idOf: ({ id }) => id,
  columns: ['Name', 'ID'],
  fields: {
    ID: { head: 'ROW ID', of: ({ id }) => id },
    Name: { head: 'NAME', of: ({ name }) => name },
    Label: labelField(({ name }) => ({ 'com.example.my-role': name.toUpperCase() })),
  },
};

const ROWS = [
  { id: '1', name: 'web' },
  { id: '22', name: '나루' },
];

function listed(format?: string): string {
  return formatListing(LISTING, ROWS, format === undefined ? {} : { format });
}

describe('lists', () => {
  it('are a table by default, columns at least ten wide', () => {
    const table = 'NAME      ROW ID\nweb       1\n나루      22\n';
    assert.equal(listed(), table);
    assert.equal(listed('table'), table);
  });

  it('are a table of a template, with heads for methods, too', () => {
    assert.equal(
      listed('table {{.ID}}\\t{{.Label "com.example.my-role"}}\\t{{upper .Name}}'),
      'ROW ID    my role   NAME\n1         WEB       WEB\n22        나루      나루\n',
    );
    assert.equal(listed('table{{.ID}}'), 'ROW ID\n1\n22\n');
  });

  it('are a line per row by a template', () => {
    assert.equal(listed('{{.ID}}:{{.Name}}'), '1:web\n22:나루\n');
  });

  it('are an object per row as JSON, without methods, keys in order', () => {
    assert.equal(listed('json'), '{"ID":"1","Name":"web"}\n{"ID":"22","Name":"나루"}\n');
  });

  it('are only ids when quiet', () => {
    assert.equal(formatListing(LISTING, ROWS, { quiet: true }), '1\n22\n');
  });

  it('refuse a field that is not there', () => {
    assert.throws(() => listed('{{.Nam}}'), /no field \.Nam; did you mean Name\?/);
  });

  it('are a head alone without rows', () => {
    assert.equal(formatListing(LISTING, [], {}), 'NAME      ROW ID\n');
  });
});
