mod room;
mod table;
mod wall;
