//! Icons: a small set of our own, drawn on a 16-pixel grid with strokes of the text's colour. Always beside a word or
//! inside a control with a name, so they are hidden from assistive technology.

use leptos::prelude::*;
use leptos::svg;

/// The icons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Icon {
    /// Something went wrong or wants care.
    Alert,
    /// Back, previous.
    ArrowLeft,
    /// Forward, next.
    ArrowRight,
    /// Figures.
    Chart,
    /// Right, done, accepted.
    Check,
    /// More below.
    ChevronDown,
    /// Deeper.
    ChevronRight,
    /// Waiting, time.
    Clock,
    /// Close, remove.
    Close,
    /// Dark theme.
    Dark,
    /// Take out.
    Download,
    /// To be seen.
    Eye,
    /// Hidden.
    EyeOff,
    /// A file.
    File,
    /// Settings.
    Gear,
    /// To take hold of and move.
    Grip,
    /// Help, guideline.
    Help,
    /// Home.
    Home,
    /// An image.
    Image,
    /// Bring in.
    Upload,
    /// A key or token.
    Key,
    /// The language.
    Language,
    /// Light theme.
    Light,
    /// A list.
    List,
    /// A building.
    Organization,
    /// People.
    People,
    /// A person.
    Person,
    /// Edit.
    Pencil,
    /// Cannot be changed.
    Lock,
    /// Can be changed.
    Unlock,
    /// Begin.
    Play,
    /// Stop for a while.
    Pause,
    /// Make one more.
    Plus,
    /// Projects: terraces.
    Projects,
    /// Back to its author.
    Return,
    /// Inspect.
    Review,
    /// Find.
    Search,
    /// Leave.
    SignOut,
    /// The theme of the system.
    System,
    /// Text.
    Text,
    /// Delete.
    Trash,
    /// Unusable.
    Void,
    /// The province.
    Wall,
    /// Nothing happens yet: a hollow dot.
    Dot,
    /// Move up.
    Up,
    /// Move down.
    Down,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Icon::Alert => "M8 2 1.5 13.5h13zM8 6.5v3.2M8 11.6v.2",
            Icon::ArrowLeft => "M13 8H3M7 4 3 8l4 4",
            Icon::ArrowRight => "M3 8h10M9 4l4 4-4 4",
            Icon::Chart => "M2 2v12h12M5 11V8M8 11V5M11 11V7",
            Icon::Check => "m3 8.5 3.5 3.5L13 4.5",
            Icon::ChevronDown => "m4 6 4 4 4-4",
            Icon::ChevronRight => "m6 4 4 4-4 4",
            Icon::Clock => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12M8 5v3.2l2 1.3",
            Icon::Close => "m4 4 8 8M12 4l-8 8",
            Icon::Dark => "M13.5 9.5A6 6 0 0 1 6.5 2.5 6 6 0 1 0 13.5 9.5z",
            Icon::Download => "M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11",
            Icon::Eye => {
                "M1.5 8S4 3.500 8 3.500 14.500 8 14.500 8 12 12.500 8 12.500 1.500 8 1.500 8M8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4"
            }
            Icon::EyeOff => {
                "M1.500 8S4 3.500 8 3.500 14.500 8 14.500 8 12 12.500 8 12.500 1.500 8 1.500 8M3 13.500 13 2.500"
            }
            Icon::File => "M4 1.5h5.5L13 5v9.5H4zM9 1.5V5.5h4",
            Icon::Gear => "M2 4.5h5M11 4.5h3M2 11.5h3M9 11.5h5M9 6.5v-4M7 13.5v-4",
            Icon::Grip => "M6 3v.2M10 3v.2M6 8v.2M10 8v.2M6 13v.2M10 13v.2",
            Icon::Help => {
                "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12M6.3 6.2a1.8 1.8 0 1 1 2.6 1.7c-.6.3-.9.7-.9 1.3M8 11.3v.2"
            }
            Icon::Home => "M2 7.5 8 2l6 5.5M3.5 6.5V14h9V6.5M6.5 14v-4h3v4",
            Icon::Image => "M2 3h12v10H2zM2 11l3.5-3.5 3 3L11 8l3 3M10.5 5.7v.1",
            Icon::Upload => "M8 11V3M4.5 6 8 2.5 11.5 6M2.5 13.5h11",
            Icon::Key => "M5 11.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6M7.8 7.5H14M12 7.5v3M9.5 7.5v2",
            Icon::Language => {
                "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12M2 8h12M8 2c2 1.8 2.6 3.8 2.6 6S10 12.200 8 14C6 12.200 5.400 10.200 5.400 8S6 3.800 8 2"
            }
            Icon::Light => {
                "M8 10.700a2.700 2.700 0 1 0 0-5.400 2.700 2.700 0 0 0 0 5.400M8 1.500v1.300M8 13.200v1.300M1.500 8h1.300M13.200 8h1.300M3.400 3.400l.9.9M11.700 11.700l.9.9M3.400 12.600l.9-.9M11.700 4.300l.9-.9"
            }
            Icon::List => "M5.500 4H14M5.500 8H14M5.500 12H14M2.300 4v.1M2.300 8v.1M2.300 12v.1",
            Icon::Organization => "M2 14h12M3.500 14V3h6v11M9.500 7h3v7M5.500 5.500h2M5.500 8h2M5.500 10.500h2",
            Icon::People => {
                "M6 8a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5M1.500 13.500c.3-2.500 2-4 4.500-4s4.200 1.500 4.500 4M10.500 3.300a2.500 2.500 0 0 1 0 4.500M11.500 9.800c1.800.4 2.800 1.700 3 3.700"
            }
            Icon::Person => {
                "M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6M2.500 14c.4-2.900 2.500-4.500 5.500-4.500s5.100 1.600 5.500 4.500"
            }
            Icon::Pencil => "M2.500 13.500 3.300 10l7.500-7.500 2.700 2.700L6 12.700zM9 4.300 11.700 7",
            Icon::Lock => "M3.500 7h9v6.500h-9zM5.500 7V5a2.500 2.500 0 0 1 5 0v2",
            Icon::Unlock => "M3.500 7h9v6.500h-9zM5.500 7V4.500a2.500 2.500 0 0 1 4.800-1",
            Icon::Play => "M4.500 2.500v11l9-5.500z",
            Icon::Pause => "M5 3v10M11 3v10",
            Icon::Plus => "M8 3v10M3 8h10",
            Icon::Projects => {
                "M1.500 13.500h13M1.500 10.500c2.500-2 4.500-.5 6.500-1.500s4-1.500 6.500 0M1.500 7.500C4 5.500 6 7 8 6s4-1.500 6.500 0M3.500 4c1.500-1.200 3-.4 4.500-1s3-.8 4.500 0"
            }
            Icon::Return => "M5.500 3 2.500 6l3 3M2.500 6h7a4 4 0 0 1 0 8H6",
            Icon::Review => "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10M10.700 10.700 14 14M5 7l1.500 1.500L9.200 5.600",
            Icon::Search => "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10M10.700 10.700 14 14",
            Icon::SignOut => "M6.500 2.500h-4v11h4M6 8h8M11 5l3 3-3 3",
            Icon::System => "M1.500 3h13v8h-13zM5.500 14h5M8 11v3",
            Icon::Text => "M3 4V2.500h10V4M8 2.500v11M6 13.500h4",
            Icon::Trash => "M2.500 4h11M6 4V2.500h4V4M4 4l.7 9.500h6.600L12 4M6.700 6.500v4.500M9.300 6.500v4.500",
            Icon::Void => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12M3.800 3.800l8.400 8.400",
            Icon::Wall => "M1.500 12.500 5.500 5l3 5 2-3 4 5.500zM12 3.500v.1",
            Icon::Dot => "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6",
            Icon::Up => "M8 13V3M4 7l4-4 4 4",
            Icon::Down => "M8 3v10M4 9l4 4 4-4",
        }
    }
}

/// An icon as wide as the text is high.
pub fn icon(which: Icon) -> AnyView {
    svg::svg()
        .attr("class", "icon")
        .attr("viewBox", "0 0 16 16")
        .attr("aria-hidden", "true")
        .child(svg::path().attr("d", which.path()))
        .into_any()
}
