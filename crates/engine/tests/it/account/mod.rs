mod arrival;
mod change_password;
mod session;
mod sign_in;
mod token;
