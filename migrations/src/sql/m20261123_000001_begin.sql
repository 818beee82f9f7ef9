-- The first schema. `{id}` is `uuid` on PostgreSQL and `blob` on SQLite; `{text}` is text that both compare and sort by its
-- bytes, whatever language the PostgreSQL server speaks; moments are UTC milliseconds; JSON is text.

CREATE TABLE regions (
  slug {text} NOT NULL,
  zh text NOT NULL,
  en text NOT NULL,
  gb_code text,
  position integer NOT NULL,
  PRIMARY KEY (slug)
);

CREATE TABLE organizations (
  id {id} NOT NULL,
  name {text} NOT NULL,
  region {text} NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (name)
);

CREATE TABLE teams (
  id {id} NOT NULL,
  organization_id {id} NOT NULL,
  name {text} NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (organization_id, name)
);

CREATE TABLE people (
  id {id} NOT NULL,
  username {text} NOT NULL,
  name {text} NOT NULL,
  role text NOT NULL,
  organization_id {id},
  team_id {id},
  password_hash text NOT NULL,
  must_change_password boolean NOT NULL,
  active boolean NOT NULL,
  lang text,
  created_at bigint NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (username)
);

CREATE INDEX people_organization_id_username ON people (organization_id, username);

CREATE TABLE sessions (
  id {text} NOT NULL,
  person_id {id},
  data text NOT NULL,
  expires_at bigint NOT NULL,
  PRIMARY KEY (id)
);

CREATE INDEX sessions_expires_at ON sessions (expires_at);

CREATE INDEX sessions_person_id ON sessions (person_id);

CREATE TABLE tokens (
  id {id} NOT NULL,
  person_id {id} NOT NULL,
  name {text} NOT NULL,
  hash {text} NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  revoked_at bigint,
  last_used_at bigint,
  PRIMARY KEY (id),
  UNIQUE (hash)
);

CREATE INDEX tokens_person_id ON tokens (person_id);

CREATE TABLE throttles (
  key {text} NOT NULL,
  failures integer NOT NULL,
  window_start bigint NOT NULL,
  locked_until bigint NOT NULL,
  PRIMARY KEY (key)
);

CREATE TABLE projects (
  id {id} NOT NULL,
  name {text} NOT NULL,
  modality text NOT NULL,
  field text,
  status text NOT NULL,
  settings text NOT NULL,
  schema_version integer NOT NULL,
  guideline_version integer NOT NULL,
  next_ordinal bigint NOT NULL,
  next_batch integer NOT NULL,
  queue_epoch integer NOT NULL,
  created_by {id} NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (name)
);

CREATE TABLE schemas (
  project_id {id} NOT NULL,
  version integer NOT NULL,
  body text NOT NULL,
  created_by {id} NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (project_id, version)
);

CREATE TABLE guidelines (
  project_id {id} NOT NULL,
  version integer NOT NULL,
  body text NOT NULL,
  created_by {id} NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (project_id, version)
);

CREATE TABLE members (
  project_id {id} NOT NULL,
  person_id {id} NOT NULL,
  role text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (project_id, person_id)
);

CREATE INDEX members_person_id ON members (person_id);

-- A count is the sum of its shards: thousands of submits a second into one project would otherwise wait in line for one
-- row, each for the commit before it. A shard alone may be below zero.
CREATE TABLE project_counts (
  project_id {id} NOT NULL,
  state {text} NOT NULL,
  shard integer NOT NULL,
  n bigint NOT NULL,
  PRIMARY KEY (project_id, state, shard)
);

-- Few rows that change with every submit: half-empty pages keep the new versions beside the old ones (updates in place of
-- the index), and vacuum comes by the number of dead rows, since a share of so few is reached all the time or never.
{postgres} ALTER TABLE project_counts SET (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);

CREATE TABLE blobs (
  hash {text} NOT NULL,
  bytes bigint NOT NULL,
  media_type text NOT NULL,
  width integer,
  height integer,
  created_at bigint NOT NULL,
  PRIMARY KEY (hash)
);

CREATE TABLE items (
  id {id} NOT NULL,
  project_id {id} NOT NULL,
  key {text} NOT NULL,
  content_hash {text} NOT NULL,
  data text NOT NULL,
  meta text NOT NULL,
  state {text} NOT NULL,
  overlap integer NOT NULL,
  filled integer NOT NULL,
  free integer NOT NULL,
  lane integer NOT NULL,
  sort_key bigint NOT NULL,
  batch_id {id},
  value text,
  finished_at bigint,
  import_id {id},
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (project_id, key),
  UNIQUE (project_id, content_hash),
  CHECK (free >= 0 AND filled >= 0 AND free + filled <= overlap)
);

CREATE INDEX items_ready ON items (project_id, lane, sort_key) WHERE state = 'open' AND free > 0;

