mod history;
mod reopen;
