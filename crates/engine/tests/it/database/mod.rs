mod nodes;
mod sqlite;