CREATE INDEX items_labeled ON items (project_id, finished_at, id) WHERE state = 'labeled';

CREATE INDEX items_project_id_state_id ON items (project_id, state, id);

CREATE INDEX items_project_id_id ON items (project_id, id);

-- An item changes its row about four times (slot taken, filled, labeled, reviewed) on the page on which it lies: one part in
-- six is left free for that. Autovacuum waits for a fifth of a table by default, which at ten million items is two million
-- dead entries in front of `items_ready`; here it comes after one in a hundred, and works without pauses because claims wait
-- for what it clears.
{postgres} ALTER TABLE items SET (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 2000, autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);

CREATE TABLE claims (
  id {id} NOT NULL,
  project_id {id} NOT NULL,
  item_id {id} NOT NULL,
  person_id {id} NOT NULL,
  kind {text} NOT NULL,
  state {text} NOT NULL,
  claimed_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  draft text,
  draft_sequence bigint NOT NULL,
  draft_active_ms bigint NOT NULL,
  draft_saved_at bigint,
  rework_id {id},
  submit_key text,
  request_hash text,
  ended_at bigint,
  PRIMARY KEY (id)
);

CREATE UNIQUE INDEX claims_one_slot ON claims (item_id, person_id) WHERE kind = 'label' AND state IN ('live', 'submitted', 'skipped');

CREATE UNIQUE INDEX claims_one_rework ON claims (rework_id) WHERE state = 'live' AND rework_id IS NOT NULL;

CREATE INDEX claims_held ON claims (person_id, project_id) WHERE state = 'live';

CREATE INDEX claims_expiry ON claims (project_id, expires_at) WHERE state = 'live';

-- Says nothing about drafts: PostgreSQL would then enter every saved draft, one for each person in five seconds, into all
-- indexes of the table anew.
CREATE INDEX claims_left ON claims (item_id, person_id) WHERE state IN ('expired', 'released');

-- A live claim's row is rewritten by each draft, in place as long as its page has room; and dead versions of drafts are
-- large, so that vacuum comes early.
{postgres} ALTER TABLE claims SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 2000, autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

CREATE TABLE cursors (
  project_id {id} NOT NULL,
  person_id {id} NOT NULL,
  epoch integer NOT NULL,
  sort_key bigint NOT NULL,
  PRIMARY KEY (project_id, person_id)
);

CREATE TABLE reworks (
  id {id} NOT NULL,
  project_id {id} NOT NULL,
  item_id {id} NOT NULL,
  person_id {id} NOT NULL,
  annotation_id {id} NOT NULL,
  batch_id {id},
  reason text,
  comment text,
  own boolean NOT NULL,
  state {text} NOT NULL,
  returned_at bigint NOT NULL,
  done_at bigint,
  PRIMARY KEY (id)
);

CREATE UNIQUE INDEX reworks_one_open ON reworks (annotation_id) WHERE state = 'open';

CREATE INDEX reworks_open ON reworks (person_id, project_id, returned_at) WHERE state = 'open';

CREATE INDEX reworks_item_id ON reworks (item_id);

CREATE TABLE annotations (
  id {id} NOT NULL,
  project_id {id} NOT NULL,
  item_id {id} NOT NULL,
  person_id {id} NOT NULL,
  kind {text} NOT NULL,
  revision integer NOT NULL,
  counted boolean NOT NULL,
  value text NOT NULL,
  schema_version integer NOT NULL,
  guideline_version integer NOT NULL,
  active_ms bigint NOT NULL,
  raw_ms bigint NOT NULL,
  submitted_at bigint NOT NULL,
  claim_id {id},
  PRIMARY KEY (id),
  UNIQUE (item_id, person_id, kind, revision),
  UNIQUE (claim_id)
);

CREATE INDEX annotations_project_id_person_id_submitted_at ON annotations (project_id, person_id, submitted_at);

CREATE TABLE batches (
  id {id} NOT NULL,
  project_id {id} NOT NULL,
  number integer NOT NULL,
  size integer NOT NULL,
  state {text} NOT NULL,
  filter text,
  created_by {id} NOT NULL,
  created_at bigint NOT NULL,
  decided_at bigint,
  decided_by {id},
  decision text,
  reason text,
  PRIMARY KEY (id),
  UNIQUE (project_id, number)
);

CREATE INDEX batches_project_id_state ON batches (project_id, state);

CREATE TABLE batch_items (
  batch_id {id} NOT NULL,
  item_id {id} NOT NULL,
  position integer NOT NULL,
  outcome text,
  PRIMARY KEY (batch_id, item_id)
);

CREATE INDEX batch_items_item_id ON batch_items (item_id);

