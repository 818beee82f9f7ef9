mod create;
mod import_roster;
mod list;
