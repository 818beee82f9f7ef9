-- What an installation remembers of itself, such as which store its files are in.
CREATE TABLE facts (
  name {text} NOT NULL,
  value text NOT NULL,
  PRIMARY KEY (name)
);
