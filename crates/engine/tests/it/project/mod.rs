mod change;
mod create;
mod markdown;
mod members;
