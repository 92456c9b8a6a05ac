/**
 * The schema of the engine's SQLite file, as the steps that led to it: step N brings `user_version` from N to N + 1.
 * A step that was released is never edited; a change is one more step.
 */

/** SQL scripts in order; each runs in its own transaction together with the version it reaches. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE documents (
    kind TEXT NOT NULL,
    id   TEXT NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (kind, id)
  ) WITHOUT ROWID;
  CREATE TABLE sequences (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE leases (
    owner    TEXT NOT NULL,
    resource TEXT NOT NULL,
    PRIMARY KEY (owner, resource)
  ) WITHOUT ROWID;
  CREATE INDEX leases_by_resource ON leases (resource);
  `,
  // Without a rowid a search reads every document it passes whole: one of 4 MB made its neighbours' look-ups cost 10 ms.
  `
  ALTER TABLE documents RENAME TO documents_1;
  CREATE TABLE documents (
    kind TEXT NOT NULL,
    id   TEXT NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (kind, id)
  );
  INSERT INTO documents SELECT kind, id, json FROM documents_1;
  DROP TABLE documents_1;
  `,
];