CREATE TABLE inspections (
  id {id} NOT NULL,
  batch_id {id} NOT NULL,
  project_id {id} NOT NULL,
  reviewer_id {id} NOT NULL,
  plan text NOT NULL,
  seed text NOT NULL,
  lot_hash text NOT NULL,
  n integer NOT NULL,
  ac integer NOT NULL,
  re integer NOT NULL,
  passed integer NOT NULL,
  failed integer NOT NULL,
  fixed integer NOT NULL,
  started_at bigint NOT NULL,
  ended_at bigint,
  PRIMARY KEY (id)
);

CREATE INDEX inspections_batch_id ON inspections (batch_id);

CREATE INDEX inspections_reviewer_id ON inspections (reviewer_id);

CREATE TABLE samples (
  inspection_id {id} NOT NULL,
  item_id {id} NOT NULL,
  position integer NOT NULL,
  verdict text,
  reason text,
  comment text,
  annotations text,
  fix_value text,
  judged_at bigint,
  PRIMARY KEY (inspection_id, item_id)
);

CREATE TABLE verdicts (
  inspection_id {id} NOT NULL,
  annotation_id {id} NOT NULL,
  item_id {id} NOT NULL,
  batch_id {id} NOT NULL,
  reviewer_id {id} NOT NULL,
  verdict text NOT NULL,
  reason text,
  comment text,
  judged_at bigint NOT NULL,
  PRIMARY KEY (inspection_id, annotation_id)
);

CREATE INDEX verdicts_item_id ON verdicts (item_id);

CREATE INDEX verdicts_annotation_id ON verdicts (annotation_id);

CREATE TABLE day_figures (
  project_id {id} NOT NULL,
  person_id {id} NOT NULL,
  day integer NOT NULL,
  organization_id {id},
  submitted bigint NOT NULL,
  accepted bigint NOT NULL,
  rework bigint NOT NULL,
  returned bigint NOT NULL,
  skipped bigint NOT NULL,
  extra bigint NOT NULL,
  inspected bigint NOT NULL,
  passed bigint NOT NULL,
  reviewed bigint NOT NULL,
  active_ms bigint NOT NULL,
  raw_ms bigint NOT NULL,
  PRIMARY KEY (project_id, person_id, day)
);

-- One row for each person at work, rewritten by each submit.
{postgres} ALTER TABLE day_figures SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);

CREATE INDEX day_figures_day_person_id ON day_figures (day, person_id);

CREATE INDEX day_figures_person_id_day ON day_figures (person_id, day);

CREATE TABLE events (
  id {id} NOT NULL,
  at bigint NOT NULL,
  person_id {id},
  project_id {id},
  item_id {id},
  kind {text} NOT NULL,
  data text NOT NULL,
  PRIMARY KEY (id)
);

CREATE INDEX events_item_id_id ON events (item_id, id);

CREATE INDEX events_project_id_id ON events (project_id, id);

CREATE TABLE imports (
  id {id} NOT NULL,
  project_id {id} NOT NULL,
  created_by {id} NOT NULL,
  state {text} NOT NULL,
  name {text} NOT NULL,
  options text NOT NULL,
  format text NOT NULL,
  encoding text,
  upload text NOT NULL,
  read bigint NOT NULL,
  added bigint NOT NULL,
  duplicates bigint NOT NULL,
  rejected bigint NOT NULL,
  bytes_total bigint NOT NULL,
  bytes_done bigint NOT NULL,
  position bigint NOT NULL,
  error text,
  created_at bigint NOT NULL,
  finished_at bigint,
  lease_until bigint NOT NULL,
  attempts integer NOT NULL,
  PRIMARY KEY (id)
);

CREATE INDEX imports_project_id_id ON imports (project_id, id);

CREATE INDEX imports_waiting ON imports (lease_until) WHERE state IN ('queued', 'running');

CREATE TABLE import_problems (
  import_id {id} NOT NULL,
  position bigint NOT NULL,
  line bigint,
  name text,
  code text NOT NULL,
  message text NOT NULL,
  sample text,
  PRIMARY KEY (import_id, position)
);

CREATE TABLE exports (
  id {id} NOT NULL,
  project_id {id} NOT NULL,
  created_by {id} NOT NULL,
  state {text} NOT NULL,
  format text NOT NULL,
  only_items text NOT NULL,
  total bigint NOT NULL,
  done bigint NOT NULL,
  bytes bigint,
  sha256 text,
  file_name text,
  losses text NOT NULL,
  manifest text,
  error text,
  created_at bigint NOT NULL,
  finished_at bigint,
  lease_until bigint NOT NULL,
  attempts integer NOT NULL,
  PRIMARY KEY (id)
);

CREATE INDEX exports_project_id_id ON exports (project_id, id);

CREATE INDEX exports_waiting ON exports (lease_until) WHERE state IN ('queued', 'running');

CREATE TABLE idempotency_keys (
  key {text} NOT NULL,
  request_hash text NOT NULL,
  status integer NOT NULL,
  response text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (key)
);

CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);
