-- What was done in a project on a day that is over: the sum of its rows in day_figures, to which nobody adds any more.
CREATE TABLE project_days (
  project_id {id} NOT NULL,
  day integer NOT NULL,
  people bigint NOT NULL,
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
  PRIMARY KEY (project_id, day)
);

-- Up to where it holds is told by a fact, which must not be older than the table.
DELETE FROM facts WHERE name = 'figures.closed';
