//! `terrace person add|passwd`: the way in for the first operator, and for whoever lost their password.

use std::io::Read;

use clap::Subcommand;

use super::{open, say, sentence};
use crate::config::Settings;

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Add an account.
    Add {
        /// The user name: 2–40 of letters, digits, `.`, `_`, `-`.
        username: String,
        /// The platform role. Others than operators are added by an operator in the browser or over REST.
        #[arg(long, value_parser = ["operator"], default_value = "operator")]
        role: String,
        /// The name shown [default: the user name].
        #[arg(long)]
        name: Option<String>,
        /// Read the password from standard input, to its end or the first line's.
        #[arg(long, required = true)]
        password_stdin: bool,
    },
    /// Set an account's password; ends its sessions.
    Passwd {
        /// The user name.
        username: String,
        /// Read the password from standard input, to its end or the first line's.
        #[arg(long, required = true)]
        password_stdin: bool,
    },
}

pub(super) async fn run(settings: &Settings, verb: Verb) -> Result<(), String> {
    let password = read_password()?;
    let engine = open(settings).await?;
    let done = match verb {
        Verb::Add { username, name, .. } => {
            let name = name.unwrap_or_else(|| username.clone());
            engine::person::create_operator(&engine, &username, &name, &password)
                .await
                .map(|person| format!("Added the operator {}.", person.username))
        }
        Verb::Passwd { username, .. } => engine::person::set_password(&engine, &username, &password)
            .await
            .map(|()| format!("The password of {username} is set.")),
    };
    engine.close().await;
    say(done.map_err(sentence)?);
    Ok(())
}

/// The first line of standard input. A password on the command line would be seen by everybody on the machine.
fn read_password() -> Result<String, String> {
    let mut text = String::new();
    std::io::stdin()
        .take(64 * 1024)
        .read_to_string(&mut text)
        .map_err(|cause| format!("The password cannot be read from standard input: {cause}."))?;
    let password = text.lines().next().unwrap_or_default();
    if password.is_empty() {
        return Err("Give the password on standard input: echo 'a long password' | terrace person …".to_owned());
    }
    Ok(password.to_owned())
}
