mod change;
mod create;
mod markdown;
mod members;
mod schema_impact;
