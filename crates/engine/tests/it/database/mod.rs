mod nodes;
mod pooler;
mod sqlite;
