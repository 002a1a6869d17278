//! `botyard demo` as a person meets it: started as a process, used through its chats, stopped, started again.

mod browser;
mod chat;
mod stage;
mod way;
