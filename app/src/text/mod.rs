//! Every sentence of the screens, in Chinese and English side by side.
//!
//! Own structs of `&'static str` in place of a translation library: a key without one of its languages does not
//! compile, a misspelt key does not compile, and the browser downloads two tables and no machinery. Sentences of
//! refusals live in `domain`, beside the rules.

pub mod account;
pub mod figures;
pub mod people;
pub mod project;
pub mod review;
pub mod schema;
pub mod shell;
pub mod words;
pub mod work;

use crate::lang::use_lang;
use domain::Lang;
use leptos::prelude::*;

/// Declares a struct of texts with its Chinese and its English instance. An empty text does not compile.
macro_rules! texts {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $key:ident: $zh:literal, $en:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name { $($(#[$about])* pub $key: &'static str,)* }

        impl $name {
            /// The Chinese texts.
            pub const ZH: Self = Self { $($key: $zh,)* };
            /// The English texts.
            pub const EN: Self = Self { $($key: $en,)* };
        }

        const _: () = {
            $(assert!(!$zh.is_empty() && !$en.is_empty(), stringify!($key));)*
        };
    };
}
pub(crate) use texts;

/// All texts of one language, by area.
#[derive(Debug)]
pub struct Text {
    /// Sign-in, password, own account.
    pub account: account::AccountText,
    /// Figures and the wall.
    pub figures: figures::FiguresText,
    /// People and organizations.
    pub people: people::PeopleText,
    /// Projects, import, items, batches, exports, members.
    pub project: project::ProjectText,
    /// Review.
    pub review: review::ReviewText,
    /// The schema editor.
    pub schema: schema::SchemaText,
    /// The frame around all pages.
    pub shell: shell::ShellText,
    /// Words used on many pages.
    pub words: words::WordsText,
    /// The workbench.
    pub work: work::WorkText,
}

static ZH: Text = Text {
    account: account::AccountText::ZH,
    figures: figures::FiguresText::ZH,
    people: people::PeopleText::ZH,
    project: project::ProjectText::ZH,
    review: review::ReviewText::ZH,
    schema: schema::SchemaText::ZH,
    shell: shell::ShellText::ZH,
    words: words::WordsText::ZH,
    work: work::WorkText::ZH,
};

static EN: Text = Text {
    account: account::AccountText::EN,
    figures: figures::FiguresText::EN,
    people: people::PeopleText::EN,
    project: project::ProjectText::EN,
    review: review::ReviewText::EN,
    schema: schema::SchemaText::EN,
    shell: shell::ShellText::EN,
    words: words::WordsText::EN,
    work: work::WorkText::EN,
};

/// Picks one text out of a table; a closure without captures: `|t| t.words.save`.
pub type Pick = fn(&'static Text) -> &'static str;

/// The texts of a language.
pub fn table(lang: Lang) -> &'static Text {
    match lang {
        Lang::Zh => &ZH,
        Lang::En => &EN,
    }
}

/// A text that follows the language: for views and attributes, `{t(|t| t.words.save)}`.
pub fn t(pick: Pick) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
    let lang = use_lang();
    move || pick(table(lang.get()))
}

/// A text in the language of this moment: inside closures that run again when the language changes, and in handlers.
pub fn now(pick: Pick) -> &'static str {
    pick(table(use_lang().get()))
}

/// A page's title. The server writes it into the head when the rest is made, by when the thread may be at another person's page:
/// there it is said at once, in this one's language.
pub fn title(text: impl Fn() -> String + Send + Sync + 'static) -> TextProp {
    if cfg!(feature = "ssr") {
        let said = text();
        return TextProp::from(move || said.clone());
    }
    TextProp::from(text)
}

/// Puts values into a text: `fill("{n} 条", &[("n", "3")])`.
pub fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        match after.split_once('}') {
            Some((name, tail)) => {
                match values.iter().find(|(known, _)| *known == name) {
                    Some((_, value)) => out.push_str(value),
                    None => {
                        out.push('{');
                        out.push_str(name);
                        out.push('}');
                    }
                }
                rest = tail;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn fills_what_is_known_and_leaves_the_rest() {
        assert_eq!(fill("{n} 条，共 {all} 条", &[("n", "3"), ("all", "9")]), "3 条，共 9 条");
        assert_eq!(fill("{x} {", &[]), "{x} {");
        assert_eq!(fill("值 {v}", &[("v", "{v}")]), "值 {v}");
    }
}
