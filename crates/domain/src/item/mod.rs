//! One unit of data: what it holds and the states it passes through.

pub mod state;
pub mod tiles;

use crate::annotation::AnnotationView;
use crate::id::{BatchId, ItemId, ProjectId};
use crate::time::Millis;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
pub use state::{ItemEvent, ItemState};
pub use tiles::{Tile, Tiles};

/// What an item holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemData {
    /// A text, never normalised after import.
    Text(String),
    /// A still image.
    Image(ImageRef),
}

/// An image of an item. The URL is relative to the server and needs the caller's session or token.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImageRef {
    /// Where the original is served; renditions with `?width=`. Empty where it is stored.
    #[serde(default)]
    pub url: String,
    /// Pixels of the upright image (EXIF orientation applied).
    pub width: u32,
    /// Pixels of the upright image.
    pub height: u32,
    /// SHA-256 of the stored file, hexadecimal.
    #[serde(default)]
    pub sha256: String,
    /// The uploaded file's name.
    #[serde(default)]
    pub name: String,
    /// How it is cut into tiles, where it is large; each is served under `tiles/{level}/{column}/{row}` below the URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tiles: Option<Tiles>,
}

impl ItemData {
    /// The text of a text item.
    pub fn text(&self) -> Option<&str> {
        match self {
            ItemData::Text(text) => Some(text),
            ItemData::Image(_) => None,
        }
    }

    /// The image of an image item.
    pub fn image(&self) -> Option<&ImageRef> {
        match self {
            ItemData::Text(_) => None,
            ItemData::Image(image) => Some(image),
        }
    }
}

/// An item as people and programs see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemView {
    /// The item.
    pub id: ItemId,
    /// The uploader's own key, unique in the project.
    pub key: String,
    /// What it holds.
    pub data: ItemData,
    /// The uploader's metadata.
    pub meta: Map<String, Value>,
    /// Where it stands.
    pub state: ItemState,
}

/// A row of the item list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemRow {
    /// The item.
    pub item: ItemView,
    /// Counted annotations so far.
    pub annotations: u32,
    /// Annotations wanted.
    pub overlap: u32,
    /// The batch that holds it.
    pub batch: Option<BatchId>,
    /// Last change.
    pub updated_at: Millis,
}

/// One item with all that was done to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemDetail {
    /// The row.
    pub row: ItemRow,
    /// The project.
    pub project: ProjectId,
    /// Every annotation, oldest first.
    pub annotations: Vec<AnnotationView>,
    /// The agreed value, once there is one.
    pub value: Option<Map<String, Value>>,
}

/// Which items a list shows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ItemQuery {
    /// Only this state.
    #[serde(default)]
    pub state: Option<ItemState>,
    /// Only keys that begin so.
    #[serde(default)]
    pub key: Option<String>,
    /// The cursor of the page before.
    #[serde(default)]
    pub after: Option<String>,
    /// At most so many rows (1–500, 50 when absent).
    #[serde(default)]
    pub limit: Option<u32>,
}
