//! The error of every server function: a refusal in the words of `domain`, or a server that cannot be reached.
//! It never carries a cause; `engine` has logged it under the reference that people see.

use domain::{Lang, Problem};
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// Why a call came to nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppError {
    /// The server says no, and why.
    Refused(domain::Error),
    /// The server cannot be reached or does not answer in its own terms.
    Unreachable,
}

impl AppError {
    /// What happened and what to do.
    pub fn sentence(&self, lang: Lang) -> String {
        match (self, lang) {
            (AppError::Refused(error), _) => error.sentence(lang),
            (AppError::Unreachable, Lang::Zh) => "连不上服务器，请检查网络后重试。".to_owned(),
            (AppError::Unreachable, Lang::En) => {
                "The server cannot be reached. Check the network and try again.".to_owned()
            }
        }
    }

    /// The session has ended or was never there.
    pub fn wants_sign_in(&self) -> bool {
        matches!(self, AppError::Refused(domain::Error::SignInRequired))
    }

    /// The same call may succeed later.
    pub fn retryable(&self) -> bool {
        match self {
            AppError::Refused(error) => error.retryable(),
            AppError::Unreachable => true,
        }
    }

    /// The conflict, if that is what it is.
    pub fn conflict(&self) -> Option<domain::error::Conflict> {
        match self {
            AppError::Refused(domain::Error::Conflict(conflict)) => Some(*conflict),
            AppError::Refused(_) | AppError::Unreachable => None,
        }
    }

    /// The broken rules, each with its place; empty for other errors.
    pub fn problems(&self) -> &[Problem] {
        match self {
            AppError::Refused(domain::Error::Invalid(problems)) => problems,
            AppError::Refused(_) | AppError::Unreachable => &[],
        }
    }

    /// The HTTP status that goes with it.
    pub fn status(&self) -> u16 {
        match self {
            AppError::Refused(error) => error.status(),
            AppError::Unreachable => 503,
        }
    }
}

impl From<domain::Error> for AppError {
    fn from(error: domain::Error) -> Self {
        AppError::Refused(error)
    }
}

impl std::fmt::Display for AppError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.sentence(Lang::En))
    }
}

impl std::error::Error for AppError {}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        let error = match value {
            // On the server: the body was not what the function takes.
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_)
                if cfg!(feature = "ssr") =>
            {
                AppError::Refused(domain::Error::invalid(
                    "",
                    "bad-request",
                    "请求内容无法识别。",
                    "The request could not be read.",
                ))
            }
            _ => AppError::Unreachable,
        };
        #[cfg(feature = "ssr")]
        set_status(&error);
        error
    }
}

/// Gives the answer that is being made, a page or a server function's, the error's status.
#[cfg(feature = "ssr")]
pub(crate) fn set_status(error: &AppError) {
    use leptos::prelude::use_context;
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>()
        && let Ok(status) = axum::http::StatusCode::from_u16(error.status())
    {
        response.set_status(status);
    }
}
