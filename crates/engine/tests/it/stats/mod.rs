mod closed;
mod room;
mod table;
mod wall;
