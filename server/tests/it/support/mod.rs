//! A running site and its clients.
//!
//! `Site::new().await` serves an empty world; `site.token("ann", Member)` is a program of Ann's, `site.cookie("ann")` her
//! browser, `site.anonymous()` anybody. All three speak the same [`Client`]. Tests talk to the site like any caller;
//! only accounts and their passwords are made at once, to spare the hashing of sign-ups.

mod client;
mod job;
mod sample;

use std::future::Future;

use domain::account::PlatformRole;
use engine::testing::World;
use server::config::{File, Flags, Settings};
use server::site::Site as Files;
use server::state::Server;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

pub use client::{Answer, Client};
pub use job::{Job, text_schema};
pub use sample::sample;

/// A running server over a world of its own. It ends with the test.
pub struct Site {
    pub world: World,
    pub base: String,
    _stop: oneshot::Sender<()>,
}

pub const PASSWORD: &str = "a long password";

impl Site {
    pub async fn new() -> Site {
        Self::with("").await
    }

    /// With these lines of `terrace.toml`.
    pub async fn with(toml: &str) -> Site {
        Self::over(World::new().await, toml).await
    }

    /// Over this world.
    pub async fn over(world: World, toml: &str) -> Site {
        Self::serving(world, toml, Files::default()).await
    }

    /// Over an empty world, with these files for browsers.
    pub async fn with_files(files: Files) -> Site {
        Self::serving(World::new().await, "", files).await
    }

    async fn serving(world: World, toml: &str, files: Files) -> Site {
        let file: File = toml.parse().unwrap();
        let settings = Settings::merge(Flags::default(), file).unwrap();
        let server = Server::new(world.engine.clone(), settings);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(async move {
            let stopped = async {
                // Either the word to stop or the end of the test.
                let _ = stopped.await;
            };
            server::command::listen(listener, &server, files, stopped).await.unwrap();
        });
        Site { world, base, _stop: stop }
    }

    pub fn anonymous(&self) -> Client {
        Client::new(&self.base)
    }

    /// A program of this person's; the account is made at the first call.
    pub async fn token(&self, username: &str, role: PlatformRole) -> Client {
        let ctx = self.world.person(username, role).await;
        let made = engine::account::create_token(&ctx, "test".to_owned(), 30).await.unwrap();
        self.anonymous().with_token(&made.token)
    }

    /// The operator's program.
    pub async fn operator(&self) -> Client {
        self.token("root", PlatformRole::Operator).await
    }

    /// This person's browser, signed in; the account is made at the first call.
    pub async fn cookie(&self, username: &str) -> Client {
        self.password(username).await;
        let client = self.anonymous();
        let answer = client.sign_in(username, PASSWORD).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        client
    }

    /// Makes the account where it is missing and gives it [`PASSWORD`].
    pub async fn password(&self, username: &str) {
        self.world.person(username, PlatformRole::Member).await;
        engine::person::set_password(&self.world.engine, username, PASSWORD).await.unwrap();
    }
}

/// Asks until the answer is there, at most for half a minute of real time.
pub async fn until<T, F: Future<Output = Option<T>>>(mut ask: impl FnMut() -> F) -> T {
    for _ in 0..1_500 {
        if let Some(found) = ask().await {
            return found;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("it did not come about within half a minute");
}
